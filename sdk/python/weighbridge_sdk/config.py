"""The connection's settings."""

from __future__ import annotations

import json
from typing import Any

from .host import host


def get() -> dict[str, Any]:
    """The configuration, without the partition."""
    settings: dict[str, Any] = json.loads(host().config())
    settings.pop("partition", None)
    return settings


def partition() -> str | None:
    """The customer's number inside a tenant's shared connection, when there is one."""
    partition = json.loads(host().config()).get("partition")
    return None if partition is None else str(partition)
