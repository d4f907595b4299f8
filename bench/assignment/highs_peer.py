#!/usr/bin/env python3
"""The fair problem by HiGHS: highs_peer.py FILE.npz SECONDS finds the highest floor, then the largest sum at it."""
import json
import sys
import time

import numpy as np
import scipy.sparse as sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from check import load

scores, conflict, load_min, load_max, demand, _ = load(sys.argv[1])
options = {"time_limit": float(sys.argv[2]), "mip_rel_gap": 0}
rows, columns = np.nonzero(~conflict)
count, (judges, entries) = len(rows), scores.shape
worth, ones, each = scores[rows, columns], np.ones(count), np.arange(count)
by_entry = sparse.csr_matrix((ones, (columns, each)), (entries, count))
by_judge = sparse.csr_matrix((ones, (rows, each)), (judges, count))
totals = sparse.csr_matrix((worth, (columns, each)), (entries, count))

start = time.process_time()
nothing = lambda size: sparse.csr_matrix((size, 1))
floor = milp(
    np.append(np.zeros(count), -1),
    constraints=[
        LinearConstraint(sparse.hstack([by_entry, nothing(entries)]), demand, demand),
        LinearConstraint(sparse.hstack([by_judge, nothing(judges)]), load_min, load_max),
        LinearConstraint(sparse.hstack([totals, -np.ones((entries, 1))]), 0, np.inf),
    ],
    integrality=np.append(ones, 0), bounds=Bounds(np.append(np.zeros(count), -np.inf), np.append(ones, np.inf)), options=options,
)
answer = {"floor": None, "sum": None, "finished": False}
if floor.x is not None:
    answer["floor"] = -floor.fun
    best = milp(
        -worth,
        constraints=[
            LinearConstraint(by_entry, demand, demand),
            LinearConstraint(by_judge, load_min, load_max),
            LinearConstraint(totals, -floor.fun - 1e-9, np.inf),
        ],
        integrality=ones, bounds=Bounds(0, 1), options=options,
    )
    answer["sum"] = None if best.fun is None else -best.fun
    answer["finished"] = floor.status == 0 and best.status == 0
answer["seconds"] = time.process_time() - start
print(json.dumps(answer))
