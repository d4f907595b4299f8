#!/usr/bin/env python3
"""Makes an assignment problem of a real conference's size: generate.py SIZE OUT.npz [--seed N]

Judges and entries mix few of sixty topics each; a pair's affinity is how much the mixtures overlap, blurred. Most pairs
are poor, a few are good, one in 250 is a conflict. Scores are whole numbers of 1/10000.
"""
import argparse

import numpy as np

# judges, entries, judges an entry needs, range of least loads, range of largest loads
SIZES = {
    "aamas": (201, 613, 3, (0, 0), (12, 12)),
    "iclr": (2700, 900, 3, (0, 0), (6, 6)),
    "cvpr": (1400, 2600, 3, (2, 2), (6, 6)),
    "cvpr2018": (2840, 5060, 3, (2, 5), (6, 9)),
}
TOPICS = 60


def mixtures(lots, count, focus):
    return np.sqrt(lots.dirichlet(np.full(TOPICS, focus), count)).astype(np.float32)


def generate(size, seed):
    judges, entries, demand, least, most = SIZES[size]
    lots = np.random.Generator(np.random.PCG64(seed))
    overlap = mixtures(lots, judges, 0.08) @ mixtures(lots, entries, 0.05).T
    blurred = overlap * lots.beta(4, 2, overlap.shape).astype(np.float32)
    scores = np.rint(np.clip(blurred, 0, 1) * 10000).astype(np.int32)
    conflict = (lots.random(scores.shape) < 0.004).astype(np.uint8)
    scores[conflict != 0] = 0
    return {
        "scores": scores,
        "scale": np.int32(10000),
        "conflict": conflict,
        "demand": np.full(entries, demand, np.int32),
        "load_min": lots.integers(least[0], least[1] + 1, judges).astype(np.int32),
        "load_max": lots.integers(most[0], most[1] + 1, judges).astype(np.int32),
        "institution": lots.integers(0, max(1, judges // 8), judges).astype(np.int32),
        "senior": (lots.random(judges) < 0.25).astype(np.uint8),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("size", choices=SIZES)
    parser.add_argument("out")
    parser.add_argument("--seed", type=int, default=2021)
    options = parser.parse_args()
    np.savez_compressed(options.out, **generate(options.size, options.seed))
