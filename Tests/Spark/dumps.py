"""Awkward dumps, made from generated ones."""

import csv
import gzip
import itertools
import pathlib

# One user has a share of everything, one reference so many rows, and a chain so many users.
SHARE_OF_USER = 3
ROWS_OF_REFERENCE = 20_000
USERS_OF_CHAIN = 150
USER = "everything@example.com"


def make(plain: pathlib.Path, folder: pathlib.Path) -> None:
    """Writes awkward dumps of the plain ones."""
    folder.mkdir()
    for table in ("catalogue", "users"):
        (folder / f"{table}.csv").write_bytes((plain / f"{table}.csv").read_bytes())
    payments = rows(plain / "payments.csv")
    settlements = rows(plain / "settlements.csv")
    bookings = rows(plain / "bookings.csv")
    for row in itertools.chain(payments, bookings):
        if has_one_user(row):
            row["user_email"] = USER
    for number, row in enumerate(payments):
        if number % 5 == 0:
            row["description"] = f'{row["description"]}\n"paid",\r\nby phone, no. {number}\n'
    payments += chain(payments)
    settlements += attempts(settlements[-1])
    write(folder / "payments.csv", payments)
    write(folder / "settlements.csv", settlements)
    packed = gzip.compress((folder / "settlements.csv").read_bytes(), 1)
    (folder / "settlements.csv").unlink()
    (folder / "settlements.csv.gz").write_bytes(packed)
    half = len(bookings) // 2
    write(folder / "bookings-1.csv", bookings[:half])
    write(folder / "bookings-2.csv", bookings[half:])


def pipeline(plain: str) -> str:
    """The definition of the awkward dumps, from that of the plain ones."""
    for before, after in (
        ("files: settlements.csv", "files: settlements.csv.gz"),
        ("files: bookings.csv", 'files: "bookings-*.csv"'),
    ):
        if before not in plain:
            raise ValueError(f"the definition does not have {before}")
        plain = plain.replace(before, after)
    return plain


def has_one_user(row: dict[str, str]) -> bool:
    """Whether a row is to belong to the user who has so much; the same for all rows of a user."""
    return int(row["user_email"][1:7]) % SHARE_OF_USER == 0


def chain(payments: list[dict[str, str]]) -> list[dict[str, str]]:
    """Payments that connect many users in a chain: each has one's reference and the next's address."""
    one_each = list({row["user_email"]: row for row in payments}.values())[:USERS_OF_CHAIN]
    return [
        {**row, "payment_id": f"CHAIN-{number}", "user_email": following["user_email"]}
        for number, (row, following) in enumerate(itertools.pairwise(one_each))
    ]


def attempts(settlement: dict[str, str]) -> list[dict[str, str]]:
    """What a gateway tells of a payment that was tried again and again."""
    return [
        {**settlement, "transaction_id": f"TRY-{number}", "status": "FAILED"}
        for number in range(ROWS_OF_REFERENCE)
    ]


def rows(path: pathlib.Path) -> list[dict[str, str]]:
    """The rows of a dump."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write(path: pathlib.Path, table: list[dict[str, str]]) -> None:
    """Writes a dump."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, table[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)
