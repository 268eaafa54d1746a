"""Write a Weighbridge connector in Python: one class, honest defaults.

The host calls it to read pages of records or to write batches of them; everything it needs of the outside, it asks the host
for: `http` (the host adds the credential), `secrets`, `config`, `clock`, `log`, `run`.
"""

from . import clock, config, http, lines, log, run, secrets
from .catalog import Catalog, Stream
from .connector import Answer, Connector, Delivery, Hook
from .destination import ONE, Batch, Chunk, ChunkSize, Outcome, Receipt, Rejection, WriteRequest, Writer
from .failure import Failure, FailureClass
from .lines import Lines
from .source import Limit, Page, Reader, ReadRequest, record_too_large

__all__ = [
    "ONE",
    "Answer",
    "Batch",
    "Catalog",
    "Chunk",
    "ChunkSize",
    "Connector",
    "Delivery",
    "Failure",
    "FailureClass",
    "Hook",
    "Limit",
    "Lines",
    "Outcome",
    "Page",
    "ReadRequest",
    "Reader",
    "Receipt",
    "Rejection",
    "Stream",
    "WriteRequest",
    "Writer",
    "clock",
    "config",
    "http",
    "lines",
    "log",
    "record_too_large",
    "run",
    "secrets",
]
