"""Why something did not work, by what the host should do about it."""

from __future__ import annotations

from enum import Enum


class FailureClass(Enum):
    CONFIG = "config"
    AUTH = "auth"
    RATE_LIMITED = "rate-limited"
    TRANSIENT = "transient"
    SYSTEM = "system"
    DENIED = "denied"
    CANCELLED = "cancelled"
    UNSUPPORTED = "unsupported"


class Failure(Exception):
    """A failure under a stable code (`tryton.session_expired`) with a sentence for a person."""

    def __init__(
        self, failure_class: FailureClass, code: str, message: str, retry_after_ms: int | None = None
    ) -> None:
        super().__init__(message)
        self.failure_class = failure_class
        self.code = code
        self.message = message
        self.retry_after_ms = retry_after_ms

    @classmethod
    def config(cls, code: str, message: str) -> Failure:
        """The settings are wrong; a person has to change them."""
        return cls(FailureClass.CONFIG, code, message)

    @classmethod
    def auth(cls, code: str, message: str) -> Failure:
        """The platform does not accept the credential."""
        return cls(FailureClass.AUTH, code, message)

    @classmethod
    def transient(cls, code: str, message: str) -> Failure:
        """Worth another try later."""
        return cls(FailureClass.TRANSIENT, code, message)

    @classmethod
    def system(cls, code: str, message: str) -> Failure:
        """Something nobody expected: a defect of the connector, or a platform that changed."""
        return cls(FailureClass.SYSTEM, code, message)

    @classmethod
    def unsupported(cls, what: str) -> Failure:
        """The connector does not do this."""
        return cls(FailureClass.UNSUPPORTED, "unsupported", f"this connector does not {what}")

    @property
    def is_budget(self) -> bool:
        """Whether the host refused because this call has made all the requests it may. What was taken so far counts."""
        return self.code == "http.budget"
