"""What both peers are told alike: the arguments, and the one rule about the calendar."""

import argparse
import datetime
import pathlib

SETTLEMENT_DAYS = 2


def arguments(description, modes):
    """The command line of a peer; its fastest mode is the first."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("dumps", type=pathlib.Path, help="the folder of the dumps")
    parser.add_argument("answer", type=pathlib.Path, help="the folder to write the answer into")
    parser.add_argument("--as-of", required=True, help="such as 2025-08-31T02:00:00Z")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--mode", choices=modes, default=modes[0])
    options = parser.parse_args()
    options.as_of = datetime.datetime.strptime(options.as_of, "%Y-%m-%dT%H:%M:%SZ")
    options.answer.mkdir(parents=True, exist_ok=True)
    return options


def first_open_day(as_of):
    """The first day whose payments may still be settled in time: from then on nothing is missing.

    A settlement is due so many business days after its payment, and missing from the next day on.
    """
    day = as_of.date()
    business_days = 0
    while business_days < SETTLEMENT_DAYS:
        day -= datetime.timedelta(days=1)
        business_days += day.weekday() < 5
    # The settlements of a day before this one have had all of their business days.
    return datetime.datetime.combine(day, datetime.time())
