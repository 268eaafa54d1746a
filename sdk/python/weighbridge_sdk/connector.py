"""The one class a connector inherits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .catalog import Catalog
from .destination import WriteRequest, Writer
from .failure import Failure
from .source import Reader, ReadRequest


@dataclass(frozen=True)
class Hook:
    """A webhook of the platform, from a caller whom nobody has authenticated."""

    method: str
    path: str
    headers: list[tuple[str, str]]
    body: bytes


@dataclass
class Delivery:
    """Records of one stream that a webhook brought."""

    stream: str
    id: str
    records: bytes


@dataclass
class Answer:
    """What a webhook is answered, and what it brought."""

    status: int
    body: bytes = b""
    deliveries: list[Delivery] = field(default_factory=list)


class Connector:
    """A connector for one platform.

    A method per ability; what is left out answers `unsupported`, and the host calls only what the manifest lists.
    """

    def __init__(self, settings: dict[str, Any]) -> None:
        """A connector for one connection. Wrong settings are failures of the class `config`."""

    def check(self) -> None:
        """One cheap authenticated request that proves the settings."""
        raise Failure.unsupported("check its settings")

    def discover(self) -> Catalog:
        """The streams this account offers."""
        raise Failure.unsupported("list streams")

    def read(self, request: ReadRequest) -> Reader:
        """Begins to read a stream, or goes on from `request.start`."""
        raise Failure.unsupported(f"read the stream `{request.stream}`")

    def write(self, request: WriteRequest) -> Writer:
        """Begins to write a stream."""
        raise Failure.unsupported(f"write the stream `{request.stream}`")

    def abandon(self, stream: str, generation: str) -> None:
        """A generation of an `overwrite` that will never be finished."""

    def receive(self, hook: Hook) -> Answer:
        """Verifies and parses a webhook. Its caller is authenticated by nobody yet; requests are refused here."""
        raise Failure.unsupported("receive webhooks")

    def on(self, event: str) -> None:
        """Makes or removes what is kept at the platform, such as webhooks: `enabled`, `disabled`, `deleted`. Repeatable."""
