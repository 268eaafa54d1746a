"""What an author leans on without looking: raw records, chunks, query strings, failures."""

import unittest

from weighbridge_sdk import Batch, Catalog, ChunkSize, Failure, FailureClass, Lines, Stream, http, lines


class Sdk(unittest.TestCase):
    def test_keeps_every_digit_and_letter_of_an_element(self) -> None:
        written = ['{"n": 12345678901234567890, "amount":1.10}', '"a,]}\\" [{"', "[1,[2,{}]]", "3.0", '{"ł":"ż"}']
        found = list(lines.elements(f" [{' , '.join(written)} ] "))
        self.assertEqual([raw for _, raw in found], written)
        self.assertEqual(list(lines.elements("[]")), [])

    def test_refuses_what_is_no_list(self) -> None:
        for text in ["{}", "[1", "[1 2]", "[1] 2", "[1,]"]:
            with self.assertRaises(ValueError, msg=text):
                list(lines.elements(text))

    def test_refuses_what_is_too_deep_to_be_read(self) -> None:
        self.assertEqual(lines.parse('{"text": "[[[["}'), {"text": "[[[["})
        with self.assertRaises(Failure):
            lines.parse("[" * 100_000)

    def test_counts_bytes_and_not_letters(self) -> None:
        collected = Lines()
        collected.push_raw('{"ł":\n"😀"}')
        self.assertEqual(collected.to_bytes(), '{"ł": "😀"}\n'.encode())
        self.assertEqual(len(collected), len(collected.to_bytes()))

    def test_encodes_what_a_query_and_a_path_may_not_have(self) -> None:
        self.assertEqual(http.encoded("a/b ż'"), "a%2Fb%20%C5%BC%27")
        self.assertEqual(http.encoded(".."), "%2E%2E")

    def test_cuts_the_same_requests_whatever_was_taken_before(self) -> None:
        batch = Batch("K", 0, b"".join(b'{"n":%d}\n' % number for number in range(5)))
        self.assertEqual([chunk.key for chunk in batch.chunks(ChunkSize(2, 1000))], ["K-0-2", "K-2-2", "K-4"])

    def test_says_how_many_lines_were_taken_before_a_failure(self) -> None:
        def fails_from(first: int) -> None:
            def send(chunk: object) -> None:
                if chunk.first >= first:
                    raise Failure.transient("x", "y")

            return send

        batch = Batch("K", 0, b'{"n":0}\n{"n":1}\n')
        self.assertEqual(batch.send(ChunkSize(1, 0), fails_from(1)).taken, 1)
        with self.assertRaises(Failure):
            batch.send(ChunkSize(1, 0), fails_from(0))

    def test_maps_a_status_to_what_the_host_should_do(self) -> None:
        classes = [http.failure_of(status, [], b"").failure_class.value for status in (401, 429, 503, 500, 404, 418)]
        self.assertEqual(classes, ["auth", "rate-limited", "transient", "transient", "config", "system"])
        slow = http.failure_of(503, [("Retry-After", "2")], b"")
        self.assertEqual((slow.failure_class, slow.retry_after_ms), (FailureClass.RATE_LIMITED, 2000))

    def test_lists_streams_as_the_contract_has_them(self) -> None:
        listed = Catalog([Stream.source("orders", ["full_refresh"]).keyed_by(["id"])]).to_json()
        whole = '{"stream":"orders","direction":"source","modes":["full_refresh"],"primary_key":["id"],"resumable":true}'
        self.assertEqual(listed, f'{{"streams":[{whole}]}}')


if __name__ == "__main__":
    unittest.main()
