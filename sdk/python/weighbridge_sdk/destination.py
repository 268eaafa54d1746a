"""Writing to a platform, in requests that a resend makes again under the same keys."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Callable

from . import lines
from .failure import Failure


@dataclass(frozen=True)
class WriteRequest:
    stream: str
    #: `append`, `overwrite` or `upsert`.
    mode: str
    schema: str
    generation: str | None = None


@dataclass
class Rejection:
    #: The line's index in the whole batch.
    index: int
    code: str
    message: str
    retryable: bool = False


@dataclass
class Receipt:
    #: How many lines, from the first on, are dealt with.
    taken: int = 0
    rejected: list[Rejection] = field(default_factory=list)
    assigned: list[tuple[int, str]] = field(default_factory=list)
    wait_ms: int | None = None


@dataclass
class Outcome:
    """What a chunk's request came to."""

    rejected: list[Rejection] = field(default_factory=list)
    assigned: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True)
class ChunkSize:
    records: int
    bytes: int


#: One line a request.
ONE = ChunkSize(1, 0)


@dataclass(frozen=True)
class Chunk:
    """Lines that go into one request."""

    key: str
    first: int
    lines: list[bytes]


class Batch:
    """Lines to write or keys to remove."""

    def __init__(self, key: str, first: int, text: bytes) -> None:
        self.key = key
        self.first = first
        self.lines = lines.raw(text)

    def indexed(self) -> list[tuple[int, bytes]]:
        """The lines with their indices in the whole batch."""
        return list(enumerate(self.lines, self.first))

    def chunks(self, size: ChunkSize) -> list[Chunk]:
        """The requests this batch is made of.

        One ends where the next line's index is a multiple of `records`, or where the line would not fit. So the cuts depend
        on the lines and the size only.
        """
        chunks: list[Chunk] = []
        held: list[bytes] = []
        held_bytes = 0
        for index, line in self.indexed():
            if held and (index % max(size.records, 1) == 0 or held_bytes + len(line) + 1 > size.bytes):
                chunks.append(self._chunk(index - len(held), held))
                held, held_bytes = [], 0
            held.append(line)
            held_bytes += len(line) + 1
        if held:
            chunks.append(self._chunk(self.first + len(self.lines) - len(held), held))
        return chunks

    def _chunk(self, first: int, held: list[bytes]) -> Chunk:
        key = f"{self.key}-{first}" if len(held) == 1 else f"{self.key}-{first}-{len(held)}"
        return Chunk(key, first, held)

    def send(self, size: ChunkSize, send: Callable[[Chunk], Outcome | None]) -> Receipt:
        """Sends each chunk in turn and adds up the outcomes.

        Where a chunk fails after others were taken, the receipt says how many lines were, and the host comes again with the
        rest.
        """
        receipt = Receipt()
        for chunk in self.chunks(size):
            try:
                outcome = send(chunk) or Outcome()
            except Failure:
                if receipt.taken == 0:
                    raise
                break
            receipt.taken += len(chunk.lines)
            receipt.rejected += outcome.rejected
            receipt.assigned += outcome.assigned
        return receipt


class Writer:
    """A place records are written to."""

    def write(self, batch: Batch) -> Receipt:
        """Writes lines: all of them, or as many from the first on as can be dealt with now."""
        raise NotImplementedError

    def remove(self, batch: Batch) -> Receipt:
        """Removes the records with these primary keys."""
        raise Failure.unsupported("remove records")

    def finish(self) -> None:
        """The whole of an `overwrite` generation is there. Repeatable."""
