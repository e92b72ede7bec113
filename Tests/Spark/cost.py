"""Measures what runs on Spark cost: processor time and memory of every process, and what is shuffled."""

import argparse
import json
import math
import os
import pathlib
import threading
import time
from typing import NamedTuple

import spark

TICKS = os.sysconf("SC_CLK_TCK")
# Processes that live shorter are not seen; those of a run live for a second at least.
INTERVAL = 0.1


class Process(NamedTuple):
    """What a process has taken so far."""

    kind: str
    seconds: float
    peak: int


class Meter(threading.Thread):
    """Looks at all processes of a session, again and again, until it is stopped."""

    def __init__(self, session: int):
        super().__init__(daemon=True)
        self.session = session
        self.seen: dict[int, Process] = {}
        self.stop = threading.Event()

    def run(self) -> None:
        """Keeps what each process had taken when it was last seen."""
        while not self.stop.wait(INTERVAL):
            for process in spark.processes():
                found = look(process, self.session)
                if found is not None:
                    # One that has ended, and is still listed, has no words and no memory any more.
                    before = self.seen.get(process, found)
                    self.seen[process] = Process(
                        found.kind or before.kind or "other", found.seconds, max(found.peak, before.peak))

    def seconds(self) -> dict[str, float]:
        """Processor time by kind of process."""
        sums: dict[str, float] = {}
        for process in self.seen.values():
            sums[process.kind] = sums.get(process.kind, 0) + process.seconds
        return sums

    def peak(self, kind: str) -> int:
        """The most bytes that one process of a kind had in memory."""
        return max((process.peak for process in self.seen.values() if process.kind == kind), default=0)


def look(process: int, session: int) -> Process | None:
    """What a process has taken, where it belongs to the session and has not ended."""
    folder = pathlib.Path(f"/proc/{process}")
    try:
        fields = (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        if int(fields[3]) != session:
            return None
        status = (folder / "status").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    peaks = [int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")]
    return Process(
        kind(spark.command(process)), (int(fields[11]) + int(fields[12])) / TICKS,
        peaks[0] * 1024 if peaks else 0)


def kind(words: list[str]) -> str:
    """What a process does in a run."""
    name = pathlib.Path(words[0]).name if words else ""
    if not name:
        return ""
    if name == "trueup":
        return f"trueup {words[1]}"
    return {"java": "Spark"}.get(name, "Python" if name.startswith("python") else "other")


def shuffled(night: spark.Night, out: str) -> int:
    """The bytes that workers wrote for others to fetch."""
    return sum(
        event["Task Metrics"]["Shuffle Write Metrics"]["Shuffle Bytes Written"]
        for event in night.events(out)
        if event["Event"] == "SparkListenerTaskEnd" and "Task Metrics" in event)


def measure(night: spark.Night, workers: int, parts: int) -> None:
    """Runs with so many workers, of a core each, and prints what that took."""
    out = f"of-{workers}"
    begun = time.monotonic()
    submitted = night.submit(out, workers, parts)
    meter = Meter(submitted.pid)
    meter.start()
    spark.ended(submitted)
    wall = time.monotonic() - begun
    meter.stop.set()
    meter.join()
    night.compare("single", out)
    steps = json.loads((night.folder / f"{out}.json").read_text(encoding="utf-8"))
    print(f"\n{workers} workers: {wall:.1f} s, {steps['parts']} parts\n\n| step | wall time |\n|---|---:|")
    for step, seconds in steps["seconds"].items():
        print(f"| {step} | {seconds:.1f} s |")
    print("\n| process | processor time | peak memory of one |\n|---|---:|---:|")
    for name, seconds in sorted(meter.seconds().items()):
        print(f"| {name} | {seconds:.1f} s | {meter.peak(name) >> 20} MiB |")
    print(
        f"\nshuffled {shuffled(night, out) / 1e6:.0f} MB, parts of {steps['bytes_of_parts'] / 1e6:.0f} MB",
        flush=True)


def main() -> None:
    """Generates dumps, and runs over them with each number of workers."""
    parser = argparse.ArgumentParser()
    for name in ("programs", "repository", "folder"):
        parser.add_argument(f"--{name}", type=pathlib.Path, required=True)
    parser.add_argument("--payments", type=int, default=1_000_000)
    parser.add_argument("--workers", default="1,2", help="with commas between")
    parser.add_argument("--parts", type=int)
    options = parser.parse_args()
    night = spark.Night(options, "night")
    night.settings = spark.SETTINGS
    night.generate(options.payments)
    size = sum(path.stat().st_size for path in night.dumps.iterdir())
    print(f"{options.payments:,} payments, {size / 1e6:.0f} MB", flush=True)
    begun = time.monotonic()
    night.run("single")
    print(f"without Spark: {time.monotonic() - begun:.1f} s", flush=True)
    for workers in map(int, options.workers.split(",")):
        measure(night, workers, options.parts or max(4, math.ceil(options.payments / 125_000)))


if __name__ == "__main__":
    main()
