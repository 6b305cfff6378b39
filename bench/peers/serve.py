# SPDX-License-Identifier: BSD-3-Clause
"""What every peer has in common: its environment, its clock and the talk with bench/compare.py.

A peer is a program that is told a workload and a number of threads. It prepares, prints one JSON
line about itself, then answers every line on stdin, a number of seconds, with one JSON line:
{"variant": [seconds per step, ...], ...}. Waiting for the next line costs it nothing, so it can be
timed in turns with gradus. Run by hand it prints a summary instead:

    /usr/bin/python3 bench/peers/pytorch_peer.py xor_step/direct --threads 2
"""
import argparse
import json
import os
import statistics
import sys
import time

# A BLAS told to take itself for another CPU would be no fair opponent. Must come before NumPy or
# PyTorch load it.
for _name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "OPENBLAS_NUM_THREADS"):
    os.environ.pop(_name, None)

# glibc gives memory of large arrays back to the system at once; asking for it anew costs a peer up
# to 15 times the step itself. It reads these when a program starts, hence the second start.
_KEEP_MEMORY = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": str(10**12),
                "MALLOC_TOP_PAD_": str(2**28)}
if any(os.environ.get(_name) != _value for _name, _value in _KEEP_MEMORY.items()):
    os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **_KEEP_MEMORY})


def arguments(workloads):
    parser = argparse.ArgumentParser(description="a peer of gradus-bench")
    parser.add_argument("workload", choices=sorted(workloads))
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--serve", action="store_true", help="talk to bench/compare.py")
    parsed = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = str(parsed.threads)
    return parsed


def blas_kernels():
    """Which BLAS is loaded and which of its kernels it chose for this CPU."""
    try:
        import threadpoolctl
    except ImportError:
        return "unknown (python3-threadpoolctl is missing)"
    found = [
        f"{pool['internal_api']} {pool.get('version')} {pool.get('architecture')},"
        f" {pool['num_threads']} thread(s)"
        for pool in threadpoolctl.threadpool_info()
        if pool.get("user_api") == "blas"
    ]
    return "; ".join(found) or "none that threadpoolctl knows: the reference BLAS, no fair opponent"


def time_steps(step, seconds, batches=10):
    """Seconds per step of `batches` runs of equal length that fill about the given time."""
    start = time.perf_counter()
    step()
    once = max(time.perf_counter() - start, 1e-7)
    count = max(1, round(seconds / batches / once))
    samples = []
    end = time.perf_counter() + seconds
    while len(samples) < 3 or time.perf_counter() < end:
        start = time.perf_counter()
        for _ in range(count):
            step()
        samples.append((time.perf_counter() - start) / count)
    return samples


def serve(parsed, versions, variants, steps=1, warm_up=30):
    """Times `variants`, a dict of step functions by name, that return the loss or nothing. What
    gradus does at once and a peer in many equal steps is reported as the time of so many `steps`."""
    for name, step in variants.items():
        first = step()
        for _ in range(warm_up if first is not None else 1):
            last = step()
        if first is not None and not last < first:
            sys.exit(f"{parsed.workload}, {name}: the loss did not fall ({first} to {last})")
    about = {"threads": parsed.threads, "blas": blas_kernels(), **versions}
    if parsed.serve:
        print(json.dumps(about), flush=True)
        for line in sys.stdin:
            seconds = float(line)  # of each variant
            print(json.dumps({k: [steps * t for t in time_steps(v, seconds)]
                              for k, v in variants.items()}), flush=True)
        return
    for key, value in about.items():
        print(f"{key}: {value}")
    for name, step in variants.items():
        samples = [steps * t for t in time_steps(step, 1.0)]
        print(f"{parsed.workload}, {name}: median {statistics.median(samples) * 1e6:.1f} us,"
              f" min {min(samples) * 1e6:.1f} us")
