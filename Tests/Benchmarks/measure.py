#!/usr/bin/env python3
"""Measures a run of trueup in turns with the same reconciliation by its peers.

First every answer is compared, row by row; only then is anything measured. Prints medians, and
what each takes of wall time, processor time and memory for one of `trueup run --no-archive`, as a
table of Markdown.
"""

import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
DUMPS = ["payments.csv", "settlements.csv", "bookings.csv", "catalogue.csv", "users.csv"]
TITLES = {"duckdb": "DuckDB", "polars": "polars"}
BASE = "`trueup run --no-archive`"


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
    # Linux counts peak memory in units of 1024 bytes, for the child and those that it waited for,
    # and a child begins with this process's own, so that nothing below some 15 MB can be told
    # apart.
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024 / 1e6


def warm(files):
    """Reads files once, so that every command finds them in the page cache."""
    for name in files:
        with open(name, "rb", buffering=0) as file:
            while file.read(1 << 20):
                pass


class Peer:
    """Another reconciliation of the same dumps: an engine in one of its modes."""

    def __init__(self, name, options, as_of):
        engine, _, mode = name.partition(":")
        if engine not in TITLES:
            sys.exit(f"measure.py: there is no peer {engine}; there are {', '.join(TITLES)}")
        self.answer = options.out / f"answer-{engine}-{mode or 'default'}"
        self.name = name
        python = str(options.python)
        self.command = [
            python, str(HERE / "peers" / f"reconcile_{engine}.py"), str(options.dumps),
            str(self.answer), "--as-of", as_of, "--threads", str(options.threads)]
        if mode:
            self.command += ["--mode", mode]
        version = subprocess.run(
            [python, "-c", f"import {engine}; print({engine}.__version__)"],
            check=True, capture_output=True, text=True).stdout.strip()
        self.title = f"{TITLES[engine]} {version}" + (f" ({mode})" if mode else "")


def hold_against(run, peers, options):
    """Runs everything once, uncounted, and ends with an error where an answer differs."""
    out = options.out / "run"
    measure(run)
    arguments = [str(out / "latest"), "--scratch", str(options.out)]
    for peer in peers:
        measure(peer.command)
        arguments += ["--answer", f"{peer.name}={peer.answer}"]
    compared = subprocess.run(
        [sys.executable, str(HERE / "compare.py"), *arguments], stdout=sys.stderr, check=False)
    if compared.returncode != 0:
        sys.exit("measure.py: the answers differ, so nothing is measured")


def rows(measured):
    """The table's rows: medians, and their ratios to those of the base."""
    medians = {
        name: [statistics.median(column) for column in zip(*rounds)]
        for name, rounds in measured.items()}
    for name, (wall, processor, peak) in medians.items():
        ratios = [mine / base for mine, base in zip(medians[name], medians[BASE])]
        yield (f"| {name} | {wall:.2f} s | {processor:.2f} s | {peak:,.0f} MB | "
               + " | ".join(f"{ratio:.2f}" for ratio in ratios) + " |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trueup", required=True)
    parser.add_argument("--pipeline", required=True)
    parser.add_argument("--dumps", required=True, type=pathlib.Path)
    parser.add_argument("--out", required=True, type=pathlib.Path,
                        help="a folder for what is written; it is removed")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--peers", default="",
                        help="such as duckdb,polars or duckdb:tables,polars:in-memory")
    parser.add_argument("--python", help="the Python that has the peers")
    options = parser.parse_args()
    if options.rounds < 1 or options.threads < 1:
        parser.error("--rounds and --threads must be at least 1")
    if options.peers and not options.python:
        parser.error("--peers needs --python")

    truth = json.loads((options.dumps / "truth.json").read_text(encoding="utf-8"))
    files = [str(options.dumps / name) for name in DUMPS]
    archived = [
        options.trueup, "run", options.pipeline, "--in", str(options.dumps),
        "--out", str(options.out / "run"), "--as-of", truth["as_of"], "--fail-on", "never",
        "--quiet", "--threads", str(options.threads)]
    run = [*archived, "--no-archive"]
    peers = [Peer(name, options, truth["as_of"]) for name in options.peers.split(",") if name]

    def clear():
        shutil.rmtree(options.out, ignore_errors=True)
        options.out.mkdir(parents=True)

    clear()
    warm(files)
    if peers:
        hold_against(run, peers, options)
        clear()
        warm(files)
    commands = {BASE: run, "`trueup run`": archived}
    commands |= {peer.title: peer.command for peer in peers}
    commands["`wc -l` over the same files"] = ["wc", "-l", *files]
    measured = {name: [] for name in commands}
    for _ in range(options.rounds):
        for name, command in commands.items():
            measured[name].append(measure(command))
            clear()
    shutil.rmtree(options.out)

    size = sum(os.path.getsize(name) for name in files)
    cores = len(os.sched_getaffinity(0))
    print(f"{truth['payments']:,} payments, {truth['settlement_rows']:,} settlement rows, "
          f"{truth['booking_rows']:,} bookings, {size / 1e6:,.0f} MB; {options.threads} threads "
          f"on {cores} cores; medians of {options.rounds}; × is for one of the first row\n")
    print("| | wall | processor | peak memory | wall × | processor × | memory × |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    print(*rows(measured), sep="\n", flush=True)


if __name__ == "__main__":
    main()
