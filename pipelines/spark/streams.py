"""What workers do: bytes through the program, in both directions at once.

Nothing here knows Spark. Workers import it; the driver ships it to them.
"""

import base64
import json
import re
import struct
import subprocess
import tempfile
import threading
from collections.abc import Iterable, Iterator
from typing import IO

# What is read from the program at once.
BLOCK = 1 << 18

# How the rows of a part are told to `trueup shard`: place, line and length before the row's bytes.
FRAME = struct.Struct("<QII")
END = struct.Struct("<Q")
PLACE_OF_END = (1 << 64) - 1
BITS_OF_OFFSET = 48

# What stands before the last line of a dump's keys.
SURVEY = "#survey\t"

# File, offset, line and bytes of a row.
Row = tuple[int, int, int, bytes]

# Some bytes of a part, behind their offset in it.
Piece = tuple[int, bytes]

# The most that is passed on of what the program says of a failure.
LONGEST_MESSAGE = 4000
MARK = re.compile(r"\[trueup:([A-Za-z0-9+/=]+)\]")


class ProgramFailed(Exception):
    """The program ended with an exit code other than those of success.

    The text carries code and message through whatever wraps it on the way to the driver.
    """

    def __init__(self, command: str, code: int, message: str):
        self.code = code
        self.message = message
        told = base64.b64encode(json.dumps([code, message]).encode()).decode()
        super().__init__(f"trueup {command} ended with exit code {code} [trueup:{told}]")


def told_failure(text: str) -> tuple[int, str] | None:
    """Exit code and message of a failure on a worker, out of the text of what Spark raised."""
    found = MARK.search(text)
    return tuple(json.loads(base64.b64decode(found[1]))) if found else None


class Feeder(threading.Thread):
    """Writes a program's input, so that its output may be read at the same time."""

    def __init__(self, process: subprocess.Popen[bytes], blocks: Iterable[bytes]):
        super().__init__(daemon=True)
        self.process = process
        self.blocks = blocks
        self.failure: BaseException | None = None

    def run(self) -> None:
        """Writes all, or notes why that was not possible."""
        try:
            with pipe(self.process.stdin) as stdin:
                stdin.writelines(self.blocks)
        except BrokenPipeError:
            pass  # The program says itself why it did not read on.
        except BaseException as failure:  # noqa: BLE001 - whatever it is, it is raised behind.
            self.failure = failure
            # It must not take what it has for everything.
            self.process.kill()


def pipe(stream: IO[bytes] | None) -> IO[bytes]:
    """A stream that was asked for."""
    if stream is None:
        raise RuntimeError("the program has no such stream")
    return stream


def through(command: list[str], blocks: Iterable[bytes]) -> Iterator[bytes]:
    """What a program writes, block by block, while it is given what it reads."""
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, bufsize=BLOCK)
        feeder = Feeder(process, blocks)
        feeder.start()
        try:
            with pipe(process.stdout) as stdout:
                while block := stdout.read(BLOCK):
                    yield block
            code = process.wait()
            feeder.join()
            if feeder.failure is not None:
                raise feeder.failure
            if code != 0:
                errors.seek(0)
                message = errors.read(LONGEST_MESSAGE).decode(errors="replace").strip()
                raise ProgramFailed(command[1], code, message)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()


# MARK: The keys of a dump

def keys_command(program: str, plan: str, file: int) -> list[str]:
    """What lists the rows of a dump, with their bytes: those of a packed one are nowhere else."""
    return [program, "keys", "--plan", plan, "--file", str(file), "--rows", "--threads", "1"]


def keys(command: list[str], dump: bytes) -> Iterator[tuple[str | None, str | None]]:
    """The lines of a dump's rows, many at a time; at last its survey."""
    for lines in whole_lines(through(command, [dump])):
        rows, mark, survey = lines.rpartition(SURVEY)
        if not mark:
            yield lines, None
            continue
        if rows:
            yield rows.removesuffix("\n"), None
        yield None, survey


def whole_lines(blocks: Iterable[bytes]) -> Iterator[str]:
    """Blocks that end with a line each, without its line feed; a line may be longer than a block."""
    begun: list[bytes] = []
    for block in blocks:
        end = block.rfind(b"\n")
        if end < 0:
            begun.append(block)
            continue
        begun.append(block[:end])
        yield b"".join(begun).decode()
        begun = [block[end + 1:]]
    if any(begun):
        raise RuntimeError("the keys of a dump end within a line")


# MARK: What is found in a part

def shard_command(program: str, plan: str, part: int, parts: int, orphans: str) -> list[str]:
    """What finds a part from its rows."""
    return [
        program, "shard", "--plan", plan, "--part", str(part), "--of", str(parts), "--orphans",
        orphans, "--threads", "1"]


def shard(command: list[str], rows: Iterable[Row]) -> Iterator[Piece]:
    """What `trueup shard` makes of a part's rows: pieces with their place in the whole.

    The last one is empty; its place is the size of the whole.
    """
    offset = 0
    for block in through(command, framed(rows)):
        yield offset, block
        offset += len(block)
    yield offset, b""


def framed(rows: Iterable[Row]) -> Iterator[bytes]:
    """Rows as `trueup shard` reads them; behind them how many there were."""
    count = 0
    for file, offset, line, text in rows:
        yield FRAME.pack(file << BITS_OF_OFFSET | offset, line, len(text)) + text
        count += 1
    yield FRAME.pack(PLACE_OF_END, 0, END.size) + END.pack(count)


def line(part: int, piece: Piece) -> str:
    """A piece of a part as a line of text."""
    offset, content = piece
    return f"{part}\t{offset}\t{base64.b64encode(content).decode()}"


def piece(text: bytes) -> tuple[int, Piece]:
    """The part and the piece that a line tells of."""
    part, offset, content = text.split(b"\t")
    return int(part), (int(offset), base64.b64decode(content))
