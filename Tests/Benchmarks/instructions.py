#!/usr/bin/env python3
"""Counts the instructions of each stage under callgrind, which counts the same every time.

Holds those of a run over fixed dumps against the figures of `instructions.json`, and those of
dumps of awkward shapes against those of dumps of half their size: a stage whose work grows with the
square of its rows would need four times as many.
"""

import argparse
import datetime
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

import corners

FIGURES = pathlib.Path(__file__).resolve().parent / "instructions.json"

# A stage may differ by so much before it counts as another figure; what is smaller than the floor
# is not worth a word. README.md says how much counts vary.
TOLERANCE = 0.03
FLOOR = 2_000_000

PAYMENTS = 5_000

# Twice the rows may need so many times the instructions: sorting needs 2.2 times, and a search that
# looks at a bounded number of candidates a little more, as long as there are not that many.
GROWTH = 2.4
SMALL, LARGE = 2_000, 4_000
GROWING = [
    "one user with all payments", "one user, nothing linked",
    "each reference used by 10,000 payments", "one reference, written in two ways",
    "all rows repeated", "no bookings, JSON details", "no bookings, 10,000 similar items",
    "every row a break", "every payment, line and booking a break", "as many rejects again",
]


class Counter:
    """Runs the program under callgrind, outside the repository."""

    def __init__(self, programs, folder):
        self.programs = programs
        self.folder = folder

    def generate(self, payments):
        """The generated dumps of so many payments, and their pipeline."""
        dumps = self.folder / f"plain-{payments}"
        pipeline = self.folder / f"plain-{payments}.yaml"
        if not dumps.exists():
            subprocess.run(
                [self.programs / "trueup-generate", "--payments", str(payments), "--seed", "1",
                 "--out", dumps, "--pipeline", pipeline], check=True)
        return dumps, pipeline

    def count(self, pipeline, dumps):
        """The instructions of each stage of a run."""
        out, counts = self.folder / "out", self.folder / "counts"
        for folder in [out, counts]:
            shutil.rmtree(folder, ignore_errors=True)
        counts.mkdir()
        # One thread, and one seed of hashes: how much work there is depends on neither clock nor
        # luck. Each dump of callgrind ends where a stage begins, so that it holds one stage.
        done = subprocess.run(
            ["valgrind", "--tool=callgrind", f"--callgrind-out-file={counts}/part",
             "--dump-before=$s8Pipeline10StageClockV5begin*", self.programs / "trueup",
             "run", pipeline, "--in", dumps, "--out", out, "--as-of", corners.AS_OF,
             "--fail-on", "never", "--no-archive", "--quiet", "--threads", "1"],
            env={"PATH": os.environ["PATH"], "LC_ALL": "C", "SWIFT_DETERMINISTIC_HASHING": "1"},
            capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit(f"instructions.py: the run under callgrind failed\n{done.stderr[-2000:]}")
        timings = json.loads((out / "latest" / "timings.json").read_text(encoding="utf-8"))
        totals = {}
        for part in counts.iterdir():
            text = part.read_text(encoding="utf-8", errors="replace")
            number = re.search(r"^part: (\d+)$", text, re.MULTILINE)
            total = re.search(r"^(?:totals|summary): (\d+)", text, re.MULTILINE)
            if number and total:
                totals[int(number[1])] = int(total[1])
        names = ["start", *timings["stages_ms"]]
        if len(totals) != len(names):
            sys.exit(f"instructions.py: {len(totals)} parts were counted, not {len(names)}")
        return dict(zip(names, (totals[number] for number in sorted(totals))))


def compiler():
    """The compiler's version: another one counts otherwise."""
    text = subprocess.run(
        ["swift", "--version"], check=True, capture_output=True, text=True).stdout
    return re.search(r"Swift version (\S+)", text)[1]


def compare(counter, options):
    """Holds the stages of a fixed run against the accepted figures; returns what differs."""
    dumps, pipeline = counter.generate(PAYMENTS)
    found = counter.count(pipeline, dumps)
    found["all"] = sum(found.values())
    known = json.loads(FIGURES.read_text(encoding="utf-8")) if FIGURES.exists() else {}
    accepted = known.get("instructions", {})
    print(f"\nmillions of instructions, {PAYMENTS:,} payments\n")
    print("| stage | accepted | now | |\n|---|---:|---:|---:|")
    worse, better = [], []
    for stage in [*found, *(accepted.keys() - found.keys())]:
        before, now = accepted.get(stage, 0), found.get(stage, 0)
        change = f"{(now - before) / before:+.1%}" if before else "new"
        print(f"| {stage} | {before / 1e6:,.1f} | {now / 1e6:,.1f} | {change} |")
        if abs(now - before) > max(FLOOR, TOLERANCE * before):
            (worse if now > before else better).append(f"{stage} {change}")
    if options.accept:
        reasons = known.get("accepted", [])
        reasons.append({
            "date": datetime.date.today().isoformat(), "why": options.accept,
            "all": found["all"]})
        FIGURES.write_text(json.dumps(
            {"swift": compiler(), "payments": PAYMENTS, "instructions": found,
             "accepted": reasons}, indent=2) + "\n", encoding="utf-8")
        print(f"\naccepted: {options.accept}")
        return []
    command = 'Tests/Benchmarks/instructions.sh --accept "WHY"'
    if better:
        print(f"\nless than accepted: {', '.join(better)}; {command} makes these the figures")
    if not worse:
        return []
    other = compiler()
    if other != known.get("swift"):
        # Nobody changed the program, perhaps.
        worse.append(f"(accepted with Swift {known.get('swift')}, and this is {other})")
    return [f"more than accepted: {', '.join(worse)}; where that must be, {command} says why"]


def growth(counter):
    """Holds each stage over awkward dumps against half as many rows; returns what grows too much."""
    print(f"\ninstructions for {LARGE:,} payments, as multiples of those for {SMALL:,}\n")
    print("| | stage that grows most | × |\n|---|---|---:|")
    problems = []
    for corner in GROWING:
        counts = []
        for payments in [SMALL, LARGE]:
            plain, pipeline = counter.generate(payments)
            folder = counter.folder / f"{corners.slug(corner)}-{payments}"
            counts.append(counter.count(corners.make(plain, pipeline, corner, folder), folder))
        small, large = counts
        ratios = {
            stage: large[stage] / small[stage] for stage in small if large[stage] > FLOOR}
        stage = max(ratios, key=ratios.get)
        print(f"| {corner} | {stage} | {ratios[stage]:.2f} |", flush=True)
        problems += [
            f"{corner}: {stage} needs {ratio:.2f} times as much for twice the rows"
            for stage, ratio in ratios.items() if ratio > GROWTH]
    return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--programs", required=True, type=pathlib.Path,
                        help="where the release's programs are")
    parser.add_argument("--folder", required=True, type=pathlib.Path,
                        help="an empty folder outside the repository")
    parser.add_argument("--accept", metavar="WHY", help="make these the figures, and say why")
    parser.add_argument("--only", choices=["stages", "growth"])
    options = parser.parse_args()
    if options.accept is not None and not options.accept.strip():
        parser.error("--accept needs the reason")
    counter = Counter(options.programs, options.folder)
    problems = []
    if options.only != "growth":
        problems += compare(counter, options)
    if options.only != "stages" and not options.accept:
        problems += growth(counter)
    if problems:
        sys.exit("\n".join(["", *(f"instructions.py: {problem}" for problem in problems)]))


if __name__ == "__main__":
    main()
