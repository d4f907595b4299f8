#!/usr/bin/env python3
"""Measures jinmen assign beside OR-tools and HiGHS, interleaved, and checks every answer. See README.md."""
import argparse
import glob
import json
import os
import statistics
import subprocess
import sys
import tempfile

from check import bound, verify

HERE = os.path.dirname(os.path.abspath(__file__))


def ask(command, infeasible=False):
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0 or (infeasible and done.returncode == 1), f"{command}: {done.stderr}"
    return json.loads(done.stdout)


def jinmen(options, path, folder, *more):
    pairs, proof = os.path.join(folder, "pairs.csv"), os.path.join(folder, "proof.npz")
    command = [options.program, "assign", "--npz", path, "--format", "json", "--out", pairs, "--proof", proof, *more]
    return ask(command, infeasible=True), pairs, proof


def near(one, other):
    return abs(one - other) <= 1e-6 * max(1, abs(other))


def optimum(options, name, path, folder):
    ours, theirs = [], []
    for _ in range(options.rounds):
        answer, pairs, proof = jinmen(options, path, folder)
        ours.append(answer)
        theirs.append(ask([sys.executable, os.path.join(HERE, "ortools_peer.py"), path]))
    total, _ = verify(path, pairs)
    assert answer["optimal"] and near(total, answer["objective"]) and near(bound(path, proof), total), "the proof fails"
    assert not theirs[0]["optimal"] or near(theirs[0]["objective"], total) or abs(theirs[0]["objective"] - total) < 1e-3
    mine = statistics.median(one["seconds_build"] + one["seconds_solve"] for one in ours)
    peer = statistics.median(one["seconds"] for one in theirs)
    memory = max(one["peak_memory_bytes"] for one in ours), min(one["peak_memory_bytes"] for one in theirs)
    print(f"| {name} | {total:.4f} | {mine:.4f} | {peer:.3f} | {peer / mine:.1f} | {memory[0] / 1e6:.0f} | "
          f"{memory[1] / 1e6:.0f} | {memory[1] / memory[0]:.1f} |", flush=True)


def fair(options, name, path, folder):
    answer, pairs, _ = jinmen(options, path, folder, "--fair")
    total, floor = verify(path, pairs)
    assert near(total, answer["objective"]) and near(floor, answer["min_entry"])
    mine = answer["seconds_build"] + answer["seconds_solve"]
    peer = ask([sys.executable, os.path.join(HERE, "highs_peer.py"), path, str(options.highs)])
    theirs = f"{peer['floor']} / {peer['sum']}" + ("" if peer["finished"] else " (unfinished)")
    print(f"| {name} | {floor:.4f} / {total:.4f} | {mine:.4f} | {theirs} | {peer['seconds']:.3f} | "
          f"{peer['seconds'] / mine:.0f} |", flush=True)


def side_rules(options, name, path, folder):
    answer, pairs, _ = jinmen(options, path, folder, "--one-per-institution", "--one-senior")
    if not answer["feasible"]:
        print(f"| {name} | none: {answer['blocking']['message']} | | | |", flush=True)
        return
    total, _ = verify(path, pairs, institution=True, senior=True)
    assert answer["violations"] == 0 and near(total, answer["objective"])
    gap = 100 * (1 - total / answer["bound"])
    print(f"| {name} | {total:.4f} | {answer['bound']:.4f} | {gap:.4f} % | {answer['seconds_solve']:.3f} |", flush=True)


def by_lot(options, name, path, folder):
    answer, pairs, _ = jinmen(options, path, folder, "--quality", "0.95", "--seed", "2021")
    verify(path, pairs)
    spread = answer["randomised"]
    print(f"| {name} | {spread['quality']:.4f} | {spread['max_probability']:.3f} | {spread['average_max']:.3f} | "
          f"{spread['support']} | {spread['entropy']:.0f} | {spread['l2']:.2f} | {answer['seconds_solve']:.2f} |", flush=True)


def table(title, heading, rows):
    print(f"\n{title}\n\n| {' | '.join(heading)} |\n|{' --- |' * len(heading)}", flush=True)
    for row in rows:
        row()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", required=True)
    parser.add_argument("--generated", required=True, help="a folder with the archives of generate.py")
    parser.add_argument("--instances", help="a folder with further archives")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--highs", type=float, default=600, help="seconds for HiGHS; 0 leaves the fair mode out")
    options = parser.parse_args()
    archives = lambda folder: [(os.path.basename(path)[:-4], path) for path in sorted(glob.glob(folder + "/*.npz"))]
    large = archives(options.generated)
    small = archives(options.instances) if options.instances else []
    with tempfile.TemporaryDirectory() as folder:
        table("Exact optimum: CPU seconds from scores in memory to pairs, MB at the peak.",
              ["instance", "optimum", "jinmen", "OR-tools", "times faster", "MB", "OR-tools MB", "times less"],
              [lambda one=one: optimum(options, *one, folder) for one in small + large])
        if options.highs > 0:
            table("Fair: highest floor / largest sum at it.",
                  ["instance", "jinmen", "seconds", "HiGHS", "seconds", "times faster"],
                  [lambda one=one: fair(options, *one, folder) for one in small])
        table("One judge per institution and one senior at once, no violation.",
              ["instance", "sum", "bound", "gap", "seconds"],
              [lambda one=one: side_rules(options, *one, folder) for one in large])
        table("By lot at 95 % of the optimum.",
              ["instance", "quality", "largest probability", "mean largest", "support", "entropy", "L2", "seconds"],
              [lambda one=one: by_lot(options, *one, folder) for one in small if one[0].startswith("aamas")])


if __name__ == "__main__":
    main()
