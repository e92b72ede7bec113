#!/usr/bin/env python3
"""Measures a run of trueup in turns with `wc -l` over the same files, and prints medians."""

import argparse
import json
import os
import pathlib
import shutil
import statistics
import sys
import time

DUMPS = ["payments.csv", "settlements.csv", "bookings.csv", "catalogue.csv", "users.csv"]


def measure(command):
    """Runs a command to its end: wall seconds, processor seconds, peak memory in MB."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    begin = time.perf_counter()
    actions = [(os.POSIX_SPAWN_DUP2, nowhere, 1)]
    child = os.posix_spawnp(command[0], command, os.environ, file_actions=actions)
    _, status, usage = os.wait4(child, 0)
    wall = time.perf_counter() - begin
    os.close(nowhere)
    code = os.waitstatus_to_exitcode(status)
    if code != 0:
        sys.exit(f"measure.py: {' '.join(command)} ended with {code}")
    # Linux counts peak memory in units of 1024 bytes, and a child begins with this process's own,
    # so that nothing below some 15 MB can be told apart.
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024 / 1e6


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trueup", required=True)
    parser.add_argument("--pipeline", required=True)
    parser.add_argument("--dumps", required=True, type=pathlib.Path)
    parser.add_argument("--out", required=True, type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads")
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error("--rounds must be at least 1")

    truth = json.loads((options.dumps / "truth.json").read_text(encoding="utf-8"))
    files = [str(options.dumps / name) for name in DUMPS]
    size = sum(os.path.getsize(name) for name in files)
    run = [options.trueup, "run", options.pipeline, "--in", str(options.dumps),
           "--out", str(options.out), "--as-of", truth["as_of"], "--no-archive",
           "--fail-on", "never", "--quiet"]
    if options.threads:
        run += ["--threads", options.threads]
    commands = {"trueup run": run, "wc -l": ["wc", "-l", *files]}

    measured = {name: [] for name in commands}
    for command in commands.values():
        # The first time fills the page cache and is not counted.
        shutil.rmtree(options.out, ignore_errors=True)
        measure(command)
    for _ in range(options.rounds):
        for name, command in commands.items():
            shutil.rmtree(options.out, ignore_errors=True)
            measured[name].append(measure(command))
    shutil.rmtree(options.out, ignore_errors=True)

    cores = len(os.sched_getaffinity(0))
    print(f"{truth['payments']} payments, {truth['settlement_rows']} settlement rows, "
          f"{truth['booking_rows']} bookings, {size / 1e6:.0f} MB; "
          f"{cores} cores; medians of {options.rounds}")
    print(f"{'':12}{'wall s':>10}{'cpu s':>10}{'peak MB':>10}{'MB/s':>10}")
    for name, rounds in measured.items():
        wall, cpu, peak = (statistics.median(column) for column in zip(*rounds))
        print(f"{name:12}{wall:10.2f}{cpu:10.2f}{peak:10.0f}{size / 1e6 / wall:10.0f}")


if __name__ == "__main__":
    main()
