#!/usr/bin/env python3
"""Reconciles generated dumps in polars.

Money is Decimal(18, 2) throughout. What is left out, and why, stands in ../README.md.
"""

import datetime
import os
import re

import rules

OPTIONS = rules.arguments(__doc__.splitlines()[0], ["streaming", "in-memory"])
os.environ["POLARS_MAX_THREADS"] = str(OPTIONS.threads)

import polars as pl  # noqa: E402  (it reads the number of threads when it is imported)
from polars import col, lit, when  # noqa: E402

MONEY = pl.Decimal(18, 2)
TEXT = pl.String
TIME = "%Y-%m-%dT%H:%M:%SZ"
AGAIN_WITHIN = datetime.timedelta(minutes=10)
IN_DOUBT = ["missing_settlement", "false_success", "currency_mismatch"]


def scan(name, /, **columns):
    """A dump with the types of its columns."""
    return pl.scan_csv(OPTIONS.dumps / name, schema=columns)


def payments():
    """What the application says of its payments."""
    return scan(
        "payments.csv", payment_id=TEXT, reference=TEXT, user_email=TEXT, amount=MONEY,
        currency=TEXT, status=TEXT, created_at=TEXT, completed_at=TEXT, description=TEXT,
        metadata=TEXT, gateway=TEXT,
    ).with_columns(
        col("status").replace({"successful": "succeeded", "processing": "pending"}),
        col("created_at", "completed_at").str.to_datetime(TIME),
    )


def settlements():
    """What the gateway says."""
    return scan(
        "settlements.csv", transaction_id=TEXT, external_id=TEXT, type=TEXT, status=TEXT,
        amount=MONEY, fee=MONEY, currency=TEXT, date=TEXT,
    ).select("transaction_id", "type", "status", "amount", "currency", reference="external_id")


def bookings():
    """What the application has booked."""
    return scan(
        "bookings.csv", booking_id=TEXT, payment_reference=TEXT, user_email=TEXT,
        destination=TEXT, kind=TEXT, participants=pl.Int32, total_amount=MONEY, currency=TEXT,
        status=TEXT, booking_date=TEXT, created_at=TEXT,
    ).select(
        "booking_id", "user_email", "kind", "currency", "status", reference="payment_reference",
        amount="total_amount", booked_at=col("created_at").str.to_datetime(TIME))


def settled(lines):
    """A repeated line counts once; then one row for what the gateway says of a reference."""
    charge = col("type") == "charge"
    done = col("status") == "SUCCESSFUL"
    charged = col("amount").filter(charge & done)
    return (
        lines.unique()
        .group_by("reference", "currency")
        .agg(
            captured=charged.sum(), charges=charged.len(), least=charged.min(),
            most=charged.max(),
            refunded=col("amount").filter((col("type") == "refund") & done).sum(),
            only_failed=charge.any() & ~(charge & (col("status") != "FAILED")).any(),
            on_its_way=(charge & (col("status") == "PENDING")).any(),
        )
    )


def booked(bookings):
    """One row for the bookings that name a reference."""
    return (
        bookings.filter(col("reference").is_not_null())
        .group_by("reference")
        .agg(
            bookings=pl.len(), booked_amount=col("amount").sum(),
            least_booked=col("amount").min(), most_booked=col("amount").max(),
            is_confirmed=(col("status") == "confirmed").any(),
        )
    )


def hold(lines, bookings):
    """The three ways at once. What finds no payment stands in rows without a payment_id."""
    sides = payments().drop("description", "metadata", "gateway")
    # Bookings come first: a row of settlements without a payment must find none by its reference.
    return (
        sides.join(booked(bookings), on="reference", how="full", coalesce=True)
        .join(settled(lines), on=["reference", "currency"], how="full", coalesce=True)
        .with_columns(
            col("charges", "bookings").fill_null(0),
            col("only_failed", "on_its_way", "is_confirmed").fill_null(False),
            col("captured", "refunded").fill_null(lit(0, MONEY)),
        )
    )


def resolve(held):
    """What each payment's status is after all, and what is wrong with its settlement."""
    strays = held.filter(col("payment_id").is_null() & (col("charges") > 0))
    elsewhere = strays.select("reference").unique().with_columns(elsewhere=lit(True))
    status, resolved, charges = col("status"), col("resolved_status"), col("charges")
    paid, closed = status == "succeeded", status.is_in(["failed", "cancelled"])
    elsewhere_only = col("elsewhere")
    begun = pl.coalesce("completed_at", "created_at")
    return (
        held.filter(col("payment_id").is_not_null())
        .join(elsewhere, on="reference", how="left")
        .with_columns(elsewhere=col("elsewhere").fill_null(False) & (charges == 0))
        .with_columns(
            resolved_status=when((status != "pending") | elsewhere_only).then(status)
            .when(charges > 0).then(lit("succeeded"))
            .when("only_failed").then(lit("failed"))
            .otherwise(status)
        )
        .with_columns(
            settlement_break=when(elsewhere_only & ~closed).then(lit("currency_mismatch"))
            .when(
                (status == "pending") & (resolved == "pending")
                & (col("created_at") < OPTIONS.as_of - datetime.timedelta(minutes=30))
            ).then(lit("stuck"))
            .when(closed & ((charges > 0) | elsewhere_only)).then(lit("false_failure"))
            .when(paid & (charges == 0) & col("only_failed")).then(lit("false_success"))
            .when(
                paid & (charges == 0) & ~col("on_its_way")
                & (begun < rules.first_open_day(OPTIONS.as_of))
            ).then(lit("missing_settlement"))
            .when((resolved != "succeeded") | (charges == 0)).then(None)
            .when(
                (charges > 1) & (col("least") == col("amount")) & (col("most") == col("amount"))
            ).then(lit("duplicate_settlement"))
            .when(col("captured") < col("amount")).then(lit("settled_short"))
            .when(col("captured") > col("amount")).then(lit("settled_over"))
        )
    )


def link(resolved, free):
    """Bookings that name no payment, by user, amount, currency and time."""
    window = datetime.timedelta(days=3)
    return (
        resolved.filter((col("resolved_status") == "succeeded") & (col("bookings") == 0))
        .join(free, on=["user_email", "amount", "currency"])
        .filter((col("created_at") - col("booked_at")).is_between(-window, window))
        .select("payment_id", "booking_id")
    )


def find_owed(resolved, links):
    """Succeeded payments without a booking that are owed one."""
    return (
        resolved.filter(
            (col("resolved_status") == "succeeded") & (col("bookings") == 0)
            & (col("refunded") < col("amount"))
            & ~col("settlement_break").fill_null("").is_in(IN_DOUBT)
        )
        .join(links, on="payment_id", how="anti")
        .select("payment_id", "user_email", "amount", "currency")
    )


def find_hurried(resolved):
    """Payments of users who paid twice within ten minutes."""
    succeeded = resolved.filter(col("resolved_status") == "succeeded")
    users = (
        succeeded.group_by("user_email")
        .agg(least=col("created_at").sort().diff().min())
        .filter(col("least") <= AGAIN_WITHIN)
    )
    return (
        succeeded.join(users, on="user_email", how="semi")
        .select("payment_id", "user_email", "amount", "currency", "created_at")
    )


def tell(owed, hurried):
    """What these few payments say they were for."""
    few = pl.concat([owed.select("payment_id"), hurried.select("payment_id")])
    return (
        payments()
        .select("payment_id", "description", "metadata")
        .join(few, on="payment_id", how="semi")
    )


def find_missing(owed, told):
    """The bookings that are owed, with what they are for."""
    catalogue = scan(
        "catalogue.csv", item_id=TEXT, name=TEXT, kind=TEXT, price=MONEY, currency=TEXT,
        aliases=TEXT,
    ).select("item_id", "kind", name=col("name").str.to_lowercase())
    names = sorted(catalogue.select("name").collect()["name"], key=len, reverse=True)
    pattern = r"\b(" + "|".join(map(re.escape, names)) + r")\b"
    details = col("metadata").str.json_decode(
        pl.Struct({"destination_name": TEXT, "participants": pl.Int32, "booking_date": TEXT}))

    def named(text):
        return text.str.to_lowercase().str.extract(pattern)

    return (
        owed.join(told, on="payment_id")
        .with_columns(details=details)
        .unnest("details")
        .with_columns(name=pl.coalesce(named(col("destination_name")), named(col("description"))))
        .join(catalogue, on="name", how="left")
        .select(
            "payment_id", "user_email", "item_id", "kind", "amount", "currency",
            quantity=col("participants").fill_null(1),
            date=col("booking_date").fill_null(
                str(OPTIONS.as_of.date() + datetime.timedelta(days=7))),
        )
    )


def find_paid_again(hurried, told):
    """The same purchase again within ten minutes; the later one is named."""
    same = ["user_email", "amount", "currency", "description"]
    return (
        hurried.join(told, on="payment_id")
        .sort("created_at", "payment_id")
        .select("payment_id", since=col("created_at").diff().over(same))
        .filter(col("since") <= AGAIN_WITHIN)
        .select("payment_id", paid_again=lit("duplicate_payment"))
    )


def categories(resolved, links, missing, paid_again):
    """Each payment's category."""
    status, amount = col("resolved_status"), col("amount")
    booking_break = (
        when(col("bookings") == 0).then(None)
        .when((status != "succeeded") | (col("refunded") >= amount))
        .then(when("is_confirmed").then(lit("unpaid_booking")))
        .when(
            (col("bookings") > 1) & (col("least_booked") == amount)
            & (col("most_booked") == amount)
        ).then(lit("duplicate_booking"))
        .when(col("booked_amount") != amount).then(lit("booking_amount"))
    )
    return (
        resolved
        .join(links.select("payment_id", attributes=lit(True)), on="payment_id", how="left")
        .join(
            missing.select("payment_id", found=col("item_id").is_not_null()),
            on="payment_id", how="left")
        .join(paid_again, on="payment_id", how="left")
        .with_columns(
            match_rule=when(col("bookings") > 0).then(lit("linked"))
            .when("attributes").then(lit("attributes"))
            .when("found").then(lit("emitted")),
            breaks=pl.concat_str(
                "settlement_break", "paid_again", booking_break,
                when(~col("found")).then(lit("unidentified_item")),
                separator=" ", ignore_nulls=True),
        )
        .select(
            "payment_id", "resolved_status",
            when(col("breaks") != "").then(lit("break"))
            .when(col("match_rule") == "emitted").then(lit("backfilled"))
            .when(status != col("status")).then(lit("updated"))
            .when(status.is_in(["failed", "cancelled"])).then(lit("closed"))
            .when((status == "pending") | (col("charges") == 0)).then(lit("expected"))
            .otherwise(lit("reconciled"))
            .alias("outcome"),
            "captured", "refunded", "match_rule", "breaks",
        )
    )


def orphan_bookings(held, bookings, free, links):
    """Bookings of no payment, whether they name none or one that is nowhere."""
    strays = held.filter(col("payment_id").is_null() & (col("bookings") > 0))
    counts = col("status").is_in(["confirmed", "completed"])
    columns = ["booking_id", "user_email", "amount", "currency"]
    return pl.concat([
        free.filter(counts).join(links, on="booking_id", how="anti").select(columns),
        bookings.filter(counts).join(strays, on="reference", how="semi").select(columns),
    ])


def unknown_settlements(held, lines):
    """Completed charges of no payment."""
    known = held.filter(col("payment_id").is_not_null())
    strays = (
        held.filter(col("payment_id").is_null() & (col("charges") > 0))
        .join(known, on="reference", how="anti"))
    return (
        lines.filter((col("type") == "charge") & (col("status") == "SUCCESSFUL"))
        .join(strays, on="reference", how="semi")
        .select("transaction_id", "reference", "amount", "currency")
        .unique("transaction_id")
    )


def totals(resolved, bookings, missing):
    """Users' totals, before and after what was found to be missing."""
    ticket = col("kind") == "ticket"
    sums = {"bookings": (~ticket).sum(), "tickets": ticket.sum(), "spent": col("amount").sum()}
    before = (
        bookings.filter(col("status").is_in(["confirmed", "completed"]))
        .group_by("user_email")
        .agg(**{f"{name}_before": value for name, value in sums.items()})
    )
    made = missing.filter(col("item_id").is_not_null()).group_by("user_email").agg(**sums)
    pending = (
        resolved.filter(col("resolved_status") == "pending")
        .group_by("user_email")
        .agg(pending_payments=pl.len(), pending_amount=col("amount").sum())
    )
    users = scan("users.csv", user_id=TEXT, email=TEXT, full_name=TEXT)
    return (
        users.select(user_email="email")
        .join(before, on="user_email", how="left")
        .join(made, on="user_email", how="left")
        .join(pending, on="user_email", how="left")
        .with_columns(pl.all().exclude("user_email").fill_null(0))
        .with_columns(*(col(name) + col(f"{name}_before") for name in sums))
    )


def main():
    def run(frame):
        return frame.collect(engine=OPTIONS.mode).lazy()

    def write(frame, name):
        frame.sink_csv(OPTIONS.answer / name, engine=OPTIONS.mode)

    lines, booked_rows = run(settlements()), run(bookings())
    held = run(hold(lines, booked_rows))
    resolved = run(resolve(held))
    free = run(booked_rows.filter(col("reference").is_null()))
    links = run(link(resolved, free))
    owed = run(find_owed(resolved, links))
    hurried = run(find_hurried(resolved))
    told = run(tell(owed, hurried))
    missing = run(find_missing(owed, told))
    paid_again = run(find_paid_again(hurried, told))
    write(categories(resolved, links, missing, paid_again), "payments.csv")
    write(missing.filter(col("item_id").is_not_null()), "missing_bookings.csv")
    write(orphan_bookings(held, booked_rows, free, links), "orphan_bookings.csv")
    write(unknown_settlements(held, lines), "unknown_settlements.csv")
    write(totals(resolved, booked_rows, missing), "users.csv")


if __name__ == "__main__":
    main()
