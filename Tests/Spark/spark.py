"""Submits runs to Spark, and compares what they leave with what runs without it leave."""

import argparse
import filecmp
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import components
import dumps

AS_OF = "2025-08-31T02:00:00Z"
THE_NIGHT_BEFORE = "2025-08-30T02:00:00Z"
# What depends on the clock or the machine.
OF_THE_MACHINE = {"timings.json", "metrics.prom"}
PARTS = 6
WORKERS = 2
SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.log.level": "ERROR",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.eventLog.enabled": "true",
    "spark.eventLog.compress": "false",
}
# What short runs on few cores take less time with, and long ones more.
SETTINGS_OF_SHORT_RUNS = {
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
    "spark.executor.extraJavaOptions": "-XX:TieredStopAtLevel=1",
}


class Fault(Exception):
    """Something that is not as it is promised."""


class Night:
    """Dumps and their definition, over which both run."""

    def __init__(self, options: argparse.Namespace, name: str):
        self.options = options
        self.settings = {**SETTINGS, **SETTINGS_OF_SHORT_RUNS}
        self.folder: pathlib.Path = options.folder / name
        self.folder.mkdir()
        self.dumps = self.folder / "dumps"
        self.pipeline = self.folder / "night.yaml"

    def generate(self, payments: int) -> None:
        """Has dumps generated."""
        subprocess.run(
            [self.options.programs / "trueup-generate", "--payments", str(payments), "--seed", "7",
             "--out", self.dumps, "--pipeline", self.pipeline], check=True)

    def run(self, out: str, as_of: str = AS_OF) -> None:
        """Runs without Spark."""
        subprocess.run(
            [self.options.programs / "trueup", "run", self.pipeline, "--in", self.dumps, "--out",
             self.folder / out, "--as-of", as_of, "--quiet", "--fail-on", "never"], check=True)

    def submit(
        self, out: str, workers: int = WORKERS, parts: int = PARTS
    ) -> subprocess.Popen[bytes]:
        """Begins a run on Spark, which leaves what each step took in `OUT.json` beside OUT."""
        events = self.folder / f"{out}-events"
        events.mkdir()
        settings = {**self.settings, "spark.master": f"local-cluster[{workers},1,1024]",
                    "spark.eventLog.dir": events.as_uri()}
        words = [f"--conf={name}={value}" for name, value in settings.items()]
        return subprocess.Popen(
            [pathlib.Path(sys.executable).with_name("spark-submit"), *words,
             "--files", f"{self.options.programs / 'trueup'},{self.pipeline}",
             self.options.repository / "pipelines/spark/reconcile.py", "night.yaml",
             "--in", self.dumps, "--out", self.folder / out, "--staging", self.folder / "staging",
             "--as-of", AS_OF, "--parts", str(parts), "--quiet", "--fail-on", "never",
             "--timings", self.folder / f"{out}.json"],
            env={**{name: value for name, value in os.environ.items() if name != "SPARK_HOME"},
                 "SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable},
            stdout=subprocess.DEVNULL, start_new_session=True)

    def events(self, out: str = "spark") -> Iterator[dict[str, Any]]:
        """What Spark wrote down of the run."""
        for path in sorted((self.folder / f"{out}-events").rglob("events_*")):
            with path.open(encoding="utf-8") as file:
                yield from map(json.loads, file)

    def compare(self, left: str, right: str) -> None:
        """Fails where anything differs in the two output folders, or Spark left something behind."""
        different = sorted(differences(self.folder / left, self.folder / right))
        if different:
            raise Fault(f"{self.folder.name}: other bytes in {', '.join(different[:9])}")
        left_behind = list((self.folder / "staging").glob("*"))
        if left_behind:
            raise Fault(f"{self.folder.name}: {left_behind[0]} was left behind")


def differences(left: pathlib.Path, right: pathlib.Path) -> set[str]:
    """The files of two folders that differ, or that only one has."""
    one, two = ({str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
                for folder in (left, right))
    if not one:
        raise Fault(f"{left} has no files")
    _, unlike, failed = filecmp.cmpfiles(left, right, one & two, shallow=False)
    return {name for name in one ^ two | {*unlike, *failed}
            if pathlib.Path(name).name not in OF_THE_MACHINE}


# MARK: A worker that dies

class Killer(threading.Thread):
    """Kills one worker while it finds a part, when another part has been found before."""

    def __init__(self, night: Night):
        super().__init__(daemon=True)
        self.plan = str(night.folder)
        self.killed: int | None = None
        self.stop = threading.Event()

    def run(self) -> None:
        """Watches until there is something to kill."""
        seen: set[int] = set()
        while not self.stop.is_set():
            for process in processes():
                words = command(process)
                if len(words) > 2 and words[1] == "shard" and is_below(process, os.getpid()):
                    seen.add(process)
                    worker = above(process, "CoarseGrainedExecutorBackend")
                    if len(seen) > 1 and worker is not None:
                        os.kill(worker, signal.SIGKILL)
                        self.killed = worker
                        return
            time.sleep(0.002)


def processes() -> list[int]:
    """All there are."""
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def command(process: int) -> list[str]:
    """What a process was started with; nothing where it has ended."""
    try:
        return pathlib.Path(f"/proc/{process}/cmdline").read_text(encoding="utf-8").split("\0")
    except (OSError, UnicodeDecodeError):
        return []


def parents(process: int) -> Iterator[int]:
    """The parent of a process, its parent, and so on."""
    while process > 1:
        try:
            text = pathlib.Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
        except OSError:
            return
        process = int(text.rpartition(")")[2].split()[1])
        yield process


def is_below(process: int, ancestor: int) -> bool:
    """Whether a process was started by another, or by one that it started."""
    return ancestor in parents(process)


def above(process: int, word: str) -> int | None:
    """The nearest process above that was started with a word ending so."""
    return next(
        (parent for parent in parents(process)
         if any(each.endswith(word) for each in command(parent))), None)


# MARK: What is held

def plain(options: argparse.Namespace) -> None:
    """A worker that dies changes nothing."""
    night = Night(options, "plain")
    night.generate(options.payments)
    night.run("single")
    killer = Killer(night)
    submitted = night.submit("spark")
    killer.start()
    ended(submitted)
    killer.stop.set()
    killer.join()
    if killer.killed is None:
        raise Fault("plain: no worker was killed")
    lost = [event for event in night.events() if event["Event"] == "SparkListenerExecutorRemoved"]
    failed = [event for event in night.events() if event["Event"] == "SparkListenerTaskEnd"
              and event["Task End Reason"]["Reason"] != "Success"]
    if not lost or not failed:
        raise Fault("plain: Spark did not notice that a worker was killed")
    night.compare("single", "spark")


def awkward(options: argparse.Namespace) -> None:
    """Neither does what stands in the dumps, nor what waits from an earlier run."""
    source = Night(options, "source")
    source.generate(options.payments // 5)
    night = Night(options, "awkward")
    dumps.make(source.dumps, night.dumps)
    night.pipeline.write_text(
        dumps.pipeline(source.pipeline.read_text(encoding="utf-8")), encoding="utf-8")
    night.run("single", THE_NIGHT_BEFORE)
    shutil.copytree(night.folder / "single", night.folder / "spark", symlinks=True)
    night.run("single")
    ended(night.submit("spark"))
    night.compare("single", "spark")


def ended(process: subprocess.Popen[bytes]) -> None:
    """Waits until a run on Spark has ended well."""
    code = process.wait(timeout=600)
    if code != 0:
        raise Fault(f"the run on Spark ended with exit code {code}")


def main() -> None:
    """Holds everything, or what was asked for."""
    held: dict[str, Callable[[argparse.Namespace], None]] = {
        "groups": components.hold, "plain": plain, "awkward": awkward}
    parser = argparse.ArgumentParser()
    for name in ("programs", "repository", "folder"):
        parser.add_argument(f"--{name}", type=pathlib.Path, required=True)
    parser.add_argument("--payments", type=int, default=200_000)
    parser.add_argument("--only", choices=held)
    options = parser.parse_args()
    for name, hold in held.items():
        if options.only in (None, name):
            begun = time.monotonic()
            hold(options)
            print(f"Spark, {name}: all as without it, {time.monotonic() - begun:.0f} s",
                  flush=True)


if __name__ == "__main__":
    try:
        main()
    except Fault as fault:
        sys.exit(f"spark.py: {fault}")
