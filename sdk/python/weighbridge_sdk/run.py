"""The run a call belongs to."""

from __future__ import annotations

from .host import host


def cancelled() -> bool:
    """Whether the run is being stopped. Long loops ask now and then and come back early."""
    return host().cancelled()


def progress(done: int, total: int | None = None, note: str | None = None) -> None:
    """How far the call is, for whoever watches."""
    host().progress(done, total, note)
