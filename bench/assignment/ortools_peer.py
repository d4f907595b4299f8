#!/usr/bin/env python3
"""The same problem by OR-tools' min-cost flow: ortools_peer.py FILE.npz prints CPU seconds, sum and peak memory."""
import json
import resource
import sys
import time

import numpy as np
from ortools.graph.python import min_cost_flow

archive = np.load(sys.argv[1])
scores = archive["scores"]
if scores.dtype.kind == "f":
    scale = 1e6
    scores = np.rint(scores * scale).astype(np.int64)
else:
    scale = float(archive["scale"] if "scale" in archive else 1)
judges, entries = scores.shape
conflict = archive["conflict"] if "conflict" in archive else None
load_min = archive["load_min"].astype(np.int64) if "load_min" in archive else np.zeros(judges, np.int64)
load_max, demand = archive["load_max"].astype(np.int64), archive["demand"].astype(np.int64)

start = time.process_time()
open_pairs = np.ones(scores.shape, bool) if conflict is None else conflict == 0
rows, columns = np.nonzero(open_pairs)
flow = min_cost_flow.SimpleMinCostFlow()
pairs = flow.add_arcs_with_capacity_and_unit_cost(
    rows.astype(np.int32), (judges + columns).astype(np.int32), np.ones(len(rows), np.int64),
    -scores[rows, columns].astype(np.int64),
)
# Least loads are supplies of the judges; what may come on top comes from a source.
source = judges + entries
flow.add_arcs_with_capacity_and_unit_cost(
    np.full(judges, source, np.int32), np.arange(judges, dtype=np.int32), load_max - load_min, np.zeros(judges, np.int64)
)
nodes = np.arange(judges + entries + 1, dtype=np.int32)
flow.set_nodes_supplies(nodes, np.concatenate([load_min, -demand, [demand.sum() - load_min.sum()]]))
status = flow.solve()
chosen = flow.flows(pairs) if status == flow.OPTIMAL else None
seconds = time.process_time() - start
print(json.dumps({
    "optimal": status == flow.OPTIMAL,
    "objective": -flow.optimal_cost() / scale,
    "seconds": seconds,
    "pairs": int(chosen.sum()) if chosen is not None else 0,
    "peak_memory_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
}))
