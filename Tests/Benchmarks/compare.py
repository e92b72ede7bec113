#!/usr/bin/env python3
"""Holds the answers of other reconciliations against a published run, row by row.

    compare.py RUN --answer NAME=DIR …   fails where any row of any answer differs
    compare.py RUN --write DIR           writes the run's own answer in the form of the others

An answer is a folder of five files: what became of each payment, which bookings are missing, which
bookings and settlement lines belong to no payment, and each user's totals. Rows may stand in any
order; all of their texts must be the same, amounts to the last digit. Both sides are sorted by
`sort`, outside of memory, so that no size is too large.
"""

import argparse
import csv
import filecmp
import itertools
import json
import os
import pathlib
import subprocess
import sys
import tempfile

SHOWN = 5
ABSENT = "nothing"


class Table:
    """A file of an answer: its columns, of which the first is the key, and where a run has it."""

    def __init__(self, name, columns, sources):
        self.name = name
        self.columns = columns
        self.sources = sources

    def of_run(self, run):
        """The rows that a published run has."""
        return itertools.chain.from_iterable(source(run) for source in self.sources)

    def of_answer(self, folder):
        """The rows of an answer; which columns there are is part of it."""
        return columns_of(folder / self.name, self.columns)


def columns_of(path, columns, keep=None):
    """Some columns of a file of CSV, of those rows whose value of a column is as `keep` says."""
    with open(path, newline="", encoding="utf-8") as file:
        reader = csv.reader(file, strict=True)
        header = next(reader, [])
        unknown = [name for name in columns if name is not None and name not in header]
        if unknown:
            raise ValueError(f"{path} has no column {unknown[0]}")
        places = [None if name is None else header.index(name) for name in columns]
        filtered, wanted = (header.index(keep[0]), keep[1]) if keep else (0, None)
        for row in reader:
            if len(row) != len(header):
                raise ValueError(f"{path}:{reader.line_num}: a row of {len(row)} fields")
            if keep is None or row[filtered] == wanted:
                yield [row[place] for place in places]


def some_of(name, columns, keep=None):
    """Where rows stand in a file of a run."""
    return lambda run: columns_of(run / name, columns, keep)


def tickets(run):
    """New tickets in the columns of new bookings; their kind goes without saying."""
    columns = ["payment_id", "user", "item_id", "quantity", "amount", "currency", "event_date"]
    for row in columns_of(run / "new_tickets.csv", columns):
        yield [*row[:3], "ticket", *row[3:]]


def dashboards(run):
    """The totals of each user's summary."""
    with open(run / "dashboards.jsonl", encoding="utf-8") as file:
        for line in file:
            after = json.loads(line)
            before = after["before"]
            yield [
                after["user"], str(before["bookings"]), str(before["tickets"]), before["spent"],
                str(after["bookings"]), str(after["tickets"]), after["spent"],
                str(after["pending_payments"]), after["pending_amount"]]


CATEGORY = [
    "payment_id", "resolved_status", "outcome", "captured", "refunded", "match_rule", "breaks"]
TABLES = [
    Table("payments.csv", CATEGORY, [some_of("payments.csv", CATEGORY)]),
    Table(
        "missing_bookings.csv",
        ["payment_id", "user_email", "item_id", "kind", "quantity", "amount", "currency", "date"],
        [
            some_of("new_bookings.csv", [
                "payment_id", "user", "item_id", "kind", "participants", "amount", "currency",
                "booking_date"]),
            tickets,
        ]),
    Table(
        "orphan_bookings.csv", ["booking_id", "user_email", "amount", "currency"],
        [some_of(
            "bookings.csv", ["booking_id", "user", "amount", "currency"], ("outcome", "orphan"))]),
    Table(
        "unknown_settlements.csv", ["transaction_id", "reference", "amount", "currency"],
        [some_of(
            "settlements.csv", ["settlement_id", "reference", "gross", "currency"],
            ("outcome", "unknown"))]),
    Table(
        "users.csv",
        [
            "user_email", "bookings_before", "tickets_before", "spent_before", "bookings",
            "tickets", "spent", "pending_payments", "pending_amount"],
        [dashboards]),
]


def write_sorted(table, rows, path):
    """Writes rows as lines of a sorted file, a tab between fields; returns how many there are."""
    breaks = table.columns.index("breaks") if "breaks" in table.columns else None
    count = 0
    command = ["sort", f"--temporary-directory={path.parent}", f"--output={path}"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, text=True, encoding="utf-8",
        env={**os.environ, "LC_ALL": "C"},
    ) as sort:
        for row in rows:
            if breaks is not None and " " in row[breaks]:
                # The codes of a payment's breaks are a set.
                row[breaks] = " ".join(sorted(row[breaks].split(" ")))
            line = "\t".join(row)
            if line.count("\t") != len(row) - 1 or "\n" in line:
                raise ValueError(f"{table.name}: a field of {row[0]} holds a tab or a line end")
            sort.stdin.write(line + "\n")
            count += 1
        sort.stdin.close()
    if sort.returncode != 0:
        raise ValueError(f"sort ended with {sort.returncode}")
    return count


def groups(path):
    """The keys of a sorted file, each with its rows."""
    with open(path, encoding="utf-8", newline="\n") as file:
        rows = (line.rstrip("\n").split("\t") for line in file)
        for key, same in itertools.groupby(rows, key=lambda row: row[0]):
            yield key, list(same)


def differences(left, right):
    """Each key whose rows differ between two sorted files, with the rows of both."""
    sides = [groups(left), groups(right)]
    heads = [next(side, None) for side in sides]
    while any(heads):
        # Code points sort as UTF-8's bytes do, which is how `sort` has sorted.
        key = min(head[0] for head in heads if head)
        rows = []
        for place, head in enumerate(heads):
            rows.append(head[1] if head and head[0] == key else [])
            if head and head[0] == key:
                heads[place] = next(sides[place], None)
        if rows[0] != rows[1]:
            yield key, *rows


def describe(table, name, key, of_run, of_answer):
    """What differs about a key, in a line."""
    if len(of_run) != 1 or len(of_answer) != 1:
        told = [
            "; ".join(" ".join(f"{c}={v}" for c, v in zip(table.columns[1:], row[1:]))
                      for row in rows) or ABSENT
            for rows in (of_run, of_answer)]
    else:
        fields = [place for place in range(len(table.columns))
                  if of_run[0][place] != of_answer[0][place]]
        told = [" ".join(f"{table.columns[place]}={row[place]}" for place in fields)
                for row in (of_run[0], of_answer[0])]
    return f"    {key}: trueup has {told[0]}, {name} has {told[1]}"


def compare(run, answers, scratch):
    """Prints how every table of every answer compares; true if there is no difference."""
    same = True
    for table in TABLES:
        expected = scratch / "run"
        count = write_sorted(table, table.of_run(run), expected)
        if count == 0 and table.name in ("payments.csv", "users.csv"):
            raise ValueError(f"{run} has no rows for {table.name}")
        for name, folder in answers.items():
            answered = scratch / "answer"
            write_sorted(table, table.of_answer(folder), answered)
            title = f"{name}: {table.name.removesuffix('.csv').replace('_', ' ')}"
            if filecmp.cmp(expected, answered, shallow=False):
                print(f"{title}: {count:,} rows, equal")
                continue
            same = False
            differing = 0
            first = []
            for difference in differences(expected, answered):
                differing += 1
                if differing <= SHOWN:
                    first.append(describe(table, name, *difference))
            print(f"{title}: DIFFERENT at {differing:,} of {count:,} rows", *first, sep="\n")
    return same


def write(run, folder):
    """Writes the answer that a run gives."""
    folder.mkdir(parents=True, exist_ok=True)
    for table in TABLES:
        with open(folder / table.name, "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(table.columns)
            writer.writerows(table.of_run(run))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", type=pathlib.Path, help="the folder of a published run")
    parser.add_argument("--answer", action="append", default=[], metavar="NAME=DIR")
    parser.add_argument("--write", type=pathlib.Path, metavar="DIR")
    parser.add_argument("--scratch", type=pathlib.Path, help="where large temporary files go")
    options = parser.parse_args()
    answers = {}
    for answer in options.answer:
        name, equals, folder = answer.partition("=")
        if not equals:
            parser.error(f"--answer takes NAME=DIR, not {answer}")
        answers[name] = pathlib.Path(folder)
    if not answers and not options.write:
        parser.error("there is nothing to do: give --answer or --write")
    try:
        if options.write:
            write(options.run, options.write)
        with tempfile.TemporaryDirectory(dir=options.scratch) as scratch:
            same = not answers or compare(options.run, answers, pathlib.Path(scratch))
    except (OSError, ValueError, KeyError, csv.Error) as error:
        sys.exit(f"compare.py: {error}")
    sys.exit(0 if same else 1)


if __name__ == "__main__":
    main()
