"""What the dumps are about: the calendar, the money, and the rows with what must be found in them.

Everything here follows from the rules as the documentation states them. Nothing is shared with the
program that is judged by it.
"""

import datetime
import random
import zoneinfo

ZONE = zoneinfo.ZoneInfo("America/New_York")
CURRENCY = "USD"
DIGITS = {"USD": 2, "EUR": 2, "JPY": 0, "KWD": 3}
FIRST_DAY = datetime.date(2025, 9, 22)
# Every ordinary payment is settled, paid out and at the bank well before the run.
LAST_DAY = datetime.date(2025, 11, 4)
AS_OF = datetime.datetime(2025, 11, 20, 2, tzinfo=datetime.timezone.utc)
HOLIDAYS = {datetime.date(2025, 10, 13), datetime.date(2025, 11, 11)}
SETTLEMENT_DAYS = 2
TOLERANCE = 2
FEE_MILLIONTHS, FEE_FIXED = 29_000, 30

# Name, kind, seller, aliases. No name or alias is a part of another.
ITEMS = [
    ("Harbour Lights Cruise", "destination", "sea@sellers.example", ["night cruise"]),
    ("Old Mill Museum", "destination", "", []),
    ("Cedar Valley Walk", "destination", "walks@sellers.example", ["valley walk"]),
    ("Lighthouse Point", "destination", "", ["the lighthouse"]),
    ("Granite Peak Climb", "destination", "peaks@sellers.example", []),
    ("Botanical House", "destination", "", []),
    ("River Delta Kayaks", "destination", "sea@sellers.example", []),
    ("Observatory Evening", "destination", "", ["stargazing"]),
    ("Autumn Jazz Nights", "ticket", "jazz@sellers.example", ["jazz nights"]),
    ("Winter Opera Gala", "ticket", "", []),
    ("Comedy Cellar Late", "ticket", "laughs@sellers.example", []),
    ("City Derby Final", "ticket", "", ["derby final"]),
]
PAYMENT = (
    "id reference user amount currency status created_at completed_at description details kind "
    "order booking seller gateway refunded").split()
LINE = (
    "id reference type state gross fee tax net currency occurred_at settled_on payout").split()
BOOKING = (
    "id payment user item kind quantity amount currency status date created_at starts_at ends_at "
    "order").split()
TABLES = {
    "payments": PAYMENT,
    "settlements": LINE,
    "bookings": BOOKING,
    "orders": "id user item kind quantity amount currency status seller date".split(),
    "catalogue": "id name kind price currency aliases seller".split(),
    "users": "id email name".split(),
    "bank": "id payout amount currency date description".split(),
}


def is_business_day(day):
    return day.weekday() < 5 and day not in HOLIDAYS


def add_business_days(day, count):
    while count > 0:
        day += datetime.timedelta(days=1)
        if is_business_day(day):
            count -= 1
    return day


def date_of(moment):
    return moment.astimezone(ZONE).date()


def settlement_due(payment):
    return add_business_days(date_of(payment["_done"]), SETTLEMENT_DAYS)


def money(amount, currency=CURRENCY):
    digits = DIGITS[currency]
    text = str(abs(amount)).rjust(digits + 1, "0")
    sign = "-" if amount < 0 else ""
    return sign + (text[:-digits] + "." + text[-digits:] if digits else text)


def agreed_fee(gross):
    """The contract with the gateway, rounded half to even."""
    share, rest = divmod(gross * FEE_MILLIONTHS, 1_000_000)
    if rest * 2 > 1_000_000 or (rest * 2 == 1_000_000 and share % 2 == 1):
        share += 1
    return share + FEE_FIXED


class World:
    """Rows of every kind, when each of them came to be, and what must be found."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.rows = {name: [] for name in TABLES}
        self.truth = []
        self.emissions = []
        self.payouts = {}
        self.counts = {}
        self.taken = set()
        for number, (name, kind, seller, aliases) in enumerate(ITEMS, 1):
            self.add("catalogue", {
                "id": f"item-{number:02}", "name": name, "kind": kind, "price": "25.00",
                "currency": CURRENCY, "aliases": "|".join(aliases), "seller": seller})
        for number in range(1, 61):
            self.add("users", {
                "id": f"u{number}", "email": f"user{number}@example.com",
                "name": f"User \"No. {number}\", the {number}th"})

    # Rows.

    def add(self, table, row, at=None):
        """Adds a row that a dump shows from a moment on; by default it was always there."""
        row["_table"] = table
        row["_at"] = at or datetime.datetime(2025, 1, 1, tzinfo=datetime.timezone.utc)
        row.setdefault("_changes", [])
        self.rows[table].append(row)
        return row

    def new_id(self, prefix):
        self.counts[prefix] = self.counts.get(prefix, 0) + 1
        return f"{prefix}{self.counts[prefix]:05}"

    def amount(self, low=2_000, high=90_000):
        """An amount that is like no other one, so that nothing agrees by chance."""
        while True:
            amount = self.random.randrange(low, high)
            if not any(near in self.taken for near in range(amount - 5, amount + 6)):
                self.taken.add(amount)
                return amount

    def user(self):
        return self.random.choice(self.rows["users"])["email"]

    def item(self, kind=None):
        return self.random.choice([item for item in ITEMS if kind in (None, item[1])])

    def moment(self, day=None):
        """Within the working hours of a day, so that what belongs together is there by night."""
        if day is None:
            span = (LAST_DAY - FIRST_DAY).days
            day = FIRST_DAY + datetime.timedelta(days=self.random.randrange(span + 1))
        seconds = self.random.randrange(8 * 3600, 18 * 3600)
        local = datetime.datetime.combine(day, datetime.time(), ZONE)
        return (local + datetime.timedelta(seconds=seconds)).astimezone(datetime.timezone.utc)

    def minutes(self, low=1, high=50):
        return datetime.timedelta(seconds=self.random.randrange(low * 60, high * 60))

    def payment(self, when=None, amount=None, status="succeeded", **fields):
        when = when or self.moment()
        done = when + datetime.timedelta(seconds=self.random.randrange(5, 55))
        number = self.new_id("pay-")
        row = {
            "id": number, "reference": f"ref-{self.random.getrandbits(40):010x}-{number[4:]}",
            "user": self.user(), "currency": CURRENCY, "status": status, "_created": when,
            "_done": done if status == "succeeded" else when, "_amount": amount or self.amount(),
            "description": self.item()[0], "gateway": "main", "refunded": ""}
        row.update(fields)
        row["amount"] = money(row["_amount"], row["currency"])
        row["created_at"] = utc(when)
        row["completed_at"] = utc(done) if status == "succeeded" else ""
        return self.add("payments", row, when)

    def line(self, payment, type="charge", gross=None, state="completed", after=None, when=None,
             settled=None, fee=None, tax=0, **fields):
        """A line of the gateway; `settled` is the day on which it is paid out."""
        when = when or payment["_done"] + (after or self.minutes())
        currency = fields.get("currency", payment["currency"])
        gross = payment["_amount"] if gross is None else gross
        if fee is None:
            fee = agreed_fee(gross) if type == "charge" and state == "completed" else 0
        sign = -1 if type in ("refund", "chargeback", "fee") else 1
        row = {
            "id": self.new_id("line-"), "reference": payment["reference"], "type": type,
            "state": state, "currency": currency, "occurred_at": utc(when), "payout": "",
            "gross": money(gross, currency), "fee": money(fee, currency) if fee else "",
            "tax": money(tax, currency) if tax else "", "settled_on": "",
            "_gross": gross, "_net": sign * gross - fee - tax, "_when": when, "_fee": fee}
        row["net"] = money(row["_net"], currency) if self.random.random() < 0.7 else ""
        row.update(fields)
        if state == "completed":
            soon = add_business_days(date_of(when), self.random.randrange(1, SETTLEMENT_DAYS + 1))
            self.pay_out(row, settled or soon)
        return self.add("settlements", row, when)

    def pay_out(self, row, day):
        row["_settled"], row["settled_on"] = day, day.isoformat()
        row["payout"] = f"po-{row['currency'].lower()}-{day:%Y%m%d}"
        self.payouts.setdefault(row["payout"], []).append(row)

    def booking(self, payment, amount=None, link=None, status="confirmed", after=None, when=None,
                **fields):
        """A booking of a payment; `link` says how the two know of each other."""
        link = link or self.random.choice(["id", "reference", "named"])
        when = when or payment["_created"] + (after or self.minutes())
        # Most bookings name the item that was paid for, and some nothing or something of their own.
        item = self.random.choice([payment.get("description", ""), "", "Private outing"])
        row = {
            "id": self.new_id("book-"), "user": payment["user"], "item": item,
            "quantity": str(self.random.randrange(1, 5)), "currency": payment["currency"],
            "status": status, "date": date_of(when + datetime.timedelta(days=9)).isoformat(),
            "created_at": local(when), "payment": "", "order": "", "_created": when,
            "_amount": payment["_amount"] if amount is None else amount}
        if link == "named":
            payment["booking"] = row["id"]
        elif link in ("id", "reference"):
            row["payment"] = payment[link]
        elif link == "order":
            row["order"] = payment["order"]
        row.update(fields)
        row["amount"] = money(row["_amount"], row["currency"])
        return self.add("bookings", row, when)

    def order(self, payment, **fields):
        name, kind, seller, _ = self.item()
        row = {
            "id": self.new_id("order-"), "user": payment["user"], "item": name, "kind": kind,
            "quantity": str(self.random.randrange(1, 5)), "amount": payment["amount"],
            "currency": payment["currency"], "status": "completed", "seller": seller}
        row.update(fields)
        payment["order"] = row["id"]
        return self.add("orders", row, payment["_at"])

    def record_refund(self, payment, amount, when):
        """The system writes down what it gave back, on the day on which it did."""
        text = money(amount, payment["currency"])
        payment["_changes"].append((when, {"refunded": text}))

    def deposit(self, when, amount, payout, currency=CURRENCY):
        """Money that reached the bank account."""
        return self.add("bank", {
            "id": self.new_id("bank-"), "payout": payout, "currency": currency,
            "date": date_of(when).isoformat(), "description": "DEPOSIT", "_amount": amount}, when)

    def again(self, row, **changes):
        """The same row once more, or another row of the same id."""
        at = changes.pop("_at", row["_at"])
        return self.add(row["_table"], {**row, **changes, "_changes": list(row["_changes"])}, at)

    # What must be found.

    def found(self, code, at_risk, payment=None, line=None, booking=None, payout="", bank=None):
        """A break, with what it must name; one that names a line names the line's payout too."""
        known = payment or line or booking or bank or {}
        if line:
            payout = line["payout"]
        ids = [row["id"] if row else "" for row in (payment, line, booking)]
        self.truth.append([code, *ids, payout, money(at_risk, known.get("currency", CURRENCY))])

    def emitted(self, file, payment, what=""):
        self.emissions.append((file, payment["id"], what))


def utc(moment):
    return moment.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def local(moment):
    """Without an offset, as many systems write: in the pipeline's own zone."""
    return moment.astimezone(ZONE).strftime("%Y-%m-%d %H:%M:%S")
