#!/usr/bin/env python3
"""How fast a folder is assessed: three runs, bytes on disk by seconds elapsed, and the largest memory."""
import os
import resource
import subprocess
import sys
import time

program, folder = sys.argv[1].split(), sys.argv[2]
size = sum(
    os.path.getsize(os.path.join(above, name))
    for above, _, names in os.walk(folder)
    for name in names
    if not os.path.islink(os.path.join(above, name))
)
for turn in (1, 2, 3):
    before = time.monotonic()
    subprocess.run([*program, folder, "--format", "json"], check=True, stdout=subprocess.DEVNULL)
    seconds = time.monotonic() - before
    print(f"run {turn}: {size / 1e6:.1f} MB in {seconds:.2f} s, {size / 1e6 / seconds:.0f} MB/s")
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(f"largest memory {usage.ru_maxrss / 1024:.0f} MiB, {usage.ru_utime + usage.ru_stime:.2f} s of processor in all")
