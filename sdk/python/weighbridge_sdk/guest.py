"""Between the contract's imports and exports and the class that an author writes. Only a guest imports this."""

from __future__ import annotations

import random as _random
import sys
import time as _time
from types import TracebackType
from typing import Any, Callable, TypeVar

from componentize_py_types import Err
from wit_world.exports import destination as wire_destination
from wit_world.exports import platform as wire_platform
from wit_world.exports import source as wire_source
from wit_world.imports import clock, config, http, log, run, secrets, types

from . import config as settings
from .connector import Connector, Hook
from .destination import Batch, Receipt, WriteRequest
from .failure import Failure, FailureClass
from .host import WireRequest, install
from .source import Limit, ReadRequest

_T = TypeVar("_T")


class _Response:
    def __init__(self, wire: http.Response) -> None:
        self._wire = wire

    def status(self) -> int:
        return self._wire.status()

    def headers(self) -> list[tuple[str, str]]:
        return self._wire.headers()

    def read(self, max: int) -> bytes:
        return _asked(lambda: self._wire.read(max))


class _Host:
    def send(self, request: WireRequest) -> _Response:
        wire = http.Request(**vars(request))
        return _Response(_asked(lambda: http.send(wire)))

    def config(self) -> str:
        return config.get()

    def now_ms(self) -> int:
        return clock.now_ms()

    def sleep_ms(self, ms: int) -> None:
        clock.sleep_ms(ms)

    def random(self, count: int) -> bytes:
        return clock.random(count)

    def log(self, level: str, message: str) -> None:
        log.write(log.Level[level.upper()], message)

    def cancelled(self) -> bool:
        return run.cancelled()

    def progress(self, done: int, total: int | None, note: str | None) -> None:
        run.progress(done, total, note)

    def sign(self, scheme: str, algorithm: str, payload: bytes) -> bytes:
        return _allowed(lambda: secrets.sign(scheme, algorithm, payload))

    def verify(self, scheme: str, algorithm: str, payload: bytes, code: bytes) -> bool:
        return _allowed(lambda: secrets.verify(scheme, algorithm, payload, code))


def _asked(ask: Callable[[], _T]) -> _T:
    try:
        return ask()
    except Err as refused:
        raise _of_refusal(refused.value) from None


def _allowed(ask: Callable[[], _T]) -> _T:
    try:
        return ask()
    except Err as refused:
        raise Failure.config("secrets.refused", str(refused.value)) from None


def _of_refusal(refusal: Any) -> Failure:
    match refusal:
        case http.Refusal_Denied(why):
            return Failure(FailureClass.DENIED, "http.denied", why)
        case http.Refusal_Unreachable(why):
            return Failure.transient("http.unreachable", why)
        case http.Refusal_Tls(why):
            return Failure.config("http.tls", why)
        case http.Refusal_TimedOut():
            return Failure.transient("http.timed_out", "the platform did not answer in time")
        case http.Refusal_TooLarge(most):
            return Failure.system("http.too_large", f"the platform's answer has more than {most} bytes")
        case http.Refusal_Budget():
            return Failure.transient("http.budget", "this call has made all the requests it may")
        case http.Refusal_Cancelled():
            return Failure(FailureClass.CANCELLED, "http.cancelled", "the run was cancelled")
        case _:
            return Failure(FailureClass.DENIED, "http.secret_echoed", "the platform's answer repeats the credential")


class _Printed:
    """What is printed becomes lines of the log."""

    def __init__(self, level: Any) -> None:
        self._level = level
        self._left = ""

    def write(self, text: str) -> int:
        *whole, self._left = (self._left + text).split("\n")
        for line in whole:
            log.write(self._level, line)
        return len(text)

    def flush(self) -> None:
        pass


# There is no clock and no chance in a guest but the host's.
_time.time = lambda: clock.now_ms() / 1000
_time.time_ns = lambda: clock.now_ms() * 1_000_000
_time.monotonic = _time.perf_counter = _time.time
_time.sleep = lambda seconds: clock.sleep_ms(int(float(seconds) * 1000))
_FIRST = {"seeded": False}


def _answered(call: Callable[[], _T]) -> _T:
    """Gives what a call gives; what it raises becomes a failure of the contract."""
    if not _FIRST["seeded"]:
        # What was seeded while the package was built would be the same in every guest.
        _FIRST["seeded"] = True
        _random.seed(clock.random(32))
        sys.stdout, sys.stderr = _Printed(log.Level.INFO), _Printed(log.Level.WARN)
    try:
        return call()
    except Failure as failure:
        raise Err(_wire(failure)) from None
    except Exception as error:
        log.write(log.Level.ERROR, f"the connector raised {error!r}{_places(error.__traceback__)}")
        raise Err(_wire(Failure.system("connector.raised", f"the connector raised {error!r}"))) from None


def _places(trace: TracebackType | None) -> str:
    """Where it was raised. The lines themselves are not there: a guest has no files."""
    places = ""
    while trace is not None:
        code = trace.tb_frame.f_code
        places += f"\n  {code.co_filename}:{trace.tb_lineno} in {code.co_name}"
        trace = trace.tb_next
    return places


def _wire(failure: Failure) -> types.Failure:
    name = types.FailureClass[failure.failure_class.name]
    return types.Failure(name, failure.code, failure.message, failure.retry_after_ms)


def _receipt(receipt: Receipt) -> wire_destination.Receipt:
    rejected = [wire_destination.Rejection(**vars(one)) for one in receipt.rejected]
    return wire_destination.Receipt(receipt.taken, rejected, receipt.assigned, receipt.wait_ms)


class Reader:
    def __init__(self, reader: Any) -> None:
        self._reader = reader

    def next(self, limit_records: int, limit_bytes: int) -> wire_source.Page:
        def call() -> wire_source.Page:
            page = self._reader.next(Limit(limit_records, limit_bytes))
            records, removed = page.records.to_bytes(), page.removed.to_bytes()
            return wire_source.Page(records, removed, page.checkpoint, page.more, page.remaining, page.wait_ms)

        return _answered(call)

    def acknowledge(self, checkpoint: bytes) -> None:
        _answered(lambda: self._reader.acknowledge(checkpoint))


class Writer:
    def __init__(self, writer: Any) -> None:
        self._writer = writer

    def write(self, key: str, first: int, records: bytes) -> wire_destination.Receipt:
        return _answered(lambda: _receipt(self._writer.write(Batch(key, first, records))))

    def remove(self, key: str, first: int, keys: bytes) -> wire_destination.Receipt:
        return _answered(lambda: _receipt(self._writer.remove(Batch(key, first, keys))))

    def finish(self) -> None:
        _answered(self._writer.finish)


def exported(connector: type[Connector]) -> tuple[type, type, type]:
    """What a component exports for a connector."""

    def connect() -> Connector:
        try:
            return connector(settings.get())
        except Failure:
            raise
        except Exception as error:
            why = f"the configuration is not as expected: {error!r}"
            raise Failure.config("config.malformed", why) from None

    class Platform:
        def check(self) -> None:
            _answered(lambda: connect().check())

        def discover(self) -> str:
            return _answered(lambda: connect().discover().to_json())

        def receive(self, request: wire_platform.Hook) -> wire_platform.Answer:
            def call() -> wire_platform.Answer:
                answer = connect().receive(Hook(**vars(request)))
                deliveries = [wire_platform.Delivery(**vars(one)) for one in answer.deliveries]
                return wire_platform.Answer(answer.status, answer.body, deliveries)

            return _answered(call)

        def on(self, event: wire_platform.Lifecycle) -> None:
            _answered(lambda: connect().on(event.name.lower()))

    class Source:
        def open(self, request: wire_source.ReadRequest) -> Reader:
            mode = request.mode.name.lower()
            asked = ReadRequest(request.stream, mode, request.start, request.since, request.until)
            return _answered(lambda: Reader(connect().read(asked)))

    class Destination:
        def open(self, request: wire_destination.WriteRequest) -> Writer:
            mode = request.mode.name.lower()
            asked = WriteRequest(request.stream, mode, request.schema, request.generation)
            return _answered(lambda: Writer(connect().write(asked)))

        def abandon(self, stream: str, generation: str) -> None:
            _answered(lambda: connect().abandon(stream, generation))

    install(_Host())
    return Platform, Source, Destination
