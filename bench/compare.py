#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Times gradus-bench and its peers in turns on the same threads and prints one table of ratios.

    bench/compare.py --build build/bench [--threads 1,2] [--rounds 5] [--only NAME] [--json FILE]

A ratio is the peer's time over gradus's, taken round by round; the table shows the median over the
rounds. Exit status: 0, or 3 if something could not be run. See bench/README.md.
"""
import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))

# Workload; its peer (program, the peer's name for it); by how much gradus is to be faster on two
# threads; the share of the multiply-add peak it is to reach.
ROWS = [
    ("xor_step/direct", ("pytorch", "xor_step/direct"), 2.5, 0.80),
    ("xor_step/gram", ("pytorch", "xor_step/direct"), 50.0, None),
    ("mlp_step/784-256-256-10", ("pytorch", "mlp_step/784-256-256-10"), 2.0, None),
    ("mlp_step/2-64-64-1", ("pytorch", "mlp_step/2-64-64-1"), 15.0, None),
    ("xor_step/direct", ("numpy", "xor_step/direct"), None, None),
    ("xor_step/gram", ("numpy", "xor_step/gram"), None, None),
    ("normals/gradus", ("numpy", "normals"), None, None),
    ("normals/gradus", ("std", "normals/std"), None, None),
]
MODULES = {"pytorch": "torch", "numpy": "numpy"}
PACKAGES = {"pytorch": "python3-torch", "numpy": "python3-numpy"}
SECONDS = 0.5  # of each program in each round
TARGET_THREADS = 2


class Failure(Exception):
    """Something that had to run did not."""


def environment(threads):
    """The same for gradus and peers; a BLAS is left to choose its kernel by itself."""
    drop = re.compile(r"^(OPENBLAS|MKL|BLIS|OMP|GOMP|KMP)_")
    clean = {name: value for name, value in os.environ.items() if not drop.match(name)}
    return {**clean, "OMP_NUM_THREADS": str(threads), "OMP_DYNAMIC": "false"}


def launch(command, threads, cpus, **options):
    """Starts a program on the first `threads` of the CPUs."""

    def pin():
        os.sched_setaffinity(0, cpus[:threads])

    options.setdefault("stdout", subprocess.PIPE)
    return subprocess.Popen(
        command,
        env=environment(threads),
        preexec_fn=pin if cpus else None,
        text=True,
        **options,
    )


class Bench:
    """The program gradus-bench."""

    def __init__(self, path, cpus):
        self.path, self.cpus, self.context = path, cpus, {}

    def run(self, pattern, threads, seconds, repetitions):
        """{name: [benchmark results]} of the repetitions."""
        command = [
            self.path,
            f"--benchmark_filter=^({pattern})/threads:{threads}/real_time$",
            f"--benchmark_min_time={seconds / repetitions:.4f}",
            f"--benchmark_repetitions={repetitions}",
            "--benchmark_format=json",
        ]
        process = launch(command, threads, self.cpus, stderr=subprocess.PIPE)
        out, errors = process.communicate()
        try:
            parsed = json.loads(out)
        except ValueError:
            raise Failure(f"{' '.join(command)}: status {process.returncode}; {errors[-500:]}")
        self.context = parsed["context"]
        found = {}
        for result in parsed["benchmarks"]:
            if result.get("error_occurred"):
                raise Failure(f"{result['name']}: {result['error_message']}")
            if result.get("run_type") != "aggregate":
                name = result["run_name"].split("/threads:")[0]
                found.setdefault(name, []).append(result)
        return found

    def times(self, workload, threads, seconds):
        unit = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0}
        results = self.run(re.escape(workload), threads, seconds, 5).get(workload)
        if not results:
            raise Failure(f"gradus-bench has no benchmark {workload} for {threads} thread(s)")
        work = results[0].get("flops", 0) * results[0]["real_time"] * unit[results[0]["time_unit"]]
        return [r["real_time"] * unit[r["time_unit"]] for r in results], work


class Peer:
    """A peer that waits between its turns."""

    def __init__(self, python, program, workload, threads, cpus):
        path = os.path.join(HERE, "peers", f"{program}_peer.py")
        command = [python, path, workload, "--threads", str(threads), "--serve"]
        self.process = launch(command, threads, cpus, stdin=subprocess.PIPE)
        self.what = f"{program}_peer.py {workload}"
        self.about = self.answer()

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise Failure(f"{self.what} ended with status {self.process.wait()}")
        return json.loads(line)

    def times(self, seconds):
        """Seconds per step by variant."""
        self.process.stdin.write(f"{seconds}\n")
        self.process.stdin.flush()
        return self.answer()

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def find_python(program):
    """An interpreter that has the peer's package: Debian's first, whatever else is in the PATH."""
    for python in ("/usr/bin/python3", sys.executable):
        check = [python, "-c", f"import {MODULES[program]}"]
        done = subprocess.run(check, capture_output=True, env=environment(1)) if python else None
        if done and done.returncode == 0:
            return python
    return None


def measure(bench, peers, workload, program, twin, threads, rounds):
    """One row: gradus and the peer in turns."""
    row = {"workload": workload, "threads": threads, "peer": program, "gradus": [], "peer_times": {}}
    key = (program, twin, threads)
    peer = peers.get(key)
    for _ in range(rounds):
        times, row["flops"] = bench.times(workload, threads, SECONDS)
        row["gradus"].append(times)
        if program == "std":
            other = {"default": bench.times(twin, threads, SECONDS)[0]}
        else:
            other = peer.times(SECONDS) if peer else {}
        for variant, values in other.items():
            row["peer_times"].setdefault(variant, []).append(values)
    if row["peer_times"]:
        best = min(
            row["peer_times"],
            key=lambda name: statistics.median(sum(row["peer_times"][name], [])),
        )
        row["variant"] = best
        row["ratios"] = [
            statistics.median(theirs) / statistics.median(ours)
            for ours, theirs in zip(row["gradus"], row["peer_times"][best])
        ]
    return row


def duration(seconds):
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"


def table(rows, peaks):
    head = ["workload", "threads", "gradus", "min", "peer", "median", "min", "ratio", "range",
            "target", "GFLOP/s", "of peak", "of AVX2's"]
    lines = [head]
    for row in rows:
        ours = sum(row["gradus"], [])
        median = statistics.median(ours)
        line = [row["workload"], str(row["threads"]), duration(median), duration(min(ours))]
        if "ratios" in row:
            theirs = sum(row["peer_times"][row["variant"]], [])
            ratio = statistics.median(row["ratios"])
            line += [f"{row['peer']}, {row['variant']}" if row["variant"] != "default" else row["peer"],
                     duration(statistics.median(theirs)), duration(min(theirs)), f"{ratio:.3g}x",
                     f"{min(row['ratios']):.3g}-{max(row['ratios']):.3g}"]
        else:
            ratio = None
            line += [row["peer"] + " (missing)", "", "", "", ""]
        goals = []
        if row["threads"] == TARGET_THREADS and row["target"] and ratio:
            goals.append(f"{row['target']:g}x {'met' if ratio >= row['target'] else 'missed'}")
        rate = row["flops"] / median
        best = max(peaks[row["threads"]].values(), default=0)
        if row["threads"] == TARGET_THREADS and row["share_target"] and best:
            met = rate / best >= row["share_target"]
            goals.append(f"{row['share_target']:.0%} {'met' if met else 'missed'}")
        line.append(", ".join(goals))
        avx2 = peaks[row["threads"]].get("machine/fma/avx2")
        line += [f"{rate / 1e9:.3g}" if rate else "",
                 f"{rate / best:.0%}" if rate and best else "",
                 f"{rate / avx2:.0%}" if rate and avx2 else ""]
        lines.append(line)
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    text = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip()
            for line in lines]
    return "\n".join([text[0], "-" * max(map(len, text)), *text[1:]])


def cpu():
    """Name and SIMD flags of the CPU."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            text = file.read()
    except OSError:
        return "unknown CPU"
    name = re.search(r"^model name\s*: (.*)$", text, re.M)
    family = re.search(r"^cpu family\s*: (.*)$", text, re.M)
    flags = re.search(r"^flags\s*: (.*)$", text, re.M)
    simd = [f for f in (flags.group(1).split() if flags else []) if f in ("avx2", "fma", "avx512f")]
    return (f"{name.group(1) if name else 'unknown'}"
            f"{f', family {family.group(1)}' if family else ''}, {' '.join(simd)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--build", required=True, help="build folder that holds gradus-bench")
    parser.add_argument("--threads", default="1,2", help="numbers of threads (default: 1,2)")
    parser.add_argument("--rounds", type=int, default=5, help="turns of each program (default: 5)")
    parser.add_argument("--only", default="", help="workloads whose name contains this")
    parser.add_argument("--json", help="file for all single measurements")
    options = parser.parse_args()
    try:
        counts = [int(count) for count in options.threads.split(",")]
    except ValueError:
        counts = []
    if not counts or min(counts) < 1 or options.rounds < 1:
        parser.error("--threads is a list such as 1,2 and --rounds a number, both from 1")
    rows = [row for row in ROWS if options.only in row[0]]
    if not rows:
        parser.error(f"--only {options.only}: valid are parts of "
                     + ", ".join(dict.fromkeys(row[0] for row in ROWS)))
    program = os.path.join(options.build, "gradus-bench")
    if not os.access(program, os.X_OK):
        print(f"gradus: no {program}; build the target gradus_bench", file=sys.stderr)
        return 3

    cpus = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    available = len(cpus) or os.cpu_count() or 1
    for count in [count for count in counts if count > available]:
        print(f"gradus: {count} threads left out, there are {available} CPUs", file=sys.stderr)
        counts.remove(count)
    pythons = {name: find_python(name) for name in MODULES}
    for name, python in pythons.items():
        if python is None:
            print(f"gradus: {name} is missing (Debian: apt install {PACKAGES[name]}"
                  " libopenblas0-openmp); only gradus's own times for its rows", file=sys.stderr)

    bench = Bench(program, cpus)
    load_before = os.getloadavg()[0]
    begin = time.time()
    results, peaks, abouts, failures = [], {}, {}, []
    peers = {}
    for threads in counts:
        levels = []
        try:
            for workload, (peer, twin), target, share in rows:
                if peer == "std" and threads != 1:
                    continue
                key = (peer, twin, threads)
                note = f"{workload}, {threads} thread(s), {peer}"
                print(f"  {note}", end="\r" if sys.stderr.isatty() else "\n", file=sys.stderr)
                try:
                    if pythons.get(peer) and key not in peers:
                        peers[key] = Peer(pythons[peer], peer, twin, threads, cpus)
                        abouts[f"{peer}, {threads} thread(s)"] = peers[key].about
                    levels.append(bench.run("machine/.*", threads, 0.1, 2))
                    row = measure(bench, peers, workload, peer, twin, threads, options.rounds)
                    results.append({**row, "target": target, "share_target": share})
                except Failure as failure:
                    failures.append(str(failure))
        finally:
            for key in [key for key in peers if key[2] == threads]:
                peers.pop(key).close()
        # The peak is the best that was seen, the bandwidth what is typical.
        peaks[threads] = {}
        triads = []
        for level in levels:
            for name, found in level.items():
                if name == "machine/triad":
                    triads += [result["bytes_per_second"] for result in found]
                else:
                    best = max(result["flops"] for result in found)
                    peaks[threads][name] = max(best, peaks[threads].get(name, 0))
        abouts.setdefault("triad", {})[threads] = statistics.median(triads) if triads else 0
    if sys.stderr.isatty():
        print("\033[K", end="", file=sys.stderr)

    print(table(results, peaks) if results else "nothing was measured")
    print()
    triads = abouts.pop("triad", {})
    context = bench.context
    print(f"machine    {cpu()}, {available} CPU(s)")
    for threads, levels in peaks.items():
        best = ", ".join(f"{name.split('/')[-1]} {rate / 1e9:.0f}" for name, rate in levels.items())
        print(f"peak       {threads} thread(s): {best} GFLOP/s; triad {triads[threads] / 1e9:.1f} GB/s")
    print(f"gradus     {context.get('gradus')}, {context.get('compiler')}, {context.get('flags')},"
          f" Eigen with {context.get('simd')}")
    for name, about in abouts.items():
        print(f"peer       {name}: " + ", ".join(f"{k} {v}" for k, v in about.items()
                                                  if k != "threads"))
    load_after = os.getloadavg()[0]
    print(f"load       {load_before:.2f} before, {load_after:.2f} after, of {available} CPU(s);"
          f" {time.time() - begin:.0f} s")
    if load_before > 0.5:
        print("           others were working on this machine: take these times for a rough guide")
    for failure in failures:
        print(f"gradus: {failure}", file=sys.stderr)
    if options.json:
        everything = {"rows": results, "peaks": peaks, "triad": triads, "peers": abouts,
                      "context": context, "cpu": cpu(), "load": [load_before, load_after]}
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(everything, file, indent=1)
    return 3 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
