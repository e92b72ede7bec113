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
from typing import BinaryIO, Callable, Iterable, Iterator

# What is read from the program at once.
BLOCK = 1 << 18

# How the rows of a part are told to `trueup shard`: place, line and length before the row's bytes.
FRAME = struct.Struct("<QII")
END = struct.Struct("<Q")
PLACE_OF_END = (1 << 64) - 1
BITS_OF_OFFSET = 48

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

    def __init__(self, process: subprocess.Popen, feed: Callable[[BinaryIO], None]):
        super().__init__(daemon=True)
        self.process = process
        self.feed = feed
        self.failure: BaseException | None = None

    def run(self) -> None:
        """Writes all, or notes why that was not possible."""
        try:
            self.feed(self.process.stdin)
            self.process.stdin.close()
        except BrokenPipeError:
            pass  # The program says itself why it did not read on.
        except BaseException as failure:  # pylint: disable=broad-except
            self.failure = failure
            # It must not take what it has for everything.
            self.process.kill()


def through(command: list[str], feed: Callable[[BinaryIO], None]) -> Iterator[bytes]:
    """What a program writes, block by block, while `feed` writes what it reads."""
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(  # pylint: disable=consider-using-with
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, bufsize=BLOCK)
        feeder = Feeder(process, feed)
        feeder.start()
        try:
            while block := process.stdout.read(BLOCK):
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
            process.stdout.close()


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


def keys(program: str, plan: str, file: int, dump: bytes) -> Iterator[str]:
    """The lines that `trueup keys` writes of a dump, many at a time."""
    command = [program, "keys", "--plan", plan, "--file", str(file), "--rows"]
    return whole_lines(through(command, lambda stdin: stdin.write(dump)))


def framed(rows: Iterable[str]) -> Iterator[bytes]:
    """Rows as `trueup shard` reads them, from texts of file, offset, line and bytes in base64."""
    count = 0
    for row in rows:
        file, offset, line, text = row.split("\t")
        content = base64.b64decode(text)
        place = int(file) << BITS_OF_OFFSET | int(offset)
        yield FRAME.pack(place, int(line), len(content)) + content
        count += 1
    yield FRAME.pack(PLACE_OF_END, 0, END.size) + END.pack(count)


def shard(command: list[str], rows: Iterable[str]) -> Iterator[tuple[int, bytes]]:
    """What `trueup shard` makes of a part's rows: pieces with their place in the whole.

    The last one is empty; its place is the size of the whole.
    """
    def feed(stdin: BinaryIO) -> None:
        for frame in framed(rows):
            stdin.write(frame)

    offset = 0
    for block in through(command, feed):
        yield offset, block
        offset += len(block)
    yield offset, b""
