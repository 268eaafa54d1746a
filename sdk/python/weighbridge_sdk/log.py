"""Lines for whoever reads the run's log. Never write a record or a secret here."""

from .host import host


def debug(message: object) -> None:
    host().log("debug", str(message))


def info(message: object) -> None:
    host().log("info", str(message))


def warn(message: object) -> None:
    host().log("warn", str(message))


def error(message: object) -> None:
    host().log("error", str(message))
