#!/usr/bin/env python3
"""Dumps of the shapes that could cost far more than plain ones, made from generated dumps.

`make` writes one corner's folder and its pipeline; `ratios` runs the plain dumps and each corner,
prints what each costs for one of the plain run as a table of Markdown, and ends with an error
where a corner costs more than `--most` times as much.
"""

import argparse
import csv
import gzip
import json
import pathlib
import random
import shutil
import subprocess
import sys

from measure import measure, warm

TABLES = ["payments", "settlements", "bookings", "catalogue", "users"]
AS_OF = "2025-08-31T02:00:00Z"


class Dumps:
    """The plain dumps that a corner is made from, and the folder that it is written to."""

    def __init__(self, plain, folder):
        self.plain = plain
        self.folder = folder

    def rows(self, table):
        """The rows of a plain table, as dictionaries."""
        with open(self.plain / f"{table}.csv", newline="", encoding="utf-8") as file:
            yield from csv.DictReader(file)

    def header(self, table):
        """The names of a plain table's columns."""
        with open(self.plain / f"{table}.csv", newline="", encoding="utf-8") as file:
            return next(csv.reader(file))

    def write(self, table, rows, quoting=csv.QUOTE_MINIMAL, name=None):
        """Writes a table anew."""
        path = self.folder / f"{name or table}.csv"
        path.unlink(missing_ok=True)
        with open(path, "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(
                file, self.header(table), quoting=quoting, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)

    def change(self, table, change):
        """Writes a table anew, each row changed in place."""
        def changed():
            for index, row in enumerate(self.rows(table)):
                change(index, row)
                yield row
        self.write(table, changed())

    def empty(self, table):
        """Leaves nothing but a table's header."""
        self.write(table, [])


def quoted(dumps):
    for table in TABLES:
        dumps.write(table, dumps.rows(table), quoting=csv.QUOTE_ALL)


def one_user(dumps):
    def change(_, row):
        row["user_email"] = "ama@example.com"
    for table in ["payments", "bookings"]:
        dumps.change(table, change)


def one_user_unlinked(dumps):
    one_user(dumps)

    def change(_, row):
        row["user_email"] = "ama@example.com"
        row["payment_reference"] = ""
    dumps.change("bookings", change)


def share_references(dumps, payments):
    """Lets each ten thousand of the first payments share the reference of their first one."""
    shared = {}
    first = None
    for index, row in enumerate(dumps.rows("payments")):
        if index == payments:
            break
        first = row["reference"] if index % 10_000 == 0 else first
        shared[row["reference"]] = first
    for table, column in [
            ("payments", "reference"), ("settlements", "external_id"),
            ("bookings", "payment_reference")]:
        def change(_, row, column=column):
            row[column] = shared.get(row[column], row[column])
        dumps.change(table, change)


def one_reference(dumps):
    share_references(dumps, 10_000)


def shared_references(dumps):
    share_references(dumps, sys.maxsize)


def one_reference_otherwise(dumps):
    """No reference is the other side's, and all of them have the same letters and digits."""
    for table, column, text in [
            ("payments", "reference", "TRX1"), ("settlements", "external_id", "TRX-1")]:
        def change(_, row, column=column, text=text):
            row[column] = text
        dumps.change(table, change)


def repeated(dumps):
    """As many rows as there are, each of them twice: the first half of the payments, and theirs."""
    total = sum(1 for _ in dumps.rows("payments"))
    kept = {row["reference"] for _, row in zip(range(total // 2), dumps.rows("payments"))}
    for table, column in [
            ("payments", "reference"), ("settlements", "external_id"),
            ("bookings", "payment_reference")]:
        dumps.write(
            table, (row for row in dumps.rows(table) if row[column] in kept for _ in range(2)))


def unbooked_details(dumps):
    names = [row["name"] for row in dumps.rows("catalogue")]

    def change(index, row):
        row["metadata"] = json.dumps({
            "destination_name": names[index % len(names)], "type": "destination",
            "participants": 1 + index % 4, "booking_date": "2025-10-01"})
    dumps.change("payments", change)
    dumps.empty("bookings")


def unbooked_similar(dumps):
    """Ten thousand items, and descriptions each with two letters of a name changed."""
    places = """Kakum Volta Wli Ada Busua Winneba Elmina Accra Kumasi Tamale Mole Aburi Axim
        Bonwire Boti Shai Keta Paga Sirigu Larabanga Tafi Amedzofe Nzulezo Akosombo Dixcove"""
    manners = """Heritage Canopy Sunset Village River Market Guided Private Family Evening
        Morning Royal Coastal Forest Historic Mountain Garden Weekend Classic Grand"""
    things = """Tour Walk Cruise Visit Workshop Safari Concert Festival Hike Tasting Picnic
        Lecture Parade Regatta Retreat Banquet Exhibition Ceremony Climb Drumming"""
    names = [
        f"{place} {manner} {thing}" for place in places.split() for manner in manners.split()
        for thing in things.split()]
    dumps.write("catalogue", (
        {"item_id": f"I-{number:05}", "name": name, "kind": "destination", "price": "60.00",
         "currency": "GHS", "aliases": ""} for number, name in enumerate(names)))
    draws = random.Random(1)

    def change(_, row):
        letters = list(draws.choice(names))
        for place in draws.sample(range(len(letters)), 2):
            letters[place] = draws.choice("abcdefghijklmnopqrstuvwxyz")
        row["description"] = "".join(letters)
        row["metadata"] = ""
    dumps.change("payments", change)
    dumps.empty("bookings")


def all_breaks(dumps):
    """No payment has a settlement, no settlement a payment, and no booking either."""
    def settlement(index, row):
        row["external_id"] = f"{row['external_id']}-{index}"
        row["status"] = "SUCCESSFUL"

    def payment(_, row):
        row["status"] = "successful"

    def booking(index, row):
        row["payment_reference"] = ""
        row["user_email"] = f"x{index // 20}@example.com"
        row["status"] = "confirmed"
    dumps.change("settlements", settlement)
    dumps.change("payments", payment)
    dumps.change("bookings", booking)


def short_payments(dumps):
    """A break for each payment: what was settled falls short, and what was not is due."""
    def settlement(_, row):
        row["amount"] = row["amount"].split(".")[0][:-1] + "0.01"

    def payment(_, row):
        row["status"] = "successful"
    dumps.change("settlements", settlement)
    dumps.change("payments", payment)


def rejects(dumps):
    """As many rows again that are no payments."""
    def spoiled():
        for index, row in enumerate(dumps.rows("payments")):
            yield row
            column = ["amount", "status", "created_at"][index % 3]
            yield row | {"payment_id": f"R{index}", column: f"no {column}"}
    dumps.write("payments", spoiled())


def hundred_files(dumps):
    for table, parts in [("payments", 34), ("settlements", 33), ("bookings", 33)]:
        count = sum(1 for _ in dumps.rows(table))
        rows = dumps.rows(table)
        (dumps.folder / f"{table}.csv").unlink()
        for part in range(parts):
            size = count * (part + 1) // parts - count * part // parts
            dumps.write(table, (next(rows) for _ in range(size)), name=f"{table}-{part:02}")


def gzipped(dumps):
    for table in TABLES:
        source = dumps.folder / f"{table}.csv"
        with open(source, "rb") as plain, gzip.open(f"{source}.gz", "wb", 6) as packed:
            shutil.copyfileobj(plain, packed, 1 << 20)
        source.unlink()


def zstandard(dumps):
    for table in TABLES:
        source = dumps.folder / f"{table}.csv"
        subprocess.run(["zstd", "-q", str(source.resolve()), "-o", f"{source}.zst"], check=True)
        source.unlink()


CORNERS = {
    "every row quoted": quoted,
    "one user with all payments": one_user,
    "one reference used by 10,000 payments": one_reference,
    "all rows repeated": repeated,
    "no bookings, JSON details": unbooked_details,
    "no bookings, 10,000 similar items": unbooked_similar,
    "every row a break": short_payments,
    "as many rejects again": rejects,
    "100 input files": hundred_files,
    "gzip": gzipped,
    "zstd": zstandard,
}

# Worse than what is promised to cost three times a plain run at most. Their work must grow with
# their rows all the same; `--corner` measures them.
WORSE = {
    "one user, nothing linked": one_user_unlinked,
    "each reference used by 10,000 payments": shared_references,
    "one reference, written in two ways": one_reference_otherwise,
    "every payment, line and booking a break": all_breaks,
}
SHAPES = CORNERS | WORSE


def make(plain, pipeline, corner, folder):
    """Makes a corner's dumps in a folder, and beside them their pipeline, whose path is returned."""
    done = pathlib.Path(f"{folder}.yaml")
    if not done.exists() or done.stat().st_mtime < max(
            pathlib.Path(__file__).stat().st_mtime, pipeline.stat().st_mtime):
        print(f"making {folder}", file=sys.stderr)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for table in TABLES:
            # A table that a corner leaves as it is need not be there twice.
            (folder / f"{table}.csv").symlink_to(plain.resolve() / f"{table}.csv")
        SHAPES[corner](Dumps(plain, folder))
        text = pipeline.read_text(encoding="utf-8")
        for table in TABLES:
            text = text.replace(f"files: {table}.csv", f'files: "{table}*.csv*"')
        # The definition comes last, so that its presence means that the dumps are complete.
        done.write_text(text + "max_rejects: 100\n", encoding="utf-8")
    return done


def slug(corner):
    """A corner's name as that of a folder."""
    return "-".join("".join(c if c.isalnum() else " " for c in corner).split())


def chosen(words):
    """The shapes whose names hold one of these words; without a word, those that are promised."""
    found = [name for name in SHAPES if any(word in name for word in words)]
    if words and not found:
        sys.exit(f"corners.py: there is no such corner; there are: {'; '.join(SHAPES)}")
    return found or list(CORNERS)


def ratios(options):
    """Measures each corner in turns with the plain dumps."""
    def run(pipeline, dumps):
        files = sorted(str(path) for path in dumps.glob("*.csv*"))
        warm(files)
        measured = []
        for _ in range(options.rounds):
            out = options.folder / "out"
            shutil.rmtree(out, ignore_errors=True)
            _, processor, memory = measure([
                options.trueup, "run", str(pipeline), "--in", str(dumps), "--out", str(out),
                "--as-of", AS_OF, "--fail-on", "never", "--no-archive", "--quiet",
                "--threads", str(options.threads)])
            measured.append((processor, memory))
            shutil.rmtree(out)
        # Whatever else the machine does only adds to what a run needs.
        return [min(column) for column in zip(*measured)]

    plain = run(options.pipeline, options.plain)
    payments = json.loads((options.plain / "truth.json").read_text(encoding="utf-8"))["payments"]
    print(f"{payments:,} payments, {options.threads} threads, the least of {options.rounds} "
          "runs; × is for one of the plain run\n")
    print("| | processor | peak memory | processor × | memory × |\n|---|---:|---:|---:|---:|")
    print(f"| plain | {plain[0]:.2f} s | {plain[1]:,.0f} MB | | |", flush=True)
    slow = []
    for corner in chosen(options.corner):
        folder = options.folder / slug(corner)
        mine = run(make(options.plain, options.pipeline, corner, folder), folder)
        times = [of_corner / of_plain for of_corner, of_plain in zip(mine, plain)]
        print(f"| {corner} | {mine[0]:.2f} s | {mine[1]:,.0f} MB | {times[0]:.2f} | "
              f"{times[1]:.2f} |", flush=True)
        if max(times) > options.most:
            slow.append(corner)
        if not options.keep:
            pathlib.Path(f"{folder}.yaml").unlink()
            shutil.rmtree(folder)
    if slow:
        sys.exit(f"corners.py: more than {options.most} times the plain run: {'; '.join(slow)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trueup", required=True)
    parser.add_argument("--plain", required=True, type=pathlib.Path, help="generated dumps")
    parser.add_argument("--pipeline", required=True, type=pathlib.Path, help="their pipeline")
    parser.add_argument("--folder", required=True, type=pathlib.Path,
                        help="where corners and outputs are written")
    parser.add_argument("--corner", action="append", default=[], metavar="WORDS",
                        help="only the corners whose names hold these words")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--most", type=float, default=3)
    parser.add_argument("--keep", action="store_true", help="keep each corner's dumps")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    ratios(options)


if __name__ == "__main__":
    main()
