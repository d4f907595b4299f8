#!/usr/bin/env python3
"""Measures jinmen rank against a known truth, beside the mean and BLUP told the true variances. See README.md."""
import argparse
import json
import os
import subprocess
import tempfile
import time

import numpy as np

ENTRIES, JUDGES = 200, 30
SETTINGS = {  # scores per entry, spread of the judges' bias, of their gain, fixed panels
    "random, 3 scores, bias 0.8": (3, 0.8, 0.15, False),
    "random, 5 scores, bias 0.8": (5, 0.8, 0.15, False),
    "random, 3 scores, bias 1.5": (3, 1.5, 0.30, False),
    "random, 3 scores, no bias": (3, 0.0, 0.00, False),
    "fixed panels, 3 scores, bias 0.8": (3, 0.8, 0.15, True),
}


def simulate(setting, lots):
    each, spread, gains, panels = setting
    truth = lots.normal(5.5, 1.2, ENTRIES)
    bias, gain = lots.normal(0, spread, JUDGES), lots.normal(0, gains, JUDGES)
    load, places = np.zeros(JUDGES), []
    for at in range(ENTRIES):
        # A panel, or those who have least to do so far, by lot.
        here = 3 * (at % 10) + np.arange(3) if panels else np.lexsort((lots.random(JUDGES), load))[:each]
        load[here] += 1
        places.append(here)
    entry, judge = np.repeat(np.arange(ENTRIES), each), np.concatenate(places)
    score = 5.5 + (truth[entry] - 5.5) * (1 + gain[judge]) + bias[judge] + lots.normal(0, 0.9, len(entry))
    return truth, entry, judge, np.clip(np.rint(score), 1, 10)


def means(entry, score):
    return np.bincount(entry, score, ENTRIES) / np.bincount(entry, minlength=ENTRIES)


def blup(entry, judge, score, spread):
    """Henderson's equations with the variances of the simulation."""
    size = 1 + ENTRIES + JUDGES
    design = np.zeros((len(score), size))
    rows = np.arange(len(score))
    design[:, 0] = 1
    design[rows, 1 + entry] = 1
    design[rows, 1 + ENTRIES + judge] = 1
    penalty = np.zeros(size)
    penalty[1 : 1 + ENTRIES] = 0.9**2 / 1.2**2
    penalty[1 + ENTRIES :] = 0.9**2 / max(spread, 1e-6) ** 2
    return np.linalg.solve(design.T @ design + np.diag(penalty), design.T @ score)[1 : 1 + ENTRIES]


def kendall(truth, estimate, lots):
    """Ties of the estimate are broken by lot."""
    order = np.lexsort((lots.random(len(estimate)), np.round(estimate, 9)))
    rank = np.empty(len(order))
    rank[order] = np.arange(len(order))
    upper = np.triu_indices(len(truth), 1)
    return float((np.sign(truth[upper[0]] - truth[upper[1]]) * np.sign(rank[upper[0]] - rank[upper[1]])).mean())


def rank(program, path, method):
    begun = time.perf_counter()
    done = subprocess.run(
        [program, "rank", "--scores", path, "--method", method, "--format", "json"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), time.perf_counter() - begun


def write(path, entry, judge, score):
    with open(path, "w") as file:
        file.write("judge,entry,score\n")
        file.writelines(f"j{j},{e},{s:g}\n" for j, e, s in zip(judge, entry, score))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", required=True)
    parser.add_argument("--seeds", type=int, default=60)
    options = parser.parse_args()
    pooled = []
    print("| setting | mean | BLUP told the variances | Jinmen | less | coverage | connected |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "scores.csv")
        for name, setting in SETTINGS.items():
            taus, inside, connected = [], [], set()
            for seed in range(options.seeds):
                lots = np.random.default_rng(seed)
                truth, entry, judge, score = simulate(setting, lots)
                write(path, entry, judge, score)
                answer, _ = rank(options.program, path, "calibrated")
                found = {int(one["entry"]): one for one in answer["entries"]}
                column = lambda key: np.array([found[at][key] for at in range(ENTRIES)])
                connected.add(answer["connected"])
                inside.append(((column("low") <= truth) & (truth <= column("high"))).mean())
                ours = kendall(truth, column("score"), lots)
                taus.append((kendall(truth, means(entry, score), lots), kendall(truth, blup(entry, judge, score, setting[1]), lots), ours))
            mean, told, ours = np.mean(taus, axis=0)
            pooled.append(np.mean(inside))
            print(f"| {name} | {mean:.4f} | {told:.4f} | {ours:.4f} | {told - ours:.4f} | {np.mean(inside):.1%} | "
                  f"{sorted(connected)} |", flush=True)
        print(f"\nCoverage of the 90 % intervals, pooled: {np.mean(pooled):.1%}\n")
        lots = np.random.default_rng(1)
        entry = np.repeat(np.arange(10_000), 3)
        judge = np.concatenate([lots.choice(1000, 3, replace=False) for _ in range(10_000)])
        score = np.clip(np.rint(lots.normal(5.5, 1.2, 10_000)[entry] + lots.normal(0, 0.8, 1000)[judge] + lots.normal(0, 0.9, 30_000)), 1, 10)
        write(path, entry, judge, score)
        for method in ("mean", "calibrated"):
            seconds = [rank(options.program, path, method)[1] for _ in range(5)]
            print(f"10,000 entries × 1,000 judges × 3 scores, {method}: {min(seconds):.3f} s elapsed, start and reading included")


if __name__ == "__main__":
    main()
