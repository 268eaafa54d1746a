"""Time and randomness, which a guest has from nowhere else."""

from .host import host


def now_ms() -> int:
    """Milliseconds since 1970-01-01T00:00:00Z."""
    return host().now_ms()


def sleep_ms(ms: int) -> None:
    """Waits without using CPU time. A page's `wait_ms` is the better way to wait long."""
    host().sleep_ms(ms)


def random(count: int) -> bytes:
    """Random bytes, at most 4096 at once."""
    return host().random(count)
