"""Requests. The host opens the connection and adds the credential."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from . import lines
from .failure import Failure, FailureClass
from .host import WireRequest, WireResponse, host

_READ_BYTES_MAX = 1 << 20


class Request:
    """A request that is being built; `send` sends it."""

    def __init__(self, method: str, url: str) -> None:
        self._wire = WireRequest(method, url, [])

    def auth(self, scheme: str) -> Request:
        """Signs in by this scheme of the manifest. The host adds the credential; the guest never sees it."""
        self._wire.auth = scheme
        return self

    def header(self, name: str, value: str) -> Request:
        self._wire.headers.append((name, value))
        return self

    def query(self, name: str, value: object) -> Request:
        """A parameter at the end of the query string, percent-encoded."""
        sign = "&" if "?" in self._wire.url else "?"
        self._wire.url += f"{sign}{quote(name, safe='')}={quote(str(value), safe='')}"
        return self

    def timeout_ms(self, ms: int) -> Request:
        self._wire.timeout_ms = ms
        return self

    def body(self, content_type: str, body: bytes) -> Request:
        self._wire.body = body
        return self.header("content-type", content_type)

    def json(self, value: Any) -> Request:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return self.body("application/json", text.encode())

    def send(self) -> Response:
        """Sends it. Any status is an answer: see `Response.ok`. Redirects come back as they are."""
        return Response(host().send(self._wire))


class Response:
    """An answer whose body is still at the host."""

    def __init__(self, wire: WireResponse) -> None:
        self._wire = wire

    @property
    def status(self) -> int:
        return self._wire.status()

    @property
    def headers(self) -> list[tuple[str, str]]:
        return self._wire.headers()

    def header(self, name: str) -> str | None:
        """The first header of this name, whatever its case."""
        return next((value for own, value in self.headers if own.lower() == name.lower()), None)

    def read(self, max: int) -> bytes:
        """The next bytes of the body, at most so many; empty at its end."""
        return self._wire.read(min(max, _READ_BYTES_MAX))

    def bytes(self) -> bytes:
        parts = []
        while part := self.read(_READ_BYTES_MAX):
            parts.append(part)
        return b"".join(parts)

    def text(self) -> str:
        try:
            return self.bytes().decode()
        except UnicodeDecodeError as error:
            raise _not_json(error) from error

    def json(self) -> Any:
        try:
            return json.loads(lines.shallow(self.text()))
        except ValueError as error:
            raise _not_json(error) from error

    def records(self) -> list[tuple[Any, str]]:
        """The records of an answer that is one JSON array of objects: each parsed, and as the platform wrote it."""
        text = self.text()
        try:
            found = list(lines.elements(text))
            if not all(isinstance(value, dict) for value, _ in found):
                raise ValueError("a list of objects is expected")
        except ValueError as error:
            raise _not_json(error) from error
        return found

    def ok(self) -> Response:
        """The answer when its status is 2xx, else the failure that the status usually means."""
        if 200 <= self.status < 300:
            return self
        raise self.to_failure()

    def to_failure(self) -> Failure:
        """The failure that this answer means, with the start of its body in the message."""
        return failure_of(self.status, self.headers, self.read(300))


def _not_json(error: Exception) -> Failure:
    return Failure.transient("http.not_json", f"the platform's answer is not the JSON expected: {error}")


def failure_of(status: int, headers: list[tuple[str, str]], start_of_body: bytes) -> Failure:
    """The failure of an answer that is not 2xx.

    401 and 403 are `auth`; 429, and 503 with `Retry-After`, `rate-limited`; 408, 425 and 5xx `transient`; 3xx, 404, 405 and
    410 `config`; any other `system`.
    """
    retry = retry_after_ms(headers)
    start = "".join(sign for sign in start_of_body.decode(errors="replace") if sign.isprintable())[:200]
    message = f"the platform answered {status}: {start}" if start else f"the platform answered {status}"
    return Failure(_class_of(status, retry), f"http.{status}", message, retry)


def _class_of(status: int, retry: int | None) -> FailureClass:
    if status in (401, 403):
        return FailureClass.AUTH
    if status == 429 or (status == 503 and retry is not None):
        return FailureClass.RATE_LIMITED
    if status in (408, 425) or 500 <= status < 600:
        return FailureClass.TRANSIENT
    if 300 <= status < 400 or status in (404, 405, 410):
        return FailureClass.CONFIG
    return FailureClass.SYSTEM


def retry_after_ms(headers: list[tuple[str, str]]) -> int | None:
    """`Retry-After` in its seconds form, as milliseconds."""
    value = next((value.strip() for name, value in headers if name.lower() == "retry-after"), "")
    return int(value) * 1000 if value.isascii() and value.isdigit() and len(value) < 10 else None


def encoded(text: str) -> str:
    """Text as one segment of a path: percent-encoded, and never a segment of dots that would climb."""
    out = quote(text, safe="")
    return out.replace(".", "%2E") if out in (".", "..") else out


def request(method: str, url: str) -> Request:
    return Request(method, url)


def get(url: str) -> Request:
    return Request("GET", url)


def post(url: str) -> Request:
    return Request("POST", url)


def put(url: str) -> Request:
    return Request("PUT", url)


def patch(url: str) -> Request:
    return Request("PATCH", url)


def delete(url: str) -> Request:
    return Request("DELETE", url)
