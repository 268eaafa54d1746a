"""Reading from a platform."""

from __future__ import annotations

from dataclasses import dataclass, field

from .failure import Failure
from .lines import Lines


@dataclass(frozen=True)
class ReadRequest:
    """What to read, and from where on."""

    stream: str
    #: `full_refresh` or `incremental`.
    mode: str
    start: bytes | None = None
    since: str | None = None
    until: str | None = None


@dataclass(frozen=True)
class Limit:
    """How much a page may hold. Giving more is a fault of the connector."""

    records: int
    bytes: int

    def admits(self, lines: Lines, record: str) -> bool:
        """Whether a record, a JSON text, still fits behind these lines."""
        return lines.count < self.records and len(lines) + len(record.encode()) < self.bytes


@dataclass
class Page:
    """What one call to `Reader.next` gives."""

    records: Lines = field(default_factory=Lines)
    removed: Lines = field(default_factory=Lines)
    #: The place after the last record, when it is safe to go on from there.
    checkpoint: bytes | None = None
    more: bool = False
    remaining: int | None = None
    wait_ms: int | None = None


class Reader:
    """A walk over a stream."""

    def next(self, limit: Limit) -> Page:
        """The next page, within the limit."""
        raise NotImplementedError

    def acknowledge(self, checkpoint: bytes) -> None:
        """All up to this checkpoint is delivered and settled. Repeatable; most platforms need nothing here."""


def record_too_large(record: str, limit: Limit) -> Failure:
    """The failure for one record that does not fit into an empty page."""
    message = f"one record has {len(record.encode())} bytes; a page may have {limit.bytes}"
    return Failure.system("source.record_too_large", message)
