#!/usr/bin/env python3
"""Sums against the known ones, and the figures of a run of bench/policy/run."""
import json
import pathlib
import sys

work, known = pathlib.Path(sys.argv[1]), json.load(open(sys.argv[2]))


def read(name):
    return json.loads((work / f"{name}.json").read_text())


def sums(run):
    return {clause["id"]: [clause["eligible"], clause["total_fen"] / 100] for clause in run["clauses"]}


good = True
for count in ("1000", "10000", "100000", "1000000"):
    same = sums(read(count)) == known[count]
    good &= same
    print(f"{count} organisations x 40: {'every count and sum is the known one' if same else 'WRONG SUMS'}")
others = read("others")
for name, engine in others.items():
    wrong = [rule for rule, value in engine["sums"].items() if value != known["1000000"][rule]]
    print(f"{name}: {engine['seconds']:.3f} s, {engine['seconds'] * 25:.1f} ns per evaluation, wrong rules: {wrong}")
for kind in ("full", "holes"):
    seconds = [read(f"{kind}.{turn}")["seconds_evaluate"] for turn in (1, 2, 3)]
    peak = max(read(f"{kind}.{turn}")["peak_memory_bytes"] for turn in (1, 2, 3)) / 1e6
    load = min(read(f"{kind}.{turn}")["seconds_load"] for turn in (1, 2, 3))
    what = "all known" if kind == "full" else "20 % unknown"
    print(f"jinmen, {what}: {min(seconds):.3f} s, {min(seconds) * 25:.1f} ns per evaluation; "
          f"reading CSV {load:.2f} s; peak {peak:.0f} MB")
parquet = read("parquet")
same = sums(parquet) == known["1000000"]
good &= same
print(f"jinmen from Parquet: {'the known sums' if same else 'WRONG SUMS'}; reading {parquet['seconds_load']:.2f} s; "
      f"peak {parquet['peak_memory_bytes'] / 1e6:.0f} MB")
for name in ("large", "large-parquet"):
    if (work / f"{name}.json").exists():
        large = read(name)
        print(f"jinmen, {large['organizations']} organisations ({name}): peak {large['peak_memory_bytes'] / 1e6:.0f} MB")
for name, what in (("proof", "all known"), ("proof-holes", "20 % unknown")):
    proof = read(name)
    print(f"proof of {proof['clauses']} clauses for one organisation, {what}: {proof['milliseconds']:.3f} ms "
          f"(mean of {proof['organizations']})")
simulated = read("simulated")
before, after = read("100000"), read("changed")
full = sum(clause["total_fen"] for clause in after["clauses"]) - sum(clause["total_fen"] for clause in before["clauses"])
same = full == simulated["difference_fen"]
good &= same
print(f"simulation of one parameter over 100,000 x 40: {simulated['seconds_evaluate']:.4f} s, "
      f"{'equal to' if same else 'NOT'} the difference of two runs ({full} fen)")
sys.exit(not good)
