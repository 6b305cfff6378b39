#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Times gradus-bench and its peers in turns on the same threads and prints one table of ratios.

    bench/compare.py --build build/bench [--threads 1,2] [--rounds 7] [--only NAME] [--json FILE]

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

# Workload of gradus-bench; its peer (program, the peer's name for it); by how much gradus is to be
# faster on two threads; the share it is to reach there of the multiply-add peak or of the triad's
# bandwidth.
ROWS = [
    ("xor_step/direct", ("pytorch", "xor_step/direct"), 2.5, ("peak", 0.80)),
    ("xor_step/gram", ("pytorch", "xor_step/direct"), 50.0, None),
    ("mlp_step/784-256-256-10", ("pytorch", "mlp_step/784-256-256-10"), 2.0, None),
    ("mlp_step/2-64-64-1", ("pytorch", "mlp_step/2-64-64-1"), 15.0, None),
    ("grokking_step/gather", ("pytorch", "grokking_step"), 2.0, ("peak", 0.70)),
    ("grokking_step/dense", ("pytorch", "grokking_step"), None, None),
    ("descent_path/1000x1000", ("numpy", "descent_path"), 50.0, None),
    ("double_descent/least_squares", ("numpy", "double_descent/least_squares"), 5.0, None),
    ("double_descent/ridge", ("numpy", "double_descent/ridge"), None, None),
    ("curvature/dense-400", ("pytorch", "curvature/dense-400"), 10.0, None),
    ("curvature/dense-5000", ("pytorch", "curvature/dense-5000"), 10.0, None),
    ("curvature/hvp-784-256-256-10", ("pytorch", "curvature/hvp"), 1.5, None),
    ("curvature/top-20", ("pytorch", "curvature/top-20"), None, None),
    ("equilibrium/cauchy-8", ("pytorch", "equilibrium/cauchy-8"), 3.0, None),
    ("equilibrium/cauchy-8", ("numpy", "equilibrium/cauchy-8"), 3.0, None),
    ("xor_step/direct", ("numpy", "xor_step/direct"), None, None),
    ("xor_step/gram", ("numpy", "xor_step/gram"), None, None),
    ("normals/gradus", ("numpy", "normals"), None, None),
    ("normals/gradus", ("std", "normals/std"), None, None),
    *[(f"optimizer_step/{rule}-{size}", ("pytorch", f"optimizer_step/{rule}-{size}"), target, share)
      for size, target, share in (("1e4", 3.0, None), ("1e7", None, ("triad", 0.80)))
      for rule in ("momentum", "adagrad", "adadelta", "rmsprop", "adam", "amsgrad", "adamw",
                   "diffgrad")],
]
TARGET_THREADS = 2
MODULES = {"pytorch": "torch", "numpy": "numpy"}
PACKAGES = {"pytorch": "python3-torch", "numpy": "python3-numpy"}
SECONDS = 0.3  # of each program in each round
UNITS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0}


class Failure(Exception):
    """Something that had to run did not."""


def environment(threads):
    """The same for gradus and peers; a BLAS is left to choose its kernel by itself."""
    drop = re.compile(r"^(OPENBLAS|MKL|BLIS|OMP|GOMP|KMP)_")
    clean = {name: value for name, value in os.environ.items() if not drop.match(name)}
    return {**clean, "OMP_NUM_THREADS": str(threads), "OMP_DYNAMIC": "false"}


def launch(command, threads, cpus, **options):
    """Starts a program on the first `threads` of the CPUs."""
    pin = (lambda: os.sched_setaffinity(0, cpus[:threads])) if cpus else None
    return subprocess.Popen(command, env=environment(threads), preexec_fn=pin, text=True,
                            stdout=subprocess.PIPE, **options)


class Bench:
    """The program gradus-bench."""

    def __init__(self, path, cpus):
        self.path, self.cpus, self.context = path, cpus, {}

    def run(self, pattern, threads, seconds, repetitions):
        """{workload: results of its repetitions} for the workloads that match."""
        command = [self.path,
                   f"--benchmark_filter=^({pattern})/threads:{threads}/real_time$",
                   f"--benchmark_min_time={seconds / repetitions:.4f}",
                   f"--benchmark_repetitions={repetitions}",
                   "--benchmark_format=json"]
        process = launch(command, threads, self.cpus, stderr=subprocess.PIPE)
        out, errors = process.communicate()
        try:
            parsed = json.loads(out)
        except ValueError:
            raise Failure(f"{' '.join(command)}: status {process.returncode}; "
                          f"{(errors or out).strip()[-300:]}") from None
        self.context = parsed["context"]
        found = {}
        for result in parsed["benchmarks"]:
            if result.get("error_occurred"):
                raise Failure(f"{result['name']}: {result['error_message']}")
            if result.get("run_type") != "aggregate":
                found.setdefault(result["run_name"].split("/threads:")[0], []).append(result)
        return found

    def times(self, workload, threads):
        """Seconds per step of each repetition, operations of one step and bytes it must move."""
        results = self.run(workload, threads, SECONDS, 5).get(workload)
        if not results:
            raise Failure(f"gradus-bench has no benchmark {workload} for {threads} thread(s)")
        times = [r["real_time"] * UNITS[r["time_unit"]] for r in results]
        return times, results[0].get("flops", 0) * times[0], results[0].get("bytes", 0) * times[0]


class Peer:
    """A peer program that waits between its turns."""

    def __init__(self, python, program, workload, threads, cpus):
        path = os.path.join(HERE, "peers", f"{program}_peer.py")
        command = [python, path, workload, "--threads", str(threads), "--serve"]
        self.process = launch(command, threads, cpus, stdin=subprocess.PIPE)
        self.what = f"{program}_peer.py {workload}, {threads} thread(s)"
        self.about = self.answer()

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise Failure(f"{self.what}: ended with status {self.process.wait()}")
        return json.loads(line)

    def times(self):
        """Seconds per step by variant; each variant has as long as gradus."""
        try:
            self.process.stdin.write(f"{SECONDS}\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass
        return self.answer()

    def close(self):
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass
        self.process.wait()


def find_python(program):
    """An interpreter that has the peer's package: Debian's first, whatever else is in the PATH."""
    for python in ("/usr/bin/python3", sys.executable):
        try:
            done = subprocess.run([python, "-c", f"import {MODULES[program]}"],
                                  capture_output=True, env=environment(1), check=False)
        except OSError:
            continue
        if done.returncode == 0:
            return python
    return None


class Session:
    """All measurements for one number of threads."""

    def __init__(self, bench, pythons, rows, threads):
        self.bench, self.threads = bench, threads
        self.rows = [row for row in rows if row[1][0] != "std" or threads == 1]
        self.peers, self.failures = {}, []
        self.ours, self.theirs = {}, {}  # one entry a round
        self.flops, self.bytes = {}, {}
        self.peak, self.triad = {}, []
        for _, (program, twin), _, _ in self.rows:
            if pythons.get(program) and (program, twin) not in self.peers:
                try:
                    self.peers[program, twin] = Peer(pythons[program], program, twin, threads,
                                                     bench.cpus)
                except Failure as failure:
                    self.failures.append(str(failure))

    def round(self):
        """Machine, then every workload followed by its peers."""
        for name, results in self.bench.run("machine/.*", self.threads, 0.06, 2).items():
            if name == "machine/triad":
                self.triad += [result["bytes_per_second"] for result in results]
            else:  # the best that was ever seen
                best = max(result["flops"] for result in results)
                self.peak[name] = max(best, self.peak.get(name, 0))
        done = set()
        for workload, (program, twin), _, _ in self.rows:
            if workload not in done:
                done.add(workload)
                times, self.flops[workload], self.bytes[workload] = self.bench.times(
                    workload, self.threads)
                self.ours.setdefault(workload, []).append(times)
            if (program, twin) in done:
                continue
            done.add((program, twin))
            if program == "std":
                answer = {"default": self.bench.times(twin, self.threads)[0]}
            elif (program, twin) in self.peers:
                answer = self.peers[program, twin].times()
            else:
                continue
            self.theirs.setdefault((program, twin), []).append(answer)

    def about(self):
        return {program: peer.about for (program, _), peer in self.peers.items()}

    def close(self):
        for peer in self.peers.values():
            peer.close()

    def results(self):
        """A dict a row, with the peer's best variant."""
        found = []
        for workload, (program, twin), target, share in self.rows:
            row = {"workload": workload, "threads": self.threads, "peer": program,
                   "target": target, "share_target": share,
                   "gradus": self.ours.get(workload, []), "flops": self.flops.get(workload, 0),
                   "bytes": self.bytes.get(workload, 0)}
            rounds = self.theirs.get((program, twin), [])
            if rounds and row["gradus"]:
                row["variants"] = {name: [answer[name] for answer in rounds] for name in rounds[0]}
                best = min(row["variants"],
                           key=lambda name: statistics.median(sum(row["variants"][name], [])))
                row["variant"] = best
                row["ratios"] = [statistics.median(theirs) / statistics.median(ours)
                                 for ours, theirs in zip(row["gradus"], row["variants"][best])]
            if row["gradus"]:
                found.append(row)
        return found


def duration(seconds):
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"


def verdict(row, shares):
    """What was asked of this row, and whether it was met; shares of peak and triad by name."""
    if row["threads"] != TARGET_THREADS:
        return ""
    goals = []
    if row["target"] and "ratios" in row:
        met = statistics.median(row["ratios"]) >= row["target"]
        goals.append(f"{row['target']:g}x {'met' if met else 'MISSED'}")
    if row["share_target"]:
        yardstick, share = row["share_target"]
        if shares.get(yardstick):
            met = shares[yardstick] >= share
            goals.append(f"{share:.0%} of {yardstick} {'met' if met else 'MISSED'}")
    return ", ".join(goals)


def table(rows, peaks, triads):
    lines = [["workload", "threads", "gradus", "min", "peer", "median", "min", "ratio", "range",
              "target", "GFLOP/s", "of peak", "of AVX2's", "of triad"]]
    for row in rows:
        ours = sum(row["gradus"], [])
        median = statistics.median(ours)
        line = [row["workload"], str(row["threads"]), duration(median), duration(min(ours))]
        if "ratios" in row:
            theirs = sum(row["variants"][row["variant"]], [])
            variant = "" if row["variant"] == "default" else f" ({row['variant']})"
            line += [row["peer"] + variant, duration(statistics.median(theirs)),
                     duration(min(theirs)), f"{statistics.median(row['ratios']):.3g}x",
                     f"{min(row['ratios']):.3g}-{max(row['ratios']):.3g}"]
        else:
            line += [row["peer"] + " (missing)", "", "", "", ""]
        peak = peaks[row["threads"]]
        best, avx2 = max(peak.values(), default=0), peak.get("machine/fma/avx2")
        rate, triad = row["flops"] / median, triads[row["threads"]]
        # A bandwidth means something where the work is moving data and no more.
        moved = row["bytes"] / median if not rate and row["bytes"] > 1e8 else 0
        shares = {"peak": rate / best if best else 0, "triad": moved / triad if triad else 0}
        line += [verdict(row, shares), f"{rate / 1e9:.3g}" if rate else "",
                 f"{shares['peak']:.0%}" if rate and best else "",
                 f"{rate / avx2:.0%}" if rate and avx2 else "",
                 f"{shares['triad']:.0%}" if moved and triad else ""]
        lines.append(line)
    widths = [max(map(len, column)) for column in zip(*lines)]
    text = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip()
            for line in lines]
    return "\n".join([text[0], "-" * max(map(len, text)), *text[1:]])


def cpu():
    """Name, family and SIMD levels of the CPU."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            text = file.read()
    except OSError:
        return "unknown CPU"
    fields = dict(re.findall(r"^(model name|cpu family|model|flags)\s*: (.*)$", text, re.M))
    simd = [flag for flag in fields.get("flags", "").split() if flag in ("avx2", "fma", "avx512f")]
    return (f"{fields.get('model name', 'unknown CPU')}, family {fields.get('cpu family', '?')} "
            f"model {fields.get('model', '?')}, {' '.join(simd) or 'no AVX2'}")


def parse():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--build", required=True, help="build folder that holds gradus-bench")
    parser.add_argument("--threads", default="1,2", help="numbers of threads (default: 1,2)")
    parser.add_argument("--rounds", type=int, default=7, help="turns of each program (default: 7)")
    parser.add_argument("--only", default="", help="workloads whose name contains this")
    parser.add_argument("--json", help="file for all single measurements")
    options = parser.parse_args()
    if not re.fullmatch(r"[1-9]\d*(,[1-9]\d*)*", options.threads):
        parser.error(f"--threads {options.threads}: valid is a list such as 1,2")
    if options.rounds < 1:
        parser.error(f"--rounds {options.rounds}: valid is 1 or more")
    options.rows = [row for row in ROWS if options.only in row[0]]
    if not options.rows:
        parser.error(f"--only {options.only}: valid are parts of "
                     + ", ".join(dict.fromkeys(row[0] for row in ROWS)))
    return options


def main():
    options = parse()
    program = os.path.join(options.build, "gradus-bench")
    if not os.access(program, os.X_OK):
        print(f"gradus: no {program}; build the target gradus_bench", file=sys.stderr)
        return 3
    cpus = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    available = len(cpus) or os.cpu_count() or 1
    counts = [int(count) for count in options.threads.split(",")]
    for count in [count for count in counts if count > available]:
        print(f"gradus: {count} threads left out, there are {available} CPUs", file=sys.stderr)
        counts.remove(count)
    wanted = {row[1][0] for row in options.rows} & set(MODULES)
    pythons = {name: find_python(name) for name in sorted(wanted)}
    for name in [name for name, python in pythons.items() if python is None]:
        print(f"gradus: {PACKAGES[name]} is missing (apt-get install {PACKAGES[name]} "
              "libopenblas0-openmp python3-threadpoolctl): only gradus's own times in its rows",
              file=sys.stderr)

    bench = Bench(program, cpus)
    begin, load_before = time.time(), os.getloadavg()[0]
    rows, peaks, triads, abouts, failures = [], {}, {}, {}, []
    for threads in counts:
        session = None
        try:
            session = Session(bench, pythons, options.rows, threads)
            for number in range(options.rounds):
                print(f"gradus: {threads} thread(s), round {number + 1} of {options.rounds}",
                      file=sys.stderr)
                session.round()
        except Failure as failure:
            failures.append(str(failure))
        if session:
            session.close()
            failures += session.failures
            rows += session.results()
            peaks[threads], abouts[threads] = session.peak, session.about()
            triads[threads] = statistics.median(session.triad) if session.triad else 0.0
    load_after = os.getloadavg()[0]

    print(table(rows, peaks, triads) if rows else "nothing was measured")
    print(f"\nmachine    {cpu()}, {available} CPU(s)")
    for threads, levels in peaks.items():
        best = ", ".join(f"{name.split('/')[-1]} {rate / 1e9:.0f}" for name, rate in levels.items())
        print(f"peak       {threads} thread(s): {best} GFLOP/s (float multiply-adds);"
              f" triad {triads[threads] / 1e9:.1f} GB/s")
    context = bench.context
    print(f"gradus     {context.get('gradus')}, {context.get('compiler')}, {context.get('flags')};"
          f" products by {context.get('products')}")
    for threads, peers in abouts.items():
        for name, about in peers.items():
            print(f"peer       {name} {about[name]}, {threads} thread(s); {about['blas']}")
    print(f"load       {load_before:.2f} before, {load_after:.2f} after, on {available} CPU(s);"
          f" {time.time() - begin:.0f} s")
    if load_before > 0.3 * available:
        print("           others were at work on this machine: a rough guide only")
    for failure in failures:
        print(f"gradus: {failure}", file=sys.stderr)
    if options.json:
        everything = {"rows": rows, "peaks": peaks, "triad": triads, "peers": abouts,
                      "context": context, "cpu": cpu(), "load": [load_before, load_after]}
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(everything, file, indent=1)
    return 3 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
