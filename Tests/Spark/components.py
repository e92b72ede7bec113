"""Holds the groups that Spark finds against those of a plain union of sets."""

import argparse
import os
import random
import sys
from collections.abc import Iterator

from pyspark.sql import SparkSession

# Row and one of its names.
Pair = tuple[int, int]


def shapes(chance: random.Random) -> Iterator[list[Pair]]:
    """Rows and names of every shape that groups may have."""
    yield [(row, -row) for row in range(9)]
    rows = list(range(-200, 200))
    chance.shuffle(rows)
    chain = [(row, place + side) for place, row in enumerate(rows) for side in (0, 1)]
    yield chain
    yield [(row, name % len(rows)) for row, name in chain]
    yield [(row, 7) for row in rows]
    yield [(row, place // 20) for place, row in enumerate(rows)] + [
        (row, 1000 + place % 7) for place, row in enumerate(rows[::37])]
    for names in (60, 200, 400, 900):
        yield [(row, chance.randrange(names)) for row in rows for _ in range(chance.randrange(1, 4))]


def everything() -> list[Pair]:
    """All shapes, beside each other, and the largest numbers there are."""
    ends = [-(1 << 63), (1 << 63) - 1, (1 << 63) - 2]
    return [(row, name) for row in ends for name in (row, ends[0])] + [
        (row + (number << 20), name + (number << 20))
        for number, pairs in enumerate(shapes(random.Random(20251120)), 1) for row, name in pairs]


def united(pairs: list[Pair]) -> dict[int, int]:
    """The first row of each row's group, for all that are not the first."""
    above: dict[int, int] = {}

    def top(row: int) -> int:
        while above.get(row, row) != row:
            row = above[row]
        return row

    owners: dict[int, int] = {}
    for row, name in pairs:
        one, other = sorted((top(row), top(owners.setdefault(name, row))))
        above[other] = one
    return {row: top(row) for row, _ in pairs if top(row) != row}


def hold(options: argparse.Namespace) -> None:
    """The groups of every shape, found at once, are those of a union of sets."""
    sys.path.insert(0, str(options.repository / "pipelines/spark"))
    import groups  # noqa: PLC0415 - it stands where --repository says.
    import reconcile  # noqa: PLC0415

    os.environ |= {"SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable}
    spark = (
        SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.sql.shuffle.partitions", "2").getOrCreate())
    for name, pairs in (("nothing", []), ("everything", everything())):
        staging = options.folder / name
        table = spark.createDataFrame(pairs, "row long, name long")
        roots = groups.roots(table, reconcile.Cluster(spark, staging.as_uri()).save)
        found = [tuple(row) for row in roots.select("row", "root").collect()]
        if sorted(found) != sorted(united(pairs).items()):
            sys.exit(f"Spark, groups of {name}: other groups than by a union of sets")
    spark.stop()
