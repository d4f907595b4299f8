"""Checks answers from the input alone, in a few lines that share nothing with the program."""
import csv

import numpy as np


def load(path):
    """scores in true units, conflict, load_min, load_max, demand, and the rest of the archive."""
    archive = np.load(path)
    scores = archive["scores"].astype(np.float64) / float(archive["scale"] if "scale" in archive else 1)
    judges = scores.shape[0]
    conflict = archive["conflict"] != 0 if "conflict" in archive else np.zeros(scores.shape, bool)
    load_min = archive["load_min"].astype(np.int64) if "load_min" in archive else np.zeros(judges, np.int64)
    return scores, conflict, load_min, archive["load_max"].astype(np.int64), archive["demand"].astype(np.int64), archive


def bound(path, proof):
    """What no assignment exceeds, by weak duality: true for any prices whatever."""
    scores, conflict, load_min, load_max, demand, _ = load(path)
    prices = np.load(proof)
    p, q = prices["judge_price"], prices["entry_price"]
    above = np.maximum(scores - p[:, None] - q, 0)[~conflict].sum()
    return (demand * q).sum() + (load_max * np.maximum(p, 0) + load_min * np.minimum(p, 0)).sum() + above


def verify(path, pairs, institution=False, senior=False):
    """The sum and the lowest total of an assignment; fails if it breaks anything."""
    scores, conflict, load_min, load_max, demand, archive = load(path)
    chosen = np.zeros(scores.shape, np.int64)
    with open(pairs, newline="") as table:
        for row in csv.DictReader(table):
            chosen[int(row["judge"]), int(row["entry"])] += 1
    loads = chosen.sum(1)
    assert chosen.max() <= 1 and not (chosen[conflict] > 0).any(), "a pair twice, or a conflict"
    assert (chosen.sum(0) == demand).all(), "a demand is not met"
    assert (loads >= load_min).all() and (loads <= load_max).all(), "a load is out of bounds"
    for entry in range(scores.shape[1]):
        judges = np.flatnonzero(chosen[:, entry])
        if institution:
            of = archive["institution"][judges]
            assert len(set(of)) == len(of), "two judges of an institution"
        if senior:
            assert archive["senior"][judges].any(), "no senior judge"
    totals = (scores * chosen).sum(0)
    return totals.sum(), totals.min()
