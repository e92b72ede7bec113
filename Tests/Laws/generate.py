#!/usr/bin/env python3
"""Writes dumps in which every kind of break is made at a place that is known.

    Tests/Laws/generate.py --seed 1 --out DIR --pipeline FILE

The places are drawn by the seed, among a majority of payments with which nothing is wrong. Beside
the dumps stand `truth.csv` (what must be found), `emissions.csv` (what must be emitted) and
`rejected.csv` (which lines are no records), in a folder of their own: DIR/truth.

`--until TIME` leaves out what came to be later, and `--since TIME` what came to be before: so a
history is told night by night. `--layout N` shuffles the rows, cuts each dump into N + 1 files and
reorders their columns; what must be found stays the same.
"""

import argparse
import datetime
import pathlib
import random
import sys

sys.dont_write_bytecode = True
from broken import CASES, OF_PAYOUTS  # noqa: E402
from ordinary import SHAPES  # noqa: E402
from world import (  # noqa: E402
    AS_OF, CURRENCY, FEE_MILLIONTHS, HOLIDAYS, SETTLEMENT_DAYS, TABLES, TOLERANCE, World, ZONE,
    add_business_days, money)

PIPELINE = f"""name: laws
currency: {CURRENCY}
timezone: {ZONE.key}
max_rejects: 20
inputs:
  payments: {{files: payments*.csv}}
  settlements: {{files: settlements*.csv}}
  bookings: {{files: bookings*.csv}}
  orders: {{files: orders*.csv}}
  catalogue: {{files: catalogue*.csv}}
  users: {{files: users*.csv}}
  bank: {{files: bank*.csv}}
resolve: {{stuck_after: 2h, settlement_days: {SETTLEMENT_DAYS}}}
match: {{tolerance: "{money(TOLERANCE)}", window: 2d}}
fees: {{percent: {FEE_MILLIONTHS / 10_000}, fixed: "0.30", tolerance: "0.01"}}
backfill:
  kinds:
    ticket: {{emit: ticket, keywords: [ticket, concert]}}
    destination: {{emit: booking, keywords: [tour, safari]}}
    topup: {{emit: none, keywords: [wallet]}}
  details: {{item: destination_name, kind: type, quantity: participants}}
  default_kind: destination
settle:
  commission: {{percent: 7.5}}
  hold_days: 7
  minimum: "40"
  holidays: [{", ".join(day.isoformat() for day in sorted(HOLIDAYS))}]
carry: {{unapplied_after: 3d}}
dashboard:
  levels: {{Bronze: "0", Silver: "1000", Gold: "5000"}}
  points_per: "10"
"""


def generate(seed, ordinary, times, rejects):
    world = World(seed)
    shapes = world.random.choices(list(SHAPES), weights=list(SHAPES.values()), k=ordinary)
    # Each shape is there, however small the world.
    cases = shapes + list(SHAPES) + [case for case in CASES for _ in range(times)]
    world.random.shuffle(cases)
    for case in cases:
        case(world)
    for _ in range(rejects):
        reject(world)
    for _ in range(times):
        table = world.random.choice(["users", "catalogue", "orders"])
        world.again(world.random.choice(world.rows[table]))
    pay_out(world, times)
    return world


def pay_out(world, times):
    """Every payout arrives at the bank on the next business day, but for those that are broken."""
    deposits = []
    for payout, lines in sorted(world.payouts.items()):
        total = sum(line["_net"] for line in lines)
        if total == 0:
            continue
        day = add_business_days(max(line["_settled"] for line in lines), 1)
        bank = world.deposit(world.moment(day), total, payout, lines[0]["currency"])
        # One in another currency would have to name that in what is at risk.
        if lines[0]["currency"] == CURRENCY and total > 10_000:
            deposits.append((payout, bank))
    chosen = world.random.sample(deposits, min(times * len(OF_PAYOUTS), len(deposits)))
    for number, (payout, bank) in enumerate(chosen):
        OF_PAYOUTS[number % len(OF_PAYOUTS)](world, payout, bank)


def reject(world):
    """A row that cannot be a record, beside the good one that it was made from."""
    table = world.random.choice(["payments", "settlements", "bookings"])
    good = world.random.choice([row for row in world.rows[table] if not row.get("_reject")])
    time, amount = {"payments": ("created_at", "amount"), "settlements": ("occurred_at", "gross"),
                    "bookings": ("created_at", "amount")}[table]
    state = "state" if table == "settlements" else "status"
    row = {**good, "id": world.new_id("reject-"), "_reject": lambda text: text}
    damage = world.random.randrange(9)
    if damage < 7:
        field, value = [
            (amount, "12.3x"), (amount, ""), (amount, "1.234"), ("id", " "), (state, "on hold"),
            (time, "2025-13-01T00:00:00Z"), ("currency", "XQZ")][damage]
        row[field] = value
        if field == amount:
            row["currency"] = CURRENCY
    else:
        row["_reject"] = [lambda text: text + b",too,many", lambda text: b"\xff" + text][damage - 7]
    row["_changes"] = []
    world.add(table, row, good["_at"])


# Writing.

def quoted(text):
    if any(character in text for character in ',"\n\r'):
        return '"' + text.replace('"', '""') + '"'
    return text


def as_of_then(row, until):
    """The row as the system showed it at a moment."""
    shown = {**row}
    for when, change in sorted(row["_changes"], key=lambda change: change[0]):
        if when <= until:
            shown.update(change)
    if row["_table"] == "bank":
        shown["amount"] = money(row["_amount"], row["currency"])
    return shown


def is_new(row, since, until):
    moments = [row["_at"]] + [when for when, _ in row["_changes"]]
    return any(since < when <= until for when in moments)


def write(world, folder, since, until, layout):
    shuffle = random.Random(f"layout {layout}")
    rejected = ["file,line"]
    for table, columns in TABLES.items():
        rows = [row for row in world.rows[table] if row["_at"] <= until]
        if table not in ("catalogue", "users"):
            rows = [row for row in rows if is_new(row, since, until)]
        rows.sort(key=lambda row: row["_at"])
        parts = [rows]
        if layout:
            shuffle.shuffle(rows)
            parts = [rows[number::layout + 1] for number in range(layout + 1)]
        for number, part in enumerate(parts):
            order = list(columns)
            if layout:
                shuffle.shuffle(order)
            name = f"{table}-{number}.csv" if layout else f"{table}.csv"
            text, line = (",".join(order) + "\n").encode(), 2
            for row in part:
                shown = as_of_then(row, until)
                record = ",".join(quoted(shown.get(column, "")) for column in order).encode()
                if "_reject" in row:
                    record = row["_reject"](record)
                    rejected.append(f"{name},{line}")
                text += record + b"\n"
                line += 1 + record.count(b"\n")
            (folder / name).write_bytes(text)
    return rejected


def write_truth(world, folder):
    rows = [["code", "payment_id", "settlement_id", "booking_id", "payout", "at_risk"]]
    rows += world.truth
    text = "".join(",".join(row) + "\n" for row in rows)
    (folder / "truth.csv").write_text(text)
    rows = [("file", "payment_id", "detail"), *world.emissions]
    (folder / "emissions.csv").write_text("".join(",".join(row) + "\n" for row in rows))


def moment(text):
    return datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(
        tzinfo=datetime.timezone.utc)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--pipeline", type=pathlib.Path, required=True)
    parser.add_argument("--ordinary", type=int, default=300, help="cases with nothing wrong")
    parser.add_argument("--times", type=int, default=4, help="cases of each break")
    parser.add_argument("--rejects", type=int, default=4, help="rows that are no records")
    parser.add_argument("--since", type=moment, default=moment("2000-01-01T00:00:00Z"))
    parser.add_argument("--until", type=moment, default=AS_OF)
    parser.add_argument("--layout", type=int, default=0)
    options = parser.parse_args()
    world = generate(options.seed, options.ordinary, options.times, options.rejects)
    truth = options.out / "truth"
    truth.mkdir(parents=True, exist_ok=True)
    rejected = write(world, options.out, options.since, options.until, options.layout)
    (truth / "rejected.csv").write_text("\n".join(rejected) + "\n")
    write_truth(world, truth)
    options.pipeline.write_text(PIPELINE)


if __name__ == "__main__":
    main()
