#!/usr/bin/env python3
"""A second opinion: reconciles dumps of the tours shape, slowly and plainly, in memory.

It shares no code with the product and reads the files by Python's own csv module, so that
samples and generated dumps can be held against something that was written separately.

    reconcile.py DIR                     prints what it finds, as JSON
    reconcile.py DIR --truth truth.csv   compares it with what a generator planted
"""

import argparse
import collections
import csv
import datetime
import json
import pathlib
import sys
import unicodedata

AS_OF = "2025-08-31T02:00:00Z"
SETTLEMENT_DAYS = 2
STUCK_AFTER = datetime.timedelta(minutes=30)
DUPLICATE_WITHIN = datetime.timedelta(minutes=10)
WINDOW = datetime.timedelta(days=3)
SIMILARITY = 0.85
STATUS = {"successful": "succeeded", "processing": "pending"}
KEYWORDS = {
    "ticket": ["ticket", "event", "concert", "festival", "show"],
    "destination": ["tour", "safari", "park", "castle", "garden", "heritage"],
}


def moment(text):
    """The time of a dump's text."""
    return datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")


def minor(text):
    """An amount of two decimals as an integer of minor units."""
    whole, _, cents = text.partition(".")
    return int(whole) * 100 + int(cents)


def rows(folder, pattern):
    """Every row of the files that a pattern names, as dictionaries."""
    for path in sorted(folder.glob(pattern)):
        with open(path, newline="", encoding="utf-8") as file:
            yield from csv.DictReader(file)


def words(text):
    """A text's words, without case, accents and punctuation."""
    plain = unicodedata.normalize("NFD", text.lower())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return "".join(c if c.isalnum() else " " for c in plain).split()


def business_days_later(day, count):
    """The date so many business days after another; Saturday and Sunday do not count."""
    while count:
        day += datetime.timedelta(days=1)
        count -= day.weekday() < 5
    return day


def similarity(left, right):
    """The token sort ratio: twice the common subsequence over both lengths."""
    a, b = " ".join(sorted(left)), " ".join(sorted(right))
    table = [0] * (len(b) + 1)
    for x in a:
        diagonal = 0
        for j, y in enumerate(b, 1):
            above = table[j]
            table[j] = diagonal + 1 if x == y else max(above, table[j - 1])
            diagonal = above
    return 2 * table[-1] / max(1, len(a) + len(b))


class Catalogue:
    """The items that a description can mean."""

    def __init__(self, folder):
        self.items = list(rows(folder, "catalogue.csv"))
        self.names = []
        for item in self.items:
            for name in [item["name"], *filter(None, item["aliases"].split("|"))]:
                self.names.append((words(name), item))
        self.known = {" ".join(name): item for name, item in self.names}

    def find(self, text):
        """The item of a text and by which rule it was found; a pair of None otherwise."""
        wanted = words(text)
        if item := self.known.get(" ".join(wanted)):
            return item, "equal"
        padded = f" {' '.join(wanted)} "
        inside = [(len(" ".join(n)), i) for n, i in self.names if f" {' '.join(n)} " in padded]
        if inside:
            return max(inside, key=lambda pair: pair[0])[1], "contained"
        if wanted:
            around = {i["item_id"]: i for n, i in self.names if padded in f" {' '.join(n)} "}
            if len(around) == 1:
                return next(iter(around.values())), "part"
            best = collections.defaultdict(float)
            for name, item in self.names:
                key = item["item_id"]
                best[key] = max(best[key], similarity(name, wanted))
            ranked = sorted(best.items(), key=lambda pair: -pair[1])
            if ranked and ranked[0][1] >= SIMILARITY:
                if len(ranked) == 1 or ranked[1][1] < ranked[0][1]:
                    return next(i for i in self.items if i["item_id"] == ranked[0][0]), "similar"
        return None, None


class Reconciliation:
    """What the dumps of a folder say when they are held against each other."""

    def __init__(self, folder):
        self.found = collections.defaultdict(set)
        self.items = {}
        self.rules = {}
        self.catalogue = Catalogue(folder)
        self.payments = [self.payment(row) for row in rows(folder, "payments*.csv")]
        self.lines = self.distinct_lines(folder)
        self.bookings = list(rows(folder, "bookings*.csv"))
        self.settle()
        self.link()
        self.match_by_attributes()
        self.find_duplicate_payments()
        self.backfill()

    @staticmethod
    def payment(row):
        row = dict(row)
        row["amount"] = minor(row["amount"])
        row["user"] = row["user_email"].strip().lower()
        row["created"] = moment(row["created_at"])
        row["status"] = STATUS.get(row["status"], row["status"])
        row["resolved"], row["bookings"], row["lines"] = row["status"], [], []
        return row

    def distinct_lines(self, folder):
        seen, lines = set(), []
        for pattern in ("momo*.csv", "settlements*.csv"):
            for row in rows(folder, pattern):
                key = tuple(row.values())
                if key in seen:
                    self.found["duplicate_line"].add(row["transaction_id"])
                    continue
                seen.add(key)
                lines.append(row | {"amount": minor(row["amount"])})
        return lines

    def settle(self):
        by_reference = collections.defaultdict(list)
        for payment in self.payments:
            by_reference[payment["reference"]].append(payment)
        for line in self.lines:
            owners = by_reference.get(line["external_id"])
            if not owners:
                if line["status"] == "SUCCESSFUL":
                    code = "unknown_settlement" if line["type"] == "charge" else "orphan_refund"
                    self.found[code].add(line["transaction_id"])
                continue
            at = moment(line["date"])
            owner = min(
                owners, key=lambda p: (p["amount"] != line["amount"], abs(p["created"] - at)))
            owner["lines"].append(line)
        for same in by_reference.values():
            if len(same) > 1:
                self.found["reused_reference"] |= {p["payment_id"] for p in same}
        for payment in self.payments:
            self.resolve(payment)

    def resolve(self, payment):
        own = [l for l in payment["lines"] if l["currency"] == payment["currency"]]
        charges = [l for l in own if l["type"] == "charge"]
        done = [l for l in charges if l["status"] == "SUCCESSFUL"]
        foreign = [l for l in payment["lines"] if l not in own and l["status"] == "SUCCESSFUL"]
        only_failed = bool(charges) and all(l["status"] == "FAILED" for l in charges)
        key, now = payment["payment_id"], moment(AS_OF)
        payment["evidenced"] = True
        payment["refunded"] = sum(
            l["amount"] for l in own if l["type"] == "refund" and l["status"] == "SUCCESSFUL")
        if payment["status"] == "pending":
            if done:
                payment["resolved"] = "succeeded"
                self.found["updated_succeeded"].add(key)
            elif foreign:
                self.found["currency_mismatch"].add(key)
            elif only_failed:
                payment["resolved"] = "failed"
                self.found["updated_failed"].add(key)
            elif now - payment["created"] > STUCK_AFTER:
                self.found["stuck"].add(key)
            else:
                self.found["in_flight"].add(key)
        elif payment["status"] == "succeeded" and not done:
            pending = any(l["status"] == "PENDING" for l in charges)
            start = moment(payment["completed_at"] or payment["created_at"]).date()
            due = business_days_later(start, SETTLEMENT_DAYS)
            code = (
                "currency_mismatch" if foreign else "false_success" if only_failed
                else "expected" if pending or now.date() <= due else "missing_settlement")
            self.found[code].add(key)
            payment["evidenced"] = code == "expected"
        elif payment["status"] in ("failed", "cancelled") and done:
            self.found["false_failure"].add(key)
        if done and payment["resolved"] == "succeeded":
            self.compare(payment, [l["amount"] for l in done])

    def compare(self, payment, captured):
        key, amount = payment["payment_id"], payment["amount"]
        if len(captured) > 1 and all(part == amount for part in captured):
            self.found["duplicate_settlement"].add(key)
        elif sum(captured) < amount:
            self.found["settled_short"].add(key)
        elif sum(captured) > amount:
            self.found["settled_over"].add(key)
        elif len(captured) > 1:
            self.found["split"].add(key)

    def link(self):
        named = collections.defaultdict(list)
        for payment in self.payments:
            named[payment["reference"]].append(payment)
            named[payment["payment_id"]].append(payment)
        for booking in self.bookings:
            booking["amount"] = minor(booking["total_amount"])
            booking["user"] = booking["user_email"].strip().lower()
            booking["created"] = moment(booking["created_at"])
            booking["owners"] = named.get(booking["payment_reference"], [])
            if not booking["payment_reference"]:
                booking["owners"] = []
            for payment in booking["owners"]:
                payment["bookings"].append(booking)
                if booking["status"] == "confirmed" and (
                    payment["resolved"] != "succeeded" or payment["refunded"] >= payment["amount"]
                ):
                    self.found["unpaid_booking"].add(booking["booking_id"])
        for payment in self.payments:
            booked = [b["amount"] for b in payment["bookings"]]
            if payment["resolved"] != "succeeded" or not booked:
                continue
            if len(booked) > 1 and all(part == payment["amount"] for part in booked):
                self.found["duplicate_booking"].add(payment["payment_id"])
            elif sum(booked) != payment["amount"]:
                self.found["booking_amount"].add(payment["payment_id"])

    def match_by_attributes(self):
        """Pairs what is left, and insists that there is never a choice to make."""
        free = collections.defaultdict(list)
        for payment in self.payments:
            if payment["resolved"] == "succeeded" and not payment["bookings"]:
                free[payment["user"], payment["currency"], payment["amount"]].append(payment)
        for booking in self.bookings:
            if booking["owners"]:
                continue
            near = [
                p for p in free[booking["user"], booking["currency"], booking["amount"]]
                if abs(p["created"] - booking["created"]) <= WINDOW]
            if not near and booking["status"] in ("confirmed", "completed"):
                self.found["orphan_booking"].add(booking["booking_id"])
            for payment in near:
                if len(near) > 1 or payment["bookings"]:
                    self.found["ambiguous_booking"].add(payment["payment_id"])
                payment["bookings"].append(booking)
                self.found["matched_by_attributes"].add(payment["payment_id"])

    def find_duplicate_payments(self):
        last = {}
        for payment in sorted(self.payments, key=lambda p: p["created"]):
            if payment["resolved"] != "succeeded":
                continue
            key = (payment["user"], payment["amount"], payment["currency"], payment["description"])
            before = last.get(key)
            if before and payment["created"] - before["created"] <= DUPLICATE_WITHIN:
                self.found["duplicate_payment"].add(payment["payment_id"])
            last[key] = payment

    def backfill(self):
        for payment in self.payments:
            key = payment["payment_id"]
            if payment["resolved"] != "succeeded" or payment["bookings"]:
                continue
            if payment["refunded"] >= payment["amount"]:
                self.found["refunded"].add(key)
                continue
            if not payment["evidenced"]:
                self.found["held_back"].add(key)
                continue
            details = json.loads(payment["metadata"] or "{}")
            item, rule = self.catalogue.find(details.get("destination_name", ""))
            rule = "details" if item else None
            if not item:
                item, rule = self.catalogue.find(payment["description"])
            if not item:
                self.found["unidentified_item"].add(key)
                self.rules[key] = self.kind_by_keywords(payment["description"])
                continue
            new = "new_ticket" if item["kind"] == "ticket" else "new_booking"
            self.found[new].add(key)
            self.items[key], self.rules[key] = item["item_id"], rule

    @staticmethod
    def kind_by_keywords(description):
        tokens = words(description)
        counts = {kind: sum(w in tokens for w in keys) for kind, keys in KEYWORDS.items()}
        kind = max(counts, key=counts.get)
        return f"keyword {kind}" if counts[kind] else "default"

    def spending(self, user):
        """Bookings that count and minor units spent, before and after the new bookings."""
        own = [b for b in self.bookings
               if b["user"] == user and b["status"] in ("confirmed", "completed")]
        new = [p for p in self.payments if p["user"] == user
               and p["payment_id"] in self.found["new_booking"] | self.found["new_ticket"]]
        before = sum(b["amount"] for b in own)
        after = before + sum(p["amount"] for p in new)
        return {"before": [len(own), before], "after": [len(own) + len(new), after]}


def compare(found, items, truth):
    """Prints every difference between findings and a generator's truth; true if there is none."""
    planted, planted_items = collections.defaultdict(set), {}
    columns = {"duplicate_line": "settlement_id", "unknown_settlement": "settlement_id",
               "orphan_booking": "booking_id", "unpaid_booking": "booking_id"}
    for row in csv.DictReader(open(truth, newline="", encoding="utf-8")):
        key = row[columns.get(row["category"], "payment_id")]
        planted[row["category"]].add(key)
        if row["category"].startswith("new_"):
            planted_items[key] = row["item_id"]
    same = planted_items == items
    print(f"items of new bookings and tickets: {'equal' if same else 'DIFFERENT'}")
    unseen = {"retried"}
    for category in sorted(set(planted) | set(found)):
        if category in unseen or not (planted[category] or found[category]):
            continue
        lost, more = planted[category] - found[category], found[category] - planted[category]
        same = same and not lost and not more
        note = "equal" if not lost and not more else (
            f"DIFFERENT: not found {sorted(lost)[:5]}, not planted {sorted(more)[:5]}")
        print(f"{category}: {len(planted[category])} planted, {note}")
    return same


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--truth", type=pathlib.Path)
    parser.add_argument("--user", action="append", default=[])
    options = parser.parse_args()
    result = Reconciliation(options.folder)
    if options.truth:
        sys.exit(0 if compare(result.found, result.items, options.truth) else 1)
    report = {code: sorted(ids) for code, ids in sorted(result.found.items()) if ids}
    report["rules"] = result.rules
    report["users"] = {user: result.spending(user) for user in options.user}
    json.dump(report, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
