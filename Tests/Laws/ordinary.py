"""Payments with which nothing is wrong, in every shape in which they come."""

import datetime
import json

from world import AS_OF, CURRENCY, add_business_days, date_of, settlement_due


def paid(world, when=None, **fields):
    """A payment with one charge of its amount."""
    payment = world.payment(when, **fields)
    world.line(payment)
    return payment


def whole(world):
    world.booking(paid(world), status=world.random.choice(["confirmed", "completed", "pending"]))


def untidy(world):
    """Ids with the spaces and apostrophes that spreadsheets leave, and users in any case."""
    payment = world.payment()
    line = world.line(payment, reference=f" {payment['reference']} ")
    booking = world.booking(payment, link="id", user=f" {payment['user'].upper()} ")
    line["id"] = "'" + line["id"]
    booking["payment"] = "'" + booking["payment"]


def split(world):
    payment = world.payment()
    first = payment["_amount"] // 3
    world.line(payment, gross=first)
    if world.random.random() < 0.5:
        world.line(payment, gross=payment["_amount"] - first)
    else:
        world.line(payment, gross=first)
        world.line(payment, gross=payment["_amount"] - 2 * first)
    world.booking(payment)


def retried(world):
    payment = world.payment()
    for _ in range(world.random.randrange(1, 3)):
        world.line(payment, state="failed")
    world.line(payment, after=world.minutes(51, 55))
    if world.random.random() < 0.3:
        world.line(payment, state="failed", after=world.minutes(56, 59))
    world.booking(payment)


def settled_after_waiting(world):
    """The gateway told of the attempt before it told of the charge."""
    payment = world.payment()
    world.line(payment, state="pending")
    world.line(payment, after=world.minutes(51, 55))
    world.booking(payment)


def later(world, payment, days=None):
    """A moment some days after a payment, in working hours."""
    days = days or world.random.randrange(1, 7)
    return world.moment(date_of(payment["_done"]) + datetime.timedelta(days=days))


def refund(world, payment, amount, type="refund", days=None):
    """Gives money back, and writes it down where the system knows of it."""
    when = later(world, payment, days)
    row = world.line(payment, type, gross=amount, when=when)
    if type == "refund":
        world.record_refund(payment, amount, when)
    return row


def refunded_in_part(world):
    payment = paid(world)
    world.booking(payment)
    refund(world, payment, payment["_amount"] // world.random.randrange(2, 9))


def refunded_in_full(world):
    payment = paid(world)
    world.booking(payment, status="cancelled")
    half = payment["_amount"] // 2
    when = later(world, payment, 2)
    if world.random.random() < 0.5:
        world.line(payment, "refund", gross=half, when=when)
        world.record_refund(payment, half, when)
        when = later(world, payment, 5)
        world.line(payment, "refund", gross=payment["_amount"] - half, when=when)
    else:
        world.line(payment, "refund", gross=-payment["_amount"], when=when,
                   net="", _net=-payment["_amount"])
    world.record_refund(payment, payment["_amount"], when)


def refund_that_failed(world):
    payment = paid(world)
    world.booking(payment)
    when = later(world, payment)
    world.line(payment, "refund", state=world.random.choice(["failed", "pending"]), when=when)
    world.record_refund(payment, 0, when)


def cart(world):
    payment = paid(world)
    link = world.random.choice(["id", "reference"])
    parts = split_amount(world, payment["_amount"], world.random.randrange(2, 5))
    for part in parts:
        world.booking(payment, part, link)


def split_amount(world, amount, count):
    parts = [amount // (count + 1)] * (count - 1)
    return parts + [amount - sum(parts)]


def deposit(world):
    """A deposit and the balance, both naming their one booking."""
    first = paid(world)
    second = paid(world, first["_created"] + world.minutes(), user=first["user"])
    booking = world.booking(first, first["_amount"] + second["_amount"], "named")
    second["booking"] = booking["id"]


def deposit_at_second_attempt(world):
    """The balance failed once; the attempt names the booking too, and pays for nothing."""
    first = paid(world)
    attempt = world.payment(first["_created"] + world.minutes(1, 10), status="failed",
                            user=first["user"])
    world.line(attempt, state="failed")
    second = paid(world, first["_created"] + world.minutes(11, 30), user=first["user"],
                  amount=attempt["_amount"])
    booking = world.booking(first, first["_amount"] + second["_amount"], "named")
    attempt["booking"] = second["booking"] = booking["id"]


def paid_anew(world):
    """Given back in full, and paid once more for the same booking."""
    first = paid(world)
    booking = world.booking(first, link="named")
    refund(world, first, first["_amount"])
    second = paid(world, later(world, first, 7), user=first["user"], amount=first["_amount"])
    second["booking"] = booking["id"]


def booked_anew(world):
    """The first booking was cancelled, and another one made in its place."""
    payment = paid(world)
    world.booking(payment, link="reference", status="cancelled", after=world.minutes(1, 5))
    world.booking(payment, link="reference", after=world.minutes(6, 9))


def booked_first(world):
    """Booked as long before the payment as may be; nothing but the amount tells."""
    payment = paid(world)
    when = payment["_created"] - datetime.timedelta(days=2)
    booking = world.booking(payment, link="none", item="", when=when)
    world.emitted("booking_links.csv", payment, booking["id"])


def bought_again(world):
    """The same thing once more, a second too late to be a mistake."""
    first = paid(world)
    again = paid(world, first["_created"] + datetime.timedelta(minutes=10, seconds=1),
                 user=first["user"], amount=first["_amount"], description=first["description"])
    for payment in (first, again):
        world.booking(payment)


def by_order(world):
    payment = paid(world)
    status = world.random.choice(["completed", "cancelled", "paid", "won", ""])
    order = world.order(payment, status=status)
    if status == "won":
        world.emitted("order_updates.csv", payment, order["id"])
    count = world.random.randrange(1, 3)
    for part in split_amount(world, payment["_amount"], count):
        booking = world.booking(payment, part, "order")
        world.emitted("booking_links.csv", payment, booking["id"])


def by_attributes(world):
    payment = paid(world)
    item = world.random.choice([payment["description"], ""])
    booking = world.booking(payment, link="none", item=item)
    world.emitted("booking_links.csv", payment, booking["id"])


def two_of_the_same(world):
    """The same user and amount twice in a day; which is whose follows from all four together."""
    when = world.moment().replace(hour=13, minute=0)
    first = paid(world, when)
    second = paid(world, when + datetime.timedelta(hours=3, minutes=30), user=first["user"],
                  amount=first["_amount"], description=first["description"])
    for payment in (first, second):
        booking = world.booking(
            payment, link="none", item="", when=payment["_created"] + datetime.timedelta(hours=3))
        world.emitted("booking_links.csv", payment, booking["id"])


def told_apart_by_item(world):
    """The same user and amount twice; the bookings lie crosswise, and only their items tell."""
    when = world.moment().replace(hour=14)
    first = paid(world, when, description="Old Mill Museum")
    second = paid(world, when + datetime.timedelta(hours=2), user=first["user"],
                  amount=first["_amount"], description="Lighthouse Point")
    for payment, other in ((first, second), (second, first)):
        booking = world.booking(payment, link="none", item=payment["description"],
                                when=other["_created"] + world.minutes())
        world.emitted("booking_links.csv", payment, booking["id"])


def backfilled(world):
    """Paid, and never booked; something tells what it was for."""
    name, kind, _, aliases = world.item()
    told = world.random.choice(
        ["name", "alias", "sentence", "turned", "part", "details", "free text", "order"])
    fields = {"description": "See attachment"}
    if told == "name":
        fields["description"] = name.upper()
    elif told == "alias":
        fields["description"] = aliases[0] if aliases else name
    elif told == "sentence":
        fields["description"] = f"2 x {name},\nfor the family"
    elif told == "turned":
        words = name.split()
        fields["description"] = " ".join(words[1:] + words[:1]) + "s"
    elif told == "part":
        fields["description"] = " ".join(name.split()[:2])
    elif told == "details":
        fields["details"] = json.dumps({"destination_name": name, "participants": 3})
    elif told == "free text":
        fields["details"] = json.dumps({"destination_name": "Somewhere new", "type": kind})
    payment = paid(world, **fields)
    if told == "order":
        world.order(payment, item=name, kind=kind)
    world.emitted("new_tickets.csv" if kind == "ticket" else "new_bookings.csv", payment)


def not_booked(world):
    """Of a kind for which nothing is ever booked."""
    paid(world, kind="topup", description="Wallet")


def sold(world):
    """With a seller of its own, who gets the payout."""
    payment = paid(world, seller=f"seller{world.random.randrange(1, 6)}@sellers.example")
    world.booking(payment)
    if world.random.random() < 0.4:
        refund(world, payment, payment["_amount"] // 3)


def foreign(world):
    """In another currency, for which nothing was agreed with the gateway."""
    currency = world.random.choice(["EUR", "JPY", "KWD"])
    payment = world.payment(currency=currency)
    world.line(payment, fee=payment["_amount"] // 50)
    world.booking(payment)


def on_the_last_day(world):
    """Settled on the last day that is not late, over weekends and holidays."""
    day = world.random.choice([datetime.date(2025, 10, 10), datetime.date(2025, 10, 11),
                               datetime.date(2025, 10, 13), datetime.date(2025, 10, 3),
                               datetime.date(2025, 11, 1), datetime.date(2025, 10, 24)])
    payment = world.payment(world.moment(day))
    world.line(payment, settled=settlement_due(payment))
    world.booking(payment)


def expected(world):
    """The gateway still has time."""
    payment = world.payment(world.moment(world.random.choice(
        [datetime.date(2025, 11, 17), datetime.date(2025, 11, 18), datetime.date(2025, 11, 19)])))
    if world.random.random() < 0.5:
        world.line(payment, state="pending")
    world.booking(payment)


def pending(world):
    """Begun a moment ago."""
    when = AS_OF - datetime.timedelta(minutes=world.random.choice(
        [120, world.random.randrange(2, 120)]))
    payment = world.payment(when, status="pending")
    if world.random.random() < 0.5:
        world.line(payment, state="pending", when=when + datetime.timedelta(minutes=1))
    world.booking(payment, status=world.random.choice(["pending", "confirmed"]),
                  when=when + datetime.timedelta(seconds=30))


def caught_up(world):
    """Pending here, and paid at the gateway."""
    payment = world.payment(status="pending")
    world.line(payment)
    world.booking(payment)
    world.emitted("status_updates.csv", payment, "succeeded")


def fallen(world):
    """Pending here, and failed at the gateway."""
    payment = world.payment(status="pending")
    world.line(payment, state="failed")
    world.booking(payment, status="cancelled")
    world.emitted("status_updates.csv", payment, "failed")


def failed(world):
    payment = world.payment(status=world.random.choice(["failed", "cancelled"]))
    if world.random.random() < 0.6:
        world.line(payment, state="failed")
    if world.random.random() < 0.4:
        world.booking(payment, status=world.random.choice(["pending", "cancelled"]))


def charged_back_and_won(world):
    payment = paid(world)
    world.booking(payment)
    world.line(payment, "chargeback", when=later(world, payment, 3), fee=1500)
    world.line(payment, "chargeback_reversal", when=later(world, payment, 6))


def charged_back_in_part(world):
    """What was refunded before is not charged back; the customer won the rest of it anew."""
    payment = paid(world)
    half = payment["_amount"] // 2
    refund(world, payment, payment["_amount"] - half, days=1)
    world.line(payment, "chargeback", gross=half, when=later(world, payment, 3))
    world.line(payment, "chargeback_reversal", gross=half, when=later(world, payment, 5))
    world.booking(payment)


def open_booking(world):
    """A booking that nobody has paid, and that does not claim it."""
    when = world.moment()
    nobody = {"_amount": world.amount(), "_created": when, "user": world.user(),
              "currency": CURRENCY}
    world.booking(nobody, link="none", status=world.random.choice(["pending", "cancelled"]))


def other_lines(world):
    """What the gateway books beside payments: its own fees, corrections, and money it keeps."""
    day = add_business_days(date_of(world.moment()), 1)
    nobody = {"reference": f"month-{world.random.getrandbits(32):08x}", "currency": CURRENCY,
              "_amount": 0}
    if world.random.random() < 0.4:
        # An attempt of which only the gateway knows.
        world.line(nobody, gross=world.amount(), when=world.moment(day),
                   state=world.random.choice(["failed", "pending"]))
        return
    kind, gross = world.random.choice(
        [("fee", 990), ("adjustment", 450), ("adjustment", -725), ("reserve", -2000)])
    world.line(nobody, kind, gross=gross, when=world.moment(day), fee=0)


# How often each shape is drawn, of the sum of all.
SHAPES = {
    whole: 22, split: 6, retried: 6, refunded_in_part: 5, refunded_in_full: 4, cart: 5,
    deposit: 4, by_order: 5, by_attributes: 6, two_of_the_same: 2, told_apart_by_item: 2,
    backfilled: 9, not_booked: 2, sold: 5, foreign: 5, on_the_last_day: 4, expected: 3,
    pending: 2, caught_up: 4, fallen: 3, failed: 4, charged_back_and_won: 2, open_booking: 2,
    other_lines: 3, untidy: 4, settled_after_waiting: 3, refund_that_failed: 2,
    deposit_at_second_attempt: 2, paid_anew: 2, booked_anew: 3, booked_first: 2, bought_again: 2,
    charged_back_in_part: 2,
}
