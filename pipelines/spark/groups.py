"""Which rows belong together, and which part each group of them goes to.

Rows that name the same thing belong together, and so does whatever is connected through others. The
groups are found by alternating large stars and small stars (Kiveris et al., "Connected components in
MapReduce and beyond", 2014): each round joins every row to the first row that it knows of, until
nothing changes. A chain of n rows takes about log n rounds, a star one or two.

Each round is written down and read again, so that neither its plan nor what a lost worker would have
to do again grows with the rounds.
"""

import heapq
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, TypeVar

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

# Writes a table under a name and returns what reads it.
Save = Callable[[DataFrame, str], DataFrame]

# More rounds than any dumps need: a chain of all rows there can be takes fewer.
MOST_ROUNDS = 200

# For each part, so many buckets of small groups; more even the parts out better.
BUCKETS_OF_PART = 64

# A group larger than this share of what a part should hold is placed by its own size.
LARGE_SHARE = 1 / 8

Lot = TypeVar("Lot")


def roots(pairs: DataFrame, save: Save) -> DataFrame:
    """The group of each row that shares a name with an earlier one.

    `pairs` has a line (row, name) for each name of each row. The answer has the columns row and root,
    which is the first row of the group. The first row itself, alone or not, is not in it.
    """
    first = F.min("row").over(Window.partitionBy("name"))
    edges = pairs.select(first.alias("a"), F.col("row").alias("b")).where("a < b").distinct()
    return connect(save(edges, "edges"), save).select(
        F.col("b").alias("row"), F.col("a").alias("root"))


def connect(edges: DataFrame, save: Save) -> DataFrame:
    """Stars (a, b), a the first row of its group, from edges (a, b) with a < b."""
    before = fingerprint(edges)
    for number in range(MOST_ROUNDS):
        edges = save(small_star(large_star(edges)), f"round-{number}")
        after = fingerprint(edges)
        if after == before:
            return edges
        before = after
    raise RuntimeError(f"the groups are not found after {MOST_ROUNDS} rounds")


def large_star(edges: DataFrame) -> DataFrame:
    """Joins the later neighbours of each row to the first row beside it."""
    both = F.explode(F.array(edge("a", "b"), edge("b", "a")))
    first = F.least("a", F.min("b").over(Window.partitionBy("a")))
    return (
        edges.select(both.alias("edge")).select("edge.*").withColumn("first", first)
        .where("a < b").select(F.col("first").alias("a"), "b"))


def small_star(edges: DataFrame) -> DataFrame:
    """Joins each row and its earlier neighbours to the first of those."""
    first = F.min("a").over(Window.partitionBy("b"))
    both = F.explode(F.array(edge("first", "a"), edge("first", "b")))
    return (
        edges.withColumn("first", first).select(both.alias("edge")).select("edge.*")
        .where("a < b").distinct())


def edge(a: str, b: str) -> Column:
    """An edge between the rows of two columns."""
    return F.struct(F.col(a).alias("a"), F.col(b).alias("b"))


def fingerprint(edges: DataFrame) -> tuple[Any, ...]:
    """A number of 128 bits and a count by which two sets of edges are told apart."""
    row = edges.agg(
        F.count("*"), F.expr("bit_xor(xxhash64(a, b))"), F.expr("bit_xor(xxhash64(b, a, 1))")
    ).first()
    return tuple(row) if row is not None else ()


class Shares(NamedTuple):
    """The part of each large group, and of each bucket of small ones."""

    large: dict[int, int]
    buckets: list[int]


def bucket(root: Column, parts: int) -> Column:
    """The bucket of a small group."""
    return F.pmod(F.xxhash64(root), F.lit(parts * BUCKETS_OF_PART)).cast("int")


def share_out(rows: DataFrame, parts: int) -> Shares:
    """Shares groups out so that all parts have about the same weight.

    `rows` has the columns root and weight. What is small goes by its hash into one of many buckets;
    large groups are placed one by one. A group that is larger than a part is a part of its own.
    """
    total = rows.agg(F.sum("weight")).first()
    limit = max(1, int((total[0] or 0) / parts * LARGE_SHARE)) if total is not None else 1
    groups = rows.groupBy("root").agg(F.sum("weight").alias("weight"))
    large = F.when(F.col("weight") > limit, F.col("root"))
    lots = (
        groups.select(large.alias("large"), "root", "weight")
        .select(
            "large", F.when(F.col("large").isNull(), bucket(F.col("root"), parts)).alias("bucket"),
            "weight")
        .groupBy("large", "bucket").agg(F.sum("weight").alias("weight")))
    weights = {(row["large"], row["bucket"]): row["weight"] for row in lots.collect()}
    placed = place(weights.items(), parts)
    return Shares(
        {lot[0]: part for lot, part in placed.items() if lot[0] is not None},
        [placed.get((None, number), number % parts) for number in range(parts * BUCKETS_OF_PART)])


def place(weights: Iterable[tuple[Lot, int]], parts: int) -> dict[Lot, int]:
    """The largest first, each to the part that has least so far; the same for the same weights."""
    loads = [(0, part) for part in range(parts)]
    placed = {}
    for lot, weight in sorted(weights, key=lambda each: (-each[1], str(each[0]))):
        load, part = heapq.heappop(loads)
        placed[lot] = part
        heapq.heappush(loads, (load + weight, part))
    return placed
