"""Orders of a shop."""

from __future__ import annotations

import json
from typing import Any

from weighbridge_sdk import Catalog, Connector, Failure, Limit, Page, Reader, ReadRequest, Stream
from weighbridge_sdk import http, lines, record_too_large


class Shop(Connector):
    """A connection to the platform."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self.base_url: str = settings["base_url"].rstrip("/")

    def check(self) -> None:
        http.get(f"{self.base_url}/orders").query("limit", 1).auth("token").send().ok()

    def discover(self) -> Catalog:
        return Catalog([Stream.source("orders", ["full_refresh", "incremental"]).keyed_by(["id"])])

    def read(self, request: ReadRequest) -> Reader:
        # A checkpoint comes back byte for byte: here, the id after which to go on.
        after = lines.parse(request.start) if request.start else 0
        return Orders(self.base_url, after)


class Orders(Reader):
    def __init__(self, base_url: str, after: int) -> None:
        self.base_url = base_url
        self.after = after

    def next(self, limit: Limit) -> Page:
        asked = min(limit.records, 500)
        request = http.get(f"{self.base_url}/orders").query("after", self.after).query("limit", asked)
        orders = request.auth("token").send().ok().records()
        page = Page(more=len(orders) >= asked)
        for order, raw in orders:
            if not limit.admits(page.records, raw):
                if page.records.is_empty:
                    raise record_too_large(raw, limit)
                page.more = True
                break
            if type(order.get("id")) is not int:
                raise Failure.system("shop.no_id", "an order has no id that is a whole number")
            page.records.push_raw(raw)
            self.after = order["id"]
        page.checkpoint = json.dumps(self.after).encode()
        return page
