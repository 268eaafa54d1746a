"""What the platform answers, written down in the order it is asked; and driving a connector the way the host does."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Callable

from . import config, lines
from .connector import Connector
from .destination import Batch, Receipt, WriteRequest
from .failure import Failure
from .host import WireRequest, install
from .source import Limit, ReadRequest


@dataclass
class Scripted:
    """What the platform answers: text, or a value that is written as JSON."""

    status: int
    body: Any = ""
    headers: list[tuple[str, str]] = field(default_factory=list)


class _Response:
    def __init__(self, scripted: Scripted) -> None:
        self._scripted = scripted
        text = scripted.body if isinstance(scripted.body, str) else json.dumps(scripted.body, ensure_ascii=False)
        self._left = text.encode()

    def status(self) -> int:
        return self._scripted.status

    def headers(self) -> list[tuple[str, str]]:
        return self._scripted.headers

    def read(self, max: int) -> bytes:
        part, self._left = self._left[:max], self._left[max:]
        return part


class ScriptedHost:
    """The host inside a `with` block, whose end fails the test when an expected request was never made."""

    def __init__(self) -> None:
        self.sent: list[WireRequest] = []
        self.lines: list[str] = []
        self.now = 1_700_000_000_000
        self.is_cancelled = False
        self._configuration: dict[str, Any] = {}
        self._expected: list[tuple[str, str, Scripted]] = []
        self._responder: Callable[[WireRequest], Scripted] | None = None

    def __enter__(self) -> ScriptedHost:
        install(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        install(None)
        if error is None and self._expected:
            method, url, _ = self._expected[0]
            raise AssertionError(f"{len(self._expected)} expected requests were never made; the next is {method} {url}")

    def configure(self, configuration: dict[str, Any]) -> None:
        self._configuration = configuration

    def expects(self, method: str, url: str, answer: Scripted) -> None:
        """The next request is this one and is answered so. Requests come in the order they are expected."""
        self._expected.append((method, url, answer))

    def answers(self, responder: Callable[[WireRequest], Scripted]) -> None:
        """Answers every request that was not expected one by one."""
        self._responder = responder

    def send(self, request: WireRequest) -> _Response:
        self.sent.append(request)
        if self._expected:
            method, url, answer = self._expected.pop(0)
            assert (method, url) == (request.method, request.url), f"{method} {url} was expected, {request.url} came"
            return _Response(answer)
        assert self._responder is not None, f"nothing answers {request.method} {request.url}"
        return _Response(self._responder(request))

    def config(self) -> str:
        return json.dumps(self._configuration)

    def now_ms(self) -> int:
        return self.now

    def sleep_ms(self, ms: int) -> None:
        self.now += ms

    def random(self, count: int) -> bytes:
        return bytes(count)

    def log(self, level: str, message: str) -> None:
        self.lines.append(f"{level}: {message}")

    def cancelled(self) -> bool:
        return self.is_cancelled

    def progress(self, done: int, total: int | None, note: str | None) -> None:
        pass

    def sign(self, scheme: str, algorithm: str, payload: bytes) -> bytes:
        raise Failure.config("secrets.refused", "no key here")

    def verify(self, scheme: str, algorithm: str, payload: bytes, code: bytes) -> bool:
        raise Failure.config("secrets.refused", "no key here")


def read_all(connector: type[Connector], stream: str, page_records: int) -> list[Any]:
    """Reads a stream from its beginning to its end, with a new reader for each page, as after a crash."""
    limit = Limit(page_records, 4 << 20)
    found: list[Any] = []
    start: bytes | None = None
    while True:
        reader = connector(config.get()).read(ReadRequest(stream, "full_refresh", start))
        page = reader.next(limit)
        records = page.records.to_bytes()
        assert page.records.count + page.removed.count <= limit.records, "more records than the limit allows"
        assert len(records) + len(page.removed) <= limit.bytes, "more bytes than the limit allows"
        found.extend(lines.records(records))
        if page.checkpoint is not None:
            assert not page.more or page.checkpoint != start, "the checkpoint stands still"
            reader.acknowledge(page.checkpoint)
            start = page.checkpoint
        if not page.more:
            return found


def write(connector: type[Connector], stream: str, mode: str, values: list[Any]) -> Receipt:
    """Writes records under the key `KEY`, coming again with the rest until all are taken."""
    writer = connector(config.get()).write(WriteRequest(stream, mode, "{}"))
    total = Receipt()
    while total.taken < len(values):
        rest = lines.Lines()
        for value in values[total.taken :]:
            rest.push(value)
        receipt = writer.write(Batch("KEY", total.taken, rest.to_bytes()))
        assert 1 <= receipt.taken <= rest.count, f"{receipt.taken} of {rest.count} lines taken"
        total.taken += receipt.taken
        total.rejected += receipt.rejected
        total.assigned += receipt.assigned
    return total
