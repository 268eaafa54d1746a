"""Using a key without holding it: for schemes of kind `hmac`."""

from .host import host


def sign(scheme: str, algorithm: str, payload: bytes) -> bytes:
    """The code of a payload under the key of this scheme."""
    return host().sign(scheme, algorithm, payload)


def verify(scheme: str, algorithm: str, payload: bytes, code: bytes) -> bool:
    """Whether a code is the one of the payload. The host compares in constant time."""
    return host().verify(scheme, algorithm, payload, code)
