"""The breaks between payments and bookings; see `broken.py`."""

import datetime

from ordinary import paid, refund, split_amount
from world import TOLERANCE


def booking_amount(world):
    first = paid(world)
    payments = [first]
    off = world.random.choice([-700, -TOLERANCE - 1, TOLERANCE + 1, 450])
    kind = world.random.choice(["single", "cart", "deposit"])
    if kind == "single":
        bookings = [world.booking(first, first["_amount"] + off)]
    elif kind == "cart":
        parts = split_amount(world, first["_amount"] + off, 2)
        bookings = [world.booking(first, part, "id") for part in parts]
    else:
        payments.append(paid(world, first["_created"] + world.minutes(), user=first["user"]))
        total = sum(payment["_amount"] for payment in payments)
        bookings = [world.booking(first, total + off, "named")]
        payments[1]["booking"] = bookings[0]["id"]
    world.found("booking_amount", abs(off), payments[0], booking=bookings[0])


def orphan_booking(world):
    when = world.moment()
    nobody = {"_amount": world.amount(), "_created": when, "user": world.user(),
              "currency": "USD", "id": world.new_id("gone-"), "reference": world.new_id("gone-")}
    booking = world.booking(nobody, link=world.random.choice(["id", "reference", "none"]))
    world.found("orphan_booking", booking["_amount"], booking=booking)


def unpaid_booking(world):
    kind = world.random.choice(["failed", "fallen", "refunded"])
    if kind == "refunded":
        payment = paid(world)
        refund(world, payment, payment["_amount"])
    else:
        payment = world.payment(status="pending" if kind == "fallen" else "failed")
        world.line(payment, state="failed")
    if kind == "fallen":
        world.emitted("status_updates.csv", payment, "failed")
    booking = world.booking(payment)
    world.found("unpaid_booking", payment["_amount"], payment, booking=booking)


def unidentified_item(world):
    payment = paid(world, description=world.random.choice(["Invoice 20488", "", "Qwx zyk", "tour"]))
    world.found("unidentified_item", payment["_amount"], payment)


def ambiguous_booking(world):
    """Two payments for different things, and one booking right between them that names neither."""
    when = world.moment().replace(hour=15)
    first = paid(world, when, description="Granite Peak Climb")
    second = paid(world, when + datetime.timedelta(hours=4), user=first["user"],
                  amount=first["_amount"], description="Botanical House")
    world.booking(first, link="none", item="", when=when + datetime.timedelta(hours=2))
    for payment in (first, second):
        world.found("ambiguous_booking", payment["_amount"], payment)


def wrong_user(world):
    payment = paid(world)
    off = world.random.choice([0, 0, 500])
    booking = world.booking(payment, payment["_amount"] + off, user="somebody.else@example.com")
    world.found("wrong_user", payment["_amount"] + off, payment, booking=booking)
    if off:
        world.found("booking_amount", off, payment, booking=booking)


def duplicate_booking(world):
    payment = paid(world)
    link = world.random.choice(["id", "reference"])
    world.booking(payment, link=link, after=world.minutes(1, 5))
    for number in range(1, world.random.randrange(2, 4)):
        after = world.minutes(number * 10, number * 10 + 5)
        booking = world.booking(payment, link=link, after=after)
        world.found("duplicate_booking", payment["_amount"], payment, booking=booking)
