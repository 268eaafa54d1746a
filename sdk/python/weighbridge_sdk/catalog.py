"""What `discover` answers: the streams an account offers."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True)
class Stream:
    """One stream in one direction."""

    stream: str
    #: `source` or `destination`.
    direction: str
    #: `full_refresh`, `incremental`; `append`, `overwrite`, `upsert`.
    modes: list[str]
    schema: Any = None
    primary_key: list[str] = field(default_factory=list)
    cursor_field: str | None = None
    resumable: bool = True
    purpose: str = ""

    @classmethod
    def source(cls, stream: str, modes: list[str]) -> Stream:
        """A resumable stream that is read in these modes."""
        return cls(stream, "source", modes)

    @classmethod
    def destination(cls, stream: str, modes: list[str]) -> Stream:
        """A stream that is written in these modes."""
        return cls(stream, "destination", modes)

    def keyed_by(self, fields: list[str]) -> Stream:
        """The same stream with these fields as its primary key."""
        return replace(self, primary_key=fields)


@dataclass(frozen=True)
class Catalog:
    """In the order a person reads them."""

    streams: list[Stream]

    def to_json(self) -> str:
        empty: tuple[object, ...] = (None, [], "")
        listed = [{name: value for name, value in vars(one).items() if value not in empty} for one in self.streams]
        return json.dumps({"streams": listed}, ensure_ascii=False, separators=(",", ":"))
