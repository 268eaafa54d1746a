"""Whom a connector asks: the host's imports in a guest, a script in a unit test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass
class WireRequest:
    """A request as the host is asked for it."""

    method: str
    url: str
    headers: list[tuple[str, str]]
    body: bytes | None = None
    auth: str | None = None
    timeout_ms: int | None = None


class WireResponse(Protocol):
    """An answer whose body is still at the host."""

    def status(self) -> int: ...

    def headers(self) -> list[tuple[str, str]]: ...

    def read(self, max: int) -> bytes: ...


class Host(Protocol):
    """All that a connector can ask."""

    def send(self, request: WireRequest) -> WireResponse: ...

    def config(self) -> str: ...

    def now_ms(self) -> int: ...

    def sleep_ms(self, ms: int) -> None: ...

    def random(self, count: int) -> bytes: ...

    def log(self, level: str, message: str) -> None: ...

    def cancelled(self) -> bool: ...

    def progress(self, done: int, total: int | None, note: str | None) -> None: ...

    def sign(self, scheme: str, algorithm: str, payload: bytes) -> bytes: ...

    def verify(self, scheme: str, algorithm: str, payload: bytes, code: bytes) -> bool: ...


_current: Host | None = None


def install(host: Host | None) -> None:
    """Puts a host in place."""
    global _current
    _current = host


def host() -> Host:
    if _current is None:
        raise RuntimeError("no host here: begin the test with `ScriptedHost()`")
    return _current
