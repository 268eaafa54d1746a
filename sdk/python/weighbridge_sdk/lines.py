"""Records as JSON lines: one UTF-8 JSON object a line, each ended by LF."""

from __future__ import annotations

import json
import math
import re
from typing import Any, Iterator

from .failure import Failure



def _whole(text: str) -> int:
    return int(_bounded(text))


def _decimal(text: str) -> float:
    value = float(_bounded(text))
    if not math.isfinite(value):
        raise ValueError("a number is out of range")
    return value


def _bounded(text: str) -> str:
    # The host reads no number beyond what 64 bits of a floating one hold.
    if len(text) > 300:
        raise ValueError("a number is out of range")
    return text


def _constant(text: str) -> None:
    raise ValueError(f"{text} is no JSON")


_DECODER = json.JSONDecoder(parse_int=_whole, parse_float=_decimal, parse_constant=_constant)
_SPACE = " \t\n\r"


class Lines:
    """Lines that are being collected."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._bytes = 0

    @property
    def count(self) -> int:
        return len(self._parts)

    def __len__(self) -> int:
        """Their length in bytes, the LFs included."""
        return self._bytes

    @property
    def is_empty(self) -> bool:
        return not self._parts

    def push(self, record: Any) -> None:
        """Adds a record."""
        self.push_raw(json.dumps(record, ensure_ascii=False, separators=(",", ":")))

    def push_raw(self, text: str) -> None:
        """Adds a record as the platform wrote it. Line breaks between its parts become spaces."""
        line = text.replace("\n", " ").replace("\r", " ").encode()
        self._parts.append(line)
        self._bytes += len(line) + 1

    def to_bytes(self) -> bytes:
        return b"\n".join(self._parts) + b"\n" if self._parts else b""


def raw(lines: bytes) -> list[bytes]:
    """The lines of a buffer, without their LF."""
    return [line for line in lines.split(b"\n") if line]


def records(lines: bytes) -> Iterator[Any]:
    """The records of a buffer."""
    return (parse(line) for line in raw(lines))


def parse(text: str | bytes) -> Any:
    """JSON, or the failure that it is none."""
    try:
        return json.loads(shallow(text if isinstance(text, str) else text.decode()))
    except ValueError as error:
        raise Failure.system("json.malformed", f"JSON is not as expected: {error}") from error


#: The host reads no record that is deeper, and reading one would take all of a guest's stack.
_DEPTH_MAX = 120
_PARTS = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)


def shallow(text: str) -> str:
    """The text, where nothing in it is too deep."""
    depth = 0
    for part in _PARTS.finditer(text):
        sign = part[0]
        if sign in "[{":
            depth += 1
        elif sign in "]}":
            depth -= 1
        if depth > _DEPTH_MAX:
            raise ValueError(f"more than {_DEPTH_MAX} levels")
    return text


def elements(text: str) -> Iterator[tuple[Any, str]]:
    """The elements of a JSON array: each parsed, and as it was written, so that no digit of a number is lost."""
    shallow(text)
    at = _after(text, _skip(text, 0), "[")
    if text[at : at + 1] == "]":
        at += 1
    else:
        while True:
            value, end = _DECODER.raw_decode(text, at)
            yield value, text[at:end]
            at = _skip(text, end)
            if text[at : at + 1] == "]":
                at += 1
                break
            at = _after(text, at, ",")
    if _skip(text, at) != len(text):
        raise ValueError(f"something follows the list at {at}")


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in _SPACE:
        at += 1
    return at


def _after(text: str, at: int, sign: str) -> int:
    if text[at : at + 1] != sign:
        raise ValueError(f"`{sign}` is expected at {at}")
    return _skip(text, at + 1)
