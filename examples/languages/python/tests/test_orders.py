"""Orders, read from a platform that is written down here."""

import unittest

from connector import Shop
from weighbridge_sdk import Failure
from weighbridge_sdk.testing import Scripted, ScriptedHost, read_all


class Orders(unittest.TestCase):
    def test_reads_every_order_once(self) -> None:
        with ScriptedHost() as host:
            host.configure({"base_url": "https://shop.example.com"})
            host.expects("GET", "https://shop.example.com/orders?after=0&limit=2", Scripted(200, [{"id": 1}, {"id": 2}]))
            host.expects("GET", "https://shop.example.com/orders?after=2&limit=2", Scripted(200, [{"id": 5}]))
            self.assertEqual(read_all(Shop, "orders", 2), [{"id": 1}, {"id": 2}, {"id": 5}])
            self.assertEqual(host.sent[0].auth, "token")

    def test_fails_when_the_platform_asks_to_slow_down(self) -> None:
        with ScriptedHost() as host:
            host.configure({"base_url": "https://shop.example.com"})
            host.answers(lambda _: Scripted(429, "slow down", [("retry-after", "2")]))
            with self.assertRaises(Failure) as raised:
                read_all(Shop, "orders", 2)
            self.assertEqual(raised.exception.retry_after_ms, 2000)
