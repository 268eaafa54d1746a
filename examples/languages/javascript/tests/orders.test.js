// Orders, read from a platform that is written down here.

import assert from "node:assert/strict";
import { test } from "node:test";

import { ScriptedHost, readAll } from "weighbridge-sdk/testing";

import Shop from "../src/connector.js";

test("reads every order once", () => {
  const host = ScriptedHost.install();
  host.configure({ base_url: "https://shop.example.com" });
  host.expects("GET", "https://shop.example.com/orders?after=0&limit=2", 200, [{ id: 1 }, { id: 2 }]);
  host.expects("GET", "https://shop.example.com/orders?after=2&limit=2", 200, [{ id: 5 }]);
  assert.deepEqual(readAll(Shop, "orders", 2), [{ id: 1 }, { id: 2 }, { id: 5 }]);
  assert.equal(host.sent[0].auth, "token");
  host.end();
});

test("fails when the platform asks to slow down", () => {
  const host = ScriptedHost.install();
  host.configure({ base_url: "https://shop.example.com" });
  host.answers(() => ({ status: 429, body: "slow down", headers: [["retry-after", "2"]] }));
  assert.throws(() => readAll(Shop, "orders", 2), { class: "rate-limited", retryAfterMs: 2000 });
  host.end();
});
