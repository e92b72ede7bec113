#!/usr/bin/env python3
"""Runs over the same dumps whole and divided, and compares what it takes and what it leaves."""

import argparse
import filecmp
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import threading
import time

AS_OF = "2026-11-20T02:00:00Z"
UNITS = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}


def size(text):
    """An amount of memory in bytes, as trueup reads it."""
    return int(text[:-1]) * UNITS[text[-1]] if text[-1] in UNITS else int(text)


class Runs:
    """Runs of one pipeline over one folder of dumps."""

    def __init__(self, options):
        self.program = options.programs / "trueup"
        self.threads = options.threads
        self.folder = options.folder
        self.dumps = options.folder / "dumps"
        self.pipeline = options.folder / "pipeline.yaml"
        subprocess.run(
            [options.programs / "trueup-generate", "--payments", str(options.payments), "--seed",
             "1", "--out", self.dumps, "--pipeline", self.pipeline], check=True)

    def run(self, name, arguments, limit=None):
        """Runs once; returns the exit code, the seconds, and the peaks in KiB."""
        out = self.folder / name
        shutil.rmtree(out, ignore_errors=True)
        command = [self.program, "run", self.pipeline, "--in", self.dumps, "--out", out, "--as-of",
                   AS_OF, "--no-archive", "--quiet", "--fail-on", "never", "--threads",
                   str(self.threads), *arguments]

        def bound():
            if limit is not None:
                resource.setrlimit(resource.RLIMIT_AS, (limit, limit))

        begun = time.monotonic()
        child = subprocess.Popen(  # pylint: disable=consider-using-with
            command, preexec_fn=bound, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        peak = [0]
        watcher = threading.Thread(target=self.watch, args=(child.pid, peak))
        watcher.start()
        errors = child.stderr.read().decode()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        wall = time.monotonic() - begun
        watcher.join()
        return {
            "code": child.returncode, "errors": errors, "wall": wall,
            "cpu": usage.ru_utime + usage.ru_stime, "rss": usage.ru_maxrss, "space": peak[0]}

    @staticmethod
    def watch(process, peak):
        """Notes the largest address space of a process until it ends."""
        path = pathlib.Path(f"/proc/{process}/status")
        while True:
            try:
                text = path.read_text(encoding="ascii")
            except OSError:
                return
            line = next((line for line in text.splitlines() if line.startswith("VmPeak:")), None)
            if line is None:
                return
            peak[0] = max(peak[0], int(line.split()[1]))
            time.sleep(0.01)

    def differences(self, left, right):
        """The files of two runs that differ, timings apart."""
        one, two = self.folder / left / "latest", self.folder / right / "latest"
        names = sorted(
            str(path.relative_to(one)) for path in one.rglob("*") if path.is_file())
        others = {str(path.relative_to(two)) for path in two.rglob("*") if path.is_file()}
        _, unlike, missing = filecmp.cmpfiles(one, two, names, shallow=False)
        clock = {"timings.json", "metrics.prom"}
        return sorted((set(unlike) | set(missing) | (others - set(names))) - clock)


def row(name, made):
    """A line of the table."""
    print(f"| {name} | {made['wall']:.1f} s | {made['cpu']:.1f} s | {made['rss'] >> 10} MiB "
          f"| {made['space'] >> 10} MiB |", flush=True)


def main():
    """Measures, compares, and fails where something is not as it is promised."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--programs", type=pathlib.Path, required=True)
    parser.add_argument("--folder", type=pathlib.Path, required=True)
    parser.add_argument("--payments", type=int, default=250_000)
    parser.add_argument("--memory", action="append", default=[])
    parser.add_argument("--shards", action="append", default=[])
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    runs = Runs(options)
    faults = []

    def hold(name, made):
        if made["code"] != 0:
            faults.append(f"{name}: exit code {made['code']}: {made['errors'].strip()}")
            return
        different = runs.differences("whole", "divided")
        if different:
            faults.append(f"{name}: other files than the whole run's: {', '.join(different[:5])}")

    print("| | wall time | processor time | peak memory | peak address space |")
    print("|---|---:|---:|---:|---:|")
    whole = runs.run("whole", [])
    if whole["code"] != 0:
        sys.exit(f"memory.py: the whole run failed\n{whole['errors']}")
    row("whole", whole)
    for shards in options.shards:
        made = runs.run("divided", ["--shards", shards])
        row(f"`--shards {shards}`", made)
        hold(f"--shards {shards}", made)
    for memory in options.memory or ["256M"]:
        made = runs.run("divided", ["--memory", memory], limit=size(memory))
        row(f"`--memory {memory}` under `ulimit -v` of as much", made)
        hold(f"--memory {memory}", made)
        if runs.run("limited", [], limit=size(memory))["code"] == 0:
            faults.append(f"--memory {memory}: the whole run can be made in as much")
    for fault in faults:
        print(f"memory.py: {fault}", file=sys.stderr)
    sys.exit(1 if faults else 0)


main()
