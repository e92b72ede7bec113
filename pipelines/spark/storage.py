"""Folders wherever Hadoop's FileSystem finds them: on this machine, in HDFS, or behind `s3a://`."""

import contextlib
import pathlib
from collections.abc import Iterator
from typing import IO, Any, NamedTuple

from pyspark.sql import SparkSession


class StoredFile(NamedTuple):
    """A file in a folder."""

    # Its path below the folder.
    name: str
    # Its whole address.
    address: str
    size: int


class Storage:
    """Hadoop's file systems, as the driver reaches them."""

    def __init__(self, spark: SparkSession):
        context: Any = spark.sparkContext
        self.hadoop = context._jvm.org.apache.hadoop.fs
        self.configuration = context._jsc.hadoopConfiguration()

    def _path(self, address: str) -> tuple[Any, Any]:
        path = self.hadoop.Path(address)
        system = path.getFileSystem(self.configuration)
        return system, system.makeQualified(path)

    def files(self, folder: str) -> list[StoredFile]:
        """Every file below a folder, by name."""
        system, root = self._path(folder)
        found = []
        walk = system.listFiles(root, True)
        while walk.hasNext():
            status = walk.next()
            address = status.getPath().toString()
            name = below(root.toString(), address)
            found.append(StoredFile(name, address, status.getLen()))
        return sorted(found)

    def fetch(self, file: StoredFile, folder: pathlib.Path) -> None:
        """Copies a file to this machine, under its name."""
        target = folder / file.name
        target.parent.mkdir(parents=True, exist_ok=True)
        system, path = self._path(file.address)
        system.copyToLocalFile(False, path, self.hadoop.Path(target.as_uri()), True)

    @contextlib.contextmanager
    def fetched(self, file: StoredFile, folder: pathlib.Path) -> Iterator[IO[bytes]]:
        """Reads a file, which stands in a folder of this machine as long as that takes."""
        self.fetch(file, folder)
        copy = folder / file.name
        try:
            with copy.open("rb") as stream:
                yield stream
        finally:
            copy.unlink()

    def exists(self, folder: str) -> bool:
        """Whether there is such a folder."""
        system, path = self._path(folder)
        return bool(system.exists(path))

    def remove(self, folder: str) -> None:
        """Removes a folder with everything in it, if it is there."""
        system, path = self._path(folder)
        system.delete(path, True)


def below(folder: str, address: str) -> str:
    """The path of a file below a folder."""
    return address.removeprefix(folder.rstrip("/") + "/")


def pattern(address: str) -> str:
    """An address as a pattern that fits it, in a list separated by commas.

    A sign that would mean something there is left open; what else then fits is to be passed over.
    """
    return "".join("?" if sign in ",{}[]*?\\^" else sign for sign in address)


def local(address: str) -> pathlib.Path | None:
    """A folder on this machine; None where it is elsewhere."""
    if address.startswith("file:"):
        return pathlib.Path("/" + address.removeprefix("file:").lstrip("/"))
    return None if "://" in address or address.startswith("hdfs:") else pathlib.Path(address)
