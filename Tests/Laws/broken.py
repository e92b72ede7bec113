"""One function for each kind of break; each makes one case of it and says what must be found.

Where the rules make a second break of the same case, that one is said as well.
"""

import datetime

from broken_bookings import (
    ambiguous_booking, booking_amount, duplicate_booking, orphan_booking, unidentified_item,
    unpaid_booking, wrong_user)
from ordinary import later, paid, refund, split_amount
from world import AS_OF, TOLERANCE, add_business_days, agreed_fee, settlement_due

MISSING_DAYS = [datetime.date(2025, 11, 14), datetime.date(2025, 11, 15),
                datetime.date(2025, 11, 16), datetime.date(2025, 10, 20)]


def rounding(world):
    payment = world.payment()
    off = world.random.choice([-TOLERANCE, -1, 1, TOLERANCE])
    world.line(payment, gross=payment["_amount"] + off)
    world.booking(payment)
    world.found("rounding", abs(off), payment)


def duplicate_line(world):
    payment = paid(world)
    booking = world.booking(payment)
    kind = world.random.choice(["payment", "line", "booking"])
    if kind == "payment":
        world.again(payment)
        world.found("duplicate_line", 0, payment)
    elif kind == "line":
        line = world.rows["settlements"][-1]
        world.again(line)
        world.again(line)
        world.found("duplicate_line", 0, line=line)
    else:
        world.again(booking)
        world.found("duplicate_line", 0, booking=booking)


def superseded(world):
    payment = world.payment()
    line = world.line(payment)
    booking = world.booking(payment, link="id")
    before = datetime.timedelta(minutes=3)
    kind = world.random.choice(["payment", "line", "booking"])
    if kind == "payment":
        world.again(payment, status="pending", completed_at="", created_at=shifted(payment, before),
                    _at=payment["_at"] - before)
        world.found("superseded", 0, payment)
    elif kind == "line":
        world.again(line, state="pending", settled_on="", payout="", fee="", net="",
                    occurred_at=shifted(line, datetime.timedelta(minutes=1), "_when"))
        world.found("superseded", 0, line=line)
    else:
        world.again(booking, amount="1.00", created_at=shifted(booking, before))
        world.found("superseded", 0, booking=booking)


def shifted(row, span, key="_created"):
    return (row[key] - span).strftime("%Y-%m-%dT%H:%M:%SZ")


def late_settlement(world):
    payment = world.payment()
    day = add_business_days(settlement_due(payment), world.random.randrange(1, 4))
    world.line(payment, when=world.moment(day), settled=day)
    world.booking(payment)
    world.found("late_settlement", 0, payment)


def stuck(world):
    oldest = AS_OF - datetime.timedelta(hours=2, seconds=1)
    payment = world.payment(world.random.choice([oldest, world.moment()]), status="pending")
    if world.random.random() < 0.5:
        world.line(payment, state="pending", when=payment["_created"])
    world.found("stuck", payment["_amount"], payment)
    if world.random.random() < 0.5:
        booking = world.booking(payment, when=payment["_created"])
        world.found("unpaid_booking", payment["_amount"], payment, booking=booking)
    else:
        world.booking(payment, when=payment["_created"], status="pending")


def settled_short(world):
    settled_otherwise(world, -1, "settled_short")


def settled_over(world):
    settled_otherwise(world, 1, "settled_over")


def settled_otherwise(world, sign, code):
    if world.random.random() < 0.25:
        # The tolerance is money of the pipeline's own currency, and says nothing of another.
        payment = world.payment(currency="EUR")
        world.line(payment, gross=payment["_amount"] + sign, fee=10)
        world.booking(payment)
        world.found(code, 1, payment)
        return
    payment = world.payment()
    off = world.random.choice([TOLERANCE + 1, world.random.randrange(50, 900)])
    total = payment["_amount"] + sign * off
    for part in split_amount(world, total, world.random.randrange(1, 3)):
        world.line(payment, gross=part)
    world.booking(payment)
    world.found(code, off, payment)


def fee_over(world):
    charged_otherwise(world, world.random.choice([2, 75]), "fee_over")


def fee_under(world):
    charged_otherwise(world, -world.random.choice([2, 25]), "fee_under")


def charged_otherwise(world, off, code):
    payment = world.payment()
    line = world.line(payment, fee=agreed_fee(payment["_amount"]) + off)
    world.booking(payment)
    world.found(code, abs(off), payment, line)


def fee_missing(world):
    payment = world.payment()
    line = world.line(payment, fee=0)
    line["fee"] = world.random.choice(["", "0.00"])
    world.booking(payment)
    world.found("fee_missing", agreed_fee(payment["_amount"]), payment, line)


def reused_reference(world):
    if world.random.random() < 0.5:
        attempted_again(world)
        return
    first = world.payment()
    second = world.payment(first["_created"] + world.minutes(), reference=first["reference"])
    for payment in (first, second):
        world.line(payment)
        world.booking(payment, link=world.random.choice(["id", "named"]))
        world.found("reused_reference", payment["_amount"], payment)


def attempted_again(world):
    """Another payment with the reference of one that failed; the booking names the reference."""
    first = world.payment(status="failed")
    second = world.payment(first["_created"] + world.minutes(30, 50), amount=first["_amount"],
                           reference=first["reference"], user=first["user"])
    world.line(first, state="failed", after=world.minutes(1, 5))
    world.line(second, after=world.minutes(1, 5))
    world.booking(second, link="reference")
    for payment in (first, second):
        world.found("reused_reference", payment["_amount"], payment)


def refund_unrecorded(world):
    payment = paid(world)
    world.booking(payment)
    amount = payment["_amount"] // 3
    known = world.random.choice([0, amount // 2])
    when = later(world, payment)
    world.line(payment, "refund", gross=amount, when=when)
    world.record_refund(payment, known, when)
    world.found("refund_unrecorded", amount - known, payment)


def refund_unsettled(world):
    payment = paid(world)
    world.booking(payment)
    amount = payment["_amount"] // 3
    there = world.random.choice([0, amount // 2])
    when = later(world, payment)
    if there:
        world.line(payment, "refund", gross=there, when=when)
    world.record_refund(payment, amount, when)
    world.found("refund_unsettled", amount - there, payment)


def missing_settlement(world):
    # Booked, and sold by nobody: while the money was still expected, nothing was emitted for it.
    payment = world.payment(
        world.moment(world.random.choice(MISSING_DAYS)), description="Old Mill Museum")
    world.booking(payment)
    world.found("missing_settlement", payment["_amount"], payment)


def unknown_settlement(world):
    nobody = {"reference": world.new_id("lost-"), "currency": "USD", "_amount": world.amount()}
    line = world.line(nobody, when=world.moment())
    world.found("unknown_settlement", line["_gross"], line=line)


def false_success(world):
    payment = world.payment()
    line = world.line(payment, state="failed")
    if world.random.random() < 0.5:
        world.booking(payment)
    world.found("false_success", payment["_amount"], payment, line)


def false_failure(world):
    payment = world.payment(status=world.random.choice(["failed", "cancelled"]))
    line = world.line(payment)
    world.found("false_failure", payment["_amount"], payment, line)
    if world.random.random() < 0.5:
        booking = world.booking(payment)
        world.found("unpaid_booking", payment["_amount"], payment, booking=booking)


def duplicate_settlement(world):
    payment = paid(world)
    for number in range(world.random.randrange(1, 3)):
        line = world.line(payment, after=world.minutes(60 + number * 5, 62 + number * 5))
        world.found("duplicate_settlement", payment["_amount"], payment, line)
    world.booking(payment)


def duplicate_payment(world):
    first = paid(world)
    span = world.random.choice([datetime.timedelta(minutes=10), world.minutes(1, 10)])
    second = paid(world, first["_created"] + span, user=first["user"].upper(),
                  amount=first["_amount"], description=first["description"])
    for payment in (first, second):
        world.booking(payment)
    world.found("duplicate_payment", second["_amount"], second)
    if world.random.random() < 0.3:
        third = paid(world, second["_created"] + world.minutes(1, 9), user=first["user"],
                     amount=first["_amount"], description=first["description"])
        world.booking(third)
        world.found("duplicate_payment", third["_amount"], third)


def currency_mismatch(world):
    payment = world.payment(status=world.random.choice(["succeeded", "pending"]))
    world.line(payment, currency="EUR", fee=50)
    if payment["status"] == "succeeded" and world.random.random() < 0.5:
        world.booking(payment)
    world.found("currency_mismatch", payment["_amount"], payment)


def net_mismatch(world):
    payment = world.payment()
    off = world.random.choice([-1, 1, 300])
    line = world.line(payment)
    line["net"] = f"{(line['_net'] + off) // 100}.{(line['_net'] + off) % 100:02}"
    world.booking(payment)
    world.found("net_mismatch", abs(off), payment, line)


def over_refund(world):
    payment = paid(world)
    world.booking(payment, status="cancelled")
    extra = world.random.randrange(3, 900)
    refund(world, payment, payment["_amount"] + extra)
    world.found("over_refund", extra, payment)


def orphan_refund(world):
    orphan(world, "refund", "orphan_refund")


def orphan(world, type, code):
    nobody = {"reference": world.new_id("lost-"), "currency": "USD", "_amount": world.amount()}
    line = world.line(nobody, type, when=world.moment())
    world.found(code, line["_gross"], line=line)


def chargeback(world):
    payment = paid(world)
    if world.random.random() < 0.4:
        # A part of it was won back, or what was left was charged back after a refund.
        rest = payment["_amount"] // 3
        if world.random.random() < 0.5:
            world.line(payment, "chargeback", when=later(world, payment, 2))
            world.line(payment, "chargeback_reversal", gross=payment["_amount"] - rest,
                       when=later(world, payment, 4))
            world.booking(payment)
        else:
            refund(world, payment, payment["_amount"] - rest, days=2)
            world.line(payment, "chargeback", gross=rest, when=later(world, payment, 4))
            booking = world.booking(payment)
            world.found("unpaid_booking", payment["_amount"], payment, booking=booking)
        world.found("chargeback", rest, payment)
        return
    amount = world.random.choice([payment["_amount"], payment["_amount"] // 2])
    world.line(payment, "chargeback", gross=amount, when=later(world, payment), fee=1500)
    world.found("chargeback", amount, payment)
    booking = world.booking(payment)
    if amount == payment["_amount"]:
        world.found("unpaid_booking", amount, payment, booking=booking)


def orphan_chargeback(world):
    orphan(world, world.random.choice(["chargeback", "chargeback_reversal"]), "orphan_chargeback")


def double_reversal(world):
    payment = paid(world)
    world.booking(payment, status="cancelled")
    back = world.random.choice([payment["_amount"], payment["_amount"] // 3])
    refund(world, payment, back, days=2)
    world.line(payment, "chargeback", when=later(world, payment, 5))
    world.found("chargeback", payment["_amount"], payment)
    world.found("double_reversal", back, payment)


def conflicting_evidence(world):
    payment = paid(world)
    line = world.rows["settlements"][-1]
    booking = world.booking(payment)
    kind = world.random.choice(["payment", "line", "booking"])
    # The rows differ in what decides nothing else, whichever of them counts.
    if kind == "payment":
        world.again(payment, gateway="other")
        world.found("conflicting_evidence", payment["_amount"], payment)
    elif kind == "line":
        world.again(line, settled_on="")
        world.found("conflicting_evidence", payment["_amount"], payment)
    else:
        world.again(booking, quantity="9")
        world.found("conflicting_evidence", booking["_amount"], booking=booking)


# Payouts are broken once every line is in its place.

def payout_short(world, payout, bank):
    lack = world.random.choice([TOLERANCE + 1, 5_000])
    bank["_amount"] -= lack
    world.found("payout_short", lack, payout=payout)


def payout_over(world, payout, bank):
    excess = world.random.choice([TOLERANCE + 1, 7_500])
    bank["_amount"] += excess
    world.found("payout_over", excess, payout=payout)


def payout_missing(world, payout, bank):
    world.rows["bank"].remove(bank)
    world.found("payout_missing", abs(bank["_amount"]), payout=payout)


def unknown_deposit(world):
    bank = world.deposit(world.moment(), world.amount(), world.random.choice(["", "po-of-nobody"]))
    world.found("unknown_deposit", bank["_amount"], bank=bank)


CASES = [
    rounding, duplicate_line, superseded, late_settlement, stuck, settled_short, settled_over,
    fee_over, fee_under, fee_missing, booking_amount, orphan_booking, unpaid_booking,
    unidentified_item, ambiguous_booking, reused_reference, wrong_user, refund_unrecorded,
    refund_unsettled, missing_settlement, unknown_settlement, false_success, false_failure,
    duplicate_settlement, duplicate_booking, duplicate_payment, currency_mismatch, net_mismatch,
    over_refund, orphan_refund, chargeback, orphan_chargeback, double_reversal,
    conflicting_evidence, unknown_deposit,
]
OF_PAYOUTS = [payout_short, payout_over, payout_missing]
