// What an author leans on without looking: raw records, UTF-8, query strings, chunks.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Batch, Failure, Lines, elements, encode, http, parse } from "../src/index.js";

test("keeps every digit and letter of an element", () => {
  const written = ['{"n": 12345678901234567890, "amount":1.10}', '"a,]}\\" [{"', "[1,[2,{}]]", "3.0", '{"ł":"ż"}'];
  assert.deepEqual(elements(` [${written.join(" , ")} ] `), written);
  assert.deepEqual(elements("[]"), []);
});

test("refuses what is too deep to be read", () => {
  assert.deepEqual(parse('{"text": "[[[["}'), { text: "[[[[" });
  assert.throws(() => parse("[".repeat(100_000)), { code: "json.malformed" });
});

test("counts bytes and not letters", () => {
  const lines = new Lines();
  lines.pushRaw('{"ł":\n"😀"}');
  assert.equal(lines.length, encode('{"ł": "😀"}').length + 1);
  assert.equal(lines.toBytes().length, lines.length);
});

test("means the same bytes with and without the platform's own UTF-8", () => {
  const { TextEncoder, TextDecoder } = globalThis;
  const text = "plain, Zażółć, 😀";
  const bytes = encode(text);
  delete globalThis.TextEncoder;
  delete globalThis.TextDecoder;
  const own = encode(text);
  Object.assign(globalThis, { TextEncoder, TextDecoder });
  assert.deepEqual(own, bytes);
});

test("encodes what a query and a path may not have", () => {
  assert.equal(http.encodedSegment("a/b ż'"), "a%2Fb%20%C5%BC%27");
  assert.equal(http.encodedSegment(".."), "%2E%2E");
});

test("cuts the same requests whatever was taken before", () => {
  const text = encode([0, 1, 2, 3, 4].map((n) => `{"n":${n}}\n`).join(""));
  const keys = new Batch("K", 0, text).chunks({ records: 2, bytes: 1000 }).map((chunk) => chunk.key);
  assert.deepEqual(keys, ["K-0-2", "K-2-2", "K-4"]);
});

test("says how many lines were taken before a failure", () => {
  const text = encode('{"n":0}\n{"n":1}\n');
  const batch = new Batch("K", 0, text);
  const receipt = batch.send({ records: 1, bytes: 0 }, (chunk) => {
    if (chunk.first === 1) throw Failure.transient("x", "y");
  });
  assert.equal(receipt.taken, 1);
  assert.throws(() => batch.send({ records: 1, bytes: 0 }, () => { throw Failure.transient("x", "y"); }), { code: "x" });
});

test("maps a status to what the host should do", () => {
  const classes = [401, 429, 503, 500, 404, 418].map((status) => http.failureOf(status, [], new Uint8Array()).class);
  assert.deepEqual(classes, ["auth", "rate-limited", "transient", "transient", "config", "system"]);
  assert.equal(http.failureOf(503, [["Retry-After", "2"]], new Uint8Array()).retryAfterMs, 2000);
});
