"""One run of trueup over many machines: submitted with spark-submit.

    spark-submit --files trueup,tours.yaml reconcile.py tours.yaml \\
        --in s3a://dumps/2026-11-20 --out /srv/runs --staging s3a://scratch --as-of 2026-11-20T02:00:00Z

What it publishes is the same to the byte as `trueup run` on the same dumps. README.md says how it
works, what it needs, and what it costs. Exit codes and messages are those of `trueup run`.
"""

import argparse
import base64
import contextlib
import json
import math
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterable, Iterator
from typing import Any

import groups
import storage
import streams
from pyspark import SparkFiles
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

# An array of Java's, which Spark reads a file into, is no larger.
LARGEST_FILE = 2_000_000_000
# What a part should hold at most where nobody says how many parts there are.
BYTES_OF_PART = 128 << 20
MOST_PARTS = 4096
# What a row takes beside its text, for weighing.
WEIGHT_OF_ROW = 150
# How much of the dumps each partition of a shuffle has.
BYTES_OF_SHUFFLE = 32 << 20
SHUFFLE_PARTITIONS = "spark.sql.shuffle.partitions"
# The file that emissions of earlier runs stand in.
FILE_OF_EMISSIONS = 0xFFFF


class Refused(Exception):
    """What cannot be done, in words; the code is that of the command line's errors, or of a failed run."""

    def __init__(self, message: str, code: int = 1):
        super().__init__(message)
        self.code = code


class Plan:
    """What `trueup plan` says of a run: its dumps, and what waits from earlier runs."""

    def __init__(self, text: str, path: str):
        said = json.loads(text)
        self.path = path
        self.files: list[dict[str, Any]] = [file for file in said["files"] if not file["few"]]
        self.emissions: list[list[int]] = said["emissions"]

    def indices(self, kind: str) -> list[int]:
        """The files of a kind."""
        return [file["index"] for file in self.files if file["kind"] == kind]


class Cluster:
    """Spark, and the folder in which it keeps what is on its way."""

    def __init__(self, spark: SparkSession, staging: str):
        self.spark = spark
        self.context = spark.sparkContext
        self.staging = staging

    def save(self, table: DataFrame, name: str) -> DataFrame:
        """Writes a table down, and returns what reads it: where it came from is forgotten."""
        path = f"{self.staging}/{name}"
        table.write.parquet(path)
        return self.spark.read.schema(table.schema).parquet(path)

    def shuffle_by(self, size: int) -> None:
        """Shuffles rows in pieces of a size that suits the dumps, where nobody has said another."""
        if not self.context.getConf().contains(SHUFFLE_PARTITIONS):
            pieces = max(self.context.defaultParallelism, math.ceil(size / BYTES_OF_SHUFFLE))
            self.spark.conf.set(SHUFFLE_PARTITIONS, str(pieces))


def shipped(name: str) -> str:
    """Where a file stands here that was given to all workers, by `--files` or by the driver."""
    for path in (name, SparkFiles.get(os.path.basename(name)), os.path.basename(name)):
        if os.path.isfile(path):
            return os.path.abspath(path)
    raise FileNotFoundError(f"{name} is not here: name it with --files")


def executable(name: str) -> str:
    """The program on this machine: shipped, or installed."""
    try:
        path = shipped(name)
    except FileNotFoundError:
        found = shutil.which(name)
        if found is None:
            raise
        return found
    if not os.access(path, os.X_OK):
        # Some ways of shipping forget who may do what.
        os.chmod(path, 0o755)
    return path


# MARK: Keys

def large_files(plan: Plan, found: Iterable[storage.StoredFile]) -> dict[str, int]:
    """The index of each dump that workers read, by its address."""
    known = {file.name: file for file in found}
    addresses = {}
    for file in plan.files:
        stored = known[file["name"]]
        if stored.size > LARGEST_FILE:
            raise Refused(
                f"{file['name']} has {stored.size:,} bytes, and Spark hands out whole files of at "
                f"most {LARGEST_FILE:,}: export it in several files, which the definition names "
                "with a glob")
        addresses[stored.address] = file["index"]
    return addresses


def read_keys(cluster: Cluster, plan: Plan, program: str, addresses: dict[str, int]) -> DataFrame:
    """Every row with its place, its names and its text; and each dump's survey.

    Where a record ends is told by `trueup keys` alone: Spark sees whole files.
    """
    plan_name = plan.path

    def of_file(entry: tuple[str, bytes]) -> Iterator[tuple[int, str | None, str | None]]:
        file = addresses.get(entry[0])
        if file is not None:
            command = streams.keys_command(executable(program), shipped(plan_name), file)
            for lines, survey in streams.keys(command, entry[1]):
                yield file, lines, survey

    dumps = cluster.context.binaryFiles(",".join(map(storage.pattern, sorted(addresses))))
    blocks = cluster.spark.createDataFrame(
        dumps.flatMap(of_file), "file int, lines string, survey string", verifySchema=False)
    fields = blocks.select(
        "file", "survey", F.explode_outer(F.split("lines", "\n")).alias("line")
    ).select("file", "survey", F.split("line", "\t").alias("fields"))
    field = F.col("fields")
    return cluster.save(
        fields.select(
            "file", field[0].cast("bigint").alias("offset"), field[1].cast("bigint").alias("length"),
            field[2].cast("bigint").alias("line"), field[3].alias("orphan"),
            F.split(field[4], ",").cast("array<bigint>").alias("names"),
            F.unbase64(field[5]).alias("text"), "survey"),
        "keys")


def surveys(keys: DataFrame, plan: Plan) -> dict[int, bytes]:
    """What each dump has beside its rows, once for each."""
    found = [
        (row["file"], base64.b64decode(row["survey"]))
        for row in keys.where(F.col("survey").isNotNull()).select("file", "survey").collect()]
    expected = sorted(file["index"] for file in plan.files)
    if sorted(file for file, _ in found) != expected:
        raise Refused("not every dump was read wholly, and once")
    return dict(found)


def rows_of(cluster: Cluster, keys: DataFrame, plan: Plan) -> DataFrame:
    """The rows of all dumps, and what waits from earlier runs as rows without text."""
    emissions = cluster.spark.createDataFrame(
        [(FILE_OF_EMISSIONS, index, 0, 0, "", names, b"")
         for index, names in enumerate(plan.emissions)],
        "file int, offset long, length long, line long, orphan string, names array<long>, "
        "text binary")
    rows = keys.where(F.col("survey").isNull()).drop("survey").union(emissions)
    place = F.shiftleft(F.col("file").cast("bigint"), 48).bitwiseOR(F.col("offset"))
    return rows.withColumn("row", place)


def orphans(rows: DataFrame, plan: Plan) -> list[str]:
    """What was given back of payments that no dump has, each once."""
    given_back = (
        rows.where(F.col("orphan") != "")
        .select(F.split("orphan", ":", 2).alias("said"))
        .select(F.col("said")[0].cast("bigint").alias("name"), F.col("said")[1].alias("token")))
    paid = (
        rows.where(F.col("file").isin(plan.indices("payments")))
        .select(F.explode("names").alias("name")))
    unpaid = given_back.join(paid, "name", "left_anti").select("token").distinct()
    return sorted(row["token"] for row in unpaid.collect())


# MARK: Parts

def part_count(plan: Plan, wanted: int | None, at_once: int) -> int:
    """How many parts there are: as many as are worked on at once, and more where they would be large."""
    size = sum(file["bytes"] for file in plan.files)
    return wanted or min(MOST_PARTS, max(at_once, math.ceil(size / BYTES_OF_PART)))


def group_rows(cluster: Cluster, rows: DataFrame) -> DataFrame:
    """The group and the weight of each row."""
    pairs = rows.select("row", F.explode("names").alias("name"))
    roots = groups.roots(pairs, cluster.save)
    return cluster.save(
        rows.select("row", (F.col("length") + WEIGHT_OF_ROW).alias("weight"))
        .join(roots, "row", "left")
        .select("row", "weight", F.coalesce("root", "row").alias("root")),
        "groups")


def parts_of_rows(cluster: Cluster, grouped: DataFrame, parts: int) -> DataFrame:
    """The part of each row."""
    shares = groups.share_out(grouped, parts)
    large = cluster.spark.createDataFrame(list(shares.large.items()), "root long, large_part int")
    small = cluster.spark.createDataFrame(
        list(enumerate(shares.buckets)), "bucket int, small_part int")
    return (
        grouped.withColumn("bucket", groups.bucket(F.col("root"), parts))
        .join(F.broadcast(large), "root", "left").join(F.broadcast(small), "bucket")
        .select("row", F.coalesce("large_part", "small_part").alias("part")))


def reconcile_parts(
    cluster: Cluster, rows: DataFrame, part_of_row: DataFrame, parts: int, command: list[str]
) -> str:
    """Has `trueup shard` find each part; returns the folder of the texts that Spark's committer left.

    They are for the driver alone, which reads them without Spark: what tasks answer passes through
    their memory, and the driver's, as a whole.
    """
    parted = (
        rows.select("row", "file", "offset", "line", "text").join(part_of_row, "row")
        .repartitionById(parts, "part").sortWithinPartitions("file", "offset")
        .select("file", "offset", "line", "text")).rdd
    program, plan_name, orphans_name = command

    def of_part(part: int, sent: Iterable[Any]) -> Iterator[tuple[str]]:
        words = streams.shard_command(
            executable(program), shipped(plan_name), part, parts, shipped(orphans_name))
        for piece in streams.shard(words, sent):
            yield (streams.line(part, piece),)

    texts = cluster.spark.createDataFrame(
        parted.mapPartitionsWithIndex(of_part), "line string", verifySchema=False)
    folder = f"{cluster.staging}/parts"
    texts.write.text(folder, compression="none")
    return folder


def write_parts(stored: storage.Storage, texts: str, parts: int, folder: pathlib.Path) -> int:
    """Puts the parts together as files, a text at a time; returns their bytes."""
    sizes: dict[int, int] = {}
    written = [0] * parts
    for file in stored.files(texts):
        if not file.name.startswith("part-"):
            continue  # It is the committer's own, or of an attempt that was given up.
        with stored.fetched(file, folder) as lines:
            for part, (offset, content) in map(streams.piece, lines):
                if content:
                    write_at(folder / f"part-{part:05}.part", offset, content)
                    written[part] += len(content)
                elif part in sizes:
                    raise Refused(f"part {part} was made twice")
                else:
                    sizes[part] = offset
    for part in range(parts):
        if sizes.get(part) != written[part]:
            raise Refused(f"part {part} is not whole")
    return sum(written)


def write_at(path: pathlib.Path, offset: int, content: bytes) -> None:
    """Writes some bytes of a file to their place."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT, 0o640)
    try:
        while content:
            count = os.pwrite(file, content, offset)
            content, offset = content[count:], offset + count
    finally:
        os.close(file)


# MARK: The run

class Timings:
    """How long each step took, told as it goes and kept."""

    def __init__(self, quiet: bool):
        self.quiet = quiet
        self.steps: dict[str, float] = {}
        self.figures: dict[str, int] = {}

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Measures what is done within."""
        begun = time.monotonic()
        try:
            yield
        finally:
            self.steps[name] = round(time.monotonic() - begun, 2)
            if not self.quiet:
                print(f"spark: {name} {self.steps[name]} s", file=sys.stderr)

    def write(self, path: str) -> None:
        """Leaves everything as JSON."""
        text = json.dumps({"seconds": self.steps, **self.figures}, indent=2)
        pathlib.Path(path).write_text(text + "\n", encoding="utf-8")


def run_here(words: list[str], capture: bool = False) -> str:
    """Runs the program on this machine; its messages go where ours go."""
    ending = subprocess.run(
        words, stdout=subprocess.PIPE if capture else None, check=False, text=True)
    if ending.returncode != 0:
        raise SystemExit(ending.returncode if ending.returncode > 0 else 128 - ending.returncode)
    return ending.stdout or ""


class Run:
    """The steps of one run, from the dumps to what is published."""

    def __init__(self, options: argparse.Namespace, cluster: Cluster, here: pathlib.Path):
        self.options = options
        self.cluster = cluster
        self.here = here
        self.program = executable(options.program)
        self.timings = Timings(options.quiet)
        self.storage = storage.Storage(cluster.spark)

    def dumps(self, found: list[storage.StoredFile]) -> str:
        """The folder of the dumps on this machine, to which they are copied if need be."""
        folder = storage.local(self.options.dumps)
        if folder is not None:
            return str(folder)
        folder = self.here / "dumps"
        folder.mkdir()
        with self.timings.step("copy"):
            for file in found:
                self.storage.fetch(file, folder)
        return str(folder)

    def plan(self, dumps: str) -> Plan:
        """Asks the program what there is to do, and tells the workers."""
        path = str(self.here / f"{self.here.name}.plan")
        with self.timings.step("plan"):
            said = run_here(
                [self.program, "plan", shipped(self.options.pipeline), "--in", dumps, "--out",
                 self.options.out, "--plan", path, *self.options.plan_options], capture=True)
        self.cluster.context.addFile(path)
        return Plan(said, path)

    def publish(self) -> None:
        """Does everything."""
        address = folder_address(self.options.dumps)
        if not self.storage.exists(address):
            raise Refused(f"{self.options.dumps} is not there: name the folder of the dumps")
        found = self.storage.files(address)
        dumps = self.dumps(found)
        plan = self.plan(dumps)
        parts = part_count(plan, self.options.parts, self.cluster.context.defaultParallelism)
        self.cluster.shuffle_by(sum(file["bytes"] for file in plan.files))
        folder = self.here / "parts"
        folder.mkdir()
        with self.timings.step("keys"):
            keys = read_keys(
                self.cluster, plan, self.options.program, large_files(plan, found))
            for file, survey in surveys(keys, plan).items():
                (folder / f"file-{file:05}.survey").write_bytes(survey)
        with self.timings.step("groups"):
            rows = rows_of(self.cluster, keys, plan)
            orphans_path = self.here / f"{self.here.name}.orphans"
            orphans_path.write_text(
                "".join(token + "\n" for token in orphans(rows, plan)), encoding="utf-8")
            self.cluster.context.addFile(str(orphans_path))
            part_of_row = parts_of_rows(self.cluster, group_rows(self.cluster, rows), parts)
        with self.timings.step("parts"):
            texts = reconcile_parts(
                self.cluster, rows, part_of_row, parts,
                [self.options.program, plan.path, str(orphans_path)])
        with self.timings.step("collect"):
            size = write_parts(self.storage, texts, parts, folder)
        self.timings.figures |= {"parts": parts, "bytes_of_parts": size}
        self.merge(plan, folder, dumps)

    def merge(self, plan: Plan, parts: pathlib.Path, dumps: str) -> None:
        """Lets the program join the parts, prove and publish."""
        with self.timings.step("merge"):
            run_here(
                [self.program, "merge", "--plan", plan.path, "--parts", str(parts), "--in", dumps,
                 "--out", self.options.out, *self.options.merge_options])


def folder_address(folder: str) -> str:
    """A folder as Hadoop calls it."""
    path = storage.local(folder)
    return folder if path is None else path.resolve().as_uri()


def parsed(arguments: list[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="reconcile.py", description="One run of trueup over many machines, by Spark.",
        epilog="Options of `trueup run` that are not listed here are refused; README.md says why.")
    parser.add_argument("pipeline", metavar="PIPELINE", help="the definition")
    parser.add_argument("--in", dest="dumps", required=True, help="the folder of the dumps")
    parser.add_argument("--out", required=True, help="the output folder, of the driver's machine")
    parser.add_argument("--staging", help="a folder that driver and workers share")
    parser.add_argument("--parts", type=int, help="how many parts; by default as many as fit")
    parser.add_argument("--program", default="trueup", help="the program, as --files names it")
    parser.add_argument("--timings", help="a file for what each step took")
    parser.add_argument("--as-of", help="the logical time of the run")
    for name in ("--user", "--payment"):
        parser.add_argument(name, action="append", default=[], help="as of `trueup run`")
    for name in ("--fail-on", "--sign"):
        parser.add_argument(name, help="as of `trueup run`")
    for name in ("--no-archive", "--quiet"):
        parser.add_argument(name, action="store_true", help="as of `trueup run`")
    options = parser.parse_args(arguments)
    if options.parts is not None and not 1 <= options.parts <= MOST_PARTS:
        parser.error(f"--parts: 1 to {MOST_PARTS}")
    options.plan_options = passed_on(options, "as_of", "user", "payment")
    options.merge_options = passed_on(options, "fail_on", "sign", "no_archive", "quiet")
    return options


def passed_on(options: argparse.Namespace, *names: str) -> list[str]:
    """Options as the program's own command line has them."""
    words = []
    for name in names:
        value = getattr(options, name)
        option = "--" + name.replace("_", "-")
        if value is True:
            words.append(option)
        elif value:
            for each in value if isinstance(value, list) else [value]:
                words += [option, each]
    return words


@contextlib.contextmanager
def cluster_of(options: argparse.Namespace, here: pathlib.Path) -> Iterator[Cluster]:
    """Spark with a folder for what is on its way, which is removed at the end."""
    spark = SparkSession.builder.appName(f"trueup {options.pipeline}").getOrCreate()
    # Rows of dumps may be long: the thousands that it reads at once would not fit.
    spark.conf.set("spark.sql.parquet.enableVectorizedReader", "false")
    if options.staging is None and not (spark.sparkContext.master or "").startswith("local"):
        raise Refused("--staging is missing: name a folder that driver and workers share", 2)
    base = folder_address(options.staging or str(here))
    staging = f"{base.rstrip('/')}/trueup-{uuid.uuid4()}"
    for module in (groups, storage, streams):
        spark.sparkContext.addPyFile(str(module.__file__))
    try:
        yield Cluster(spark, staging)
    finally:
        storage.Storage(spark).remove(staging)
        spark.stop()


def stopped(*_: Any) -> None:
    """Ends as a program that a signal stopped, with everything put away."""
    raise SystemExit(143)


def main(arguments: list[str]) -> int:
    """Runs, and tells the exit code of `trueup run`."""
    options = parsed(arguments)
    signal.signal(signal.SIGTERM, stopped)
    try:
        with tempfile.TemporaryDirectory(prefix="trueup-") as folder:
            here = pathlib.Path(folder)
            with cluster_of(options, here) as cluster:
                run = Run(options, cluster, here)
                try:
                    run.publish()
                finally:
                    if options.timings:
                        run.timings.write(options.timings)
        return 0
    except (Refused, FileNotFoundError) as refused:
        print(f"error: {refused}", file=sys.stderr)
        return getattr(refused, "code", 2)
    except Exception as failure:
        told = streams.told_failure(str(failure))
        if told is None:
            raise
        print(told[1], file=sys.stderr)
        return told[0] if told[0] > 0 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
