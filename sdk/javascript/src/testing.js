// What the platform answers, written down in the order it is asked; and driving a connector the way the host does.

import { Batch } from "./destination.js";
import { install } from "./host.js";
import { config } from "./index.js";
import { Lines, records } from "./lines.js";
import { Limit } from "./source.js";
import { decode, encode } from "./text.js";

/** The host until `end` is called, which fails the test when an expected request was never made. */
export class ScriptedHost {
  sent = [];
  log = [];
  nowMs = 1_700_000_000_000;
  cancelled = false;
  #configuration = {};
  #expected = [];
  #responder = null;

  static install() {
    const host = new ScriptedHost();
    install({
      send: (request) => host.#answer(request),
      config: () => JSON.stringify(host.#configuration),
      nowMs: () => host.nowMs,
      sleepMs: (ms) => void (host.nowMs += ms),
      random: (count) => new Uint8Array(count),
      log: (level, message) => void host.log.push(`${level}: ${message}`),
      cancelled: () => host.cancelled,
      progress: () => {},
      sign: () => refuse("no key here"),
      verify: () => refuse("no key here"),
    });
    return host;
  }

  configure(configuration) {
    this.#configuration = configuration;
  }

  /** The next request is this one and is answered so. Requests come in the order they are expected. */
  expects(method, url, status, body, headers = []) {
    this.#expected.push({ method, url, answer: { status, body, headers } });
  }

  /** Answers every request that was not expected one by one. */
  answers(responder) {
    this.#responder = responder;
  }

  end() {
    install(null);
    if (this.#expected.length > 0) {
      const { method, url } = this.#expected[0];
      throw new Error(`${this.#expected.length} expected requests were never made; the next is ${method} ${url}`);
    }
  }

  #answer(request) {
    this.sent.push(request);
    const expected = this.#expected.shift();
    if (expected === undefined && this.#responder === null) {
      throw new Error(`nothing answers ${request.method} ${request.url}`);
    }
    if (expected !== undefined && (expected.method !== request.method || expected.url !== request.url)) {
      throw new Error(`${expected.method} ${expected.url} was expected, and ${request.method} ${request.url} came`);
    }
    return response(expected?.answer ?? this.#responder(request));
  }
}

function refuse(why) {
  throw why;
}

function response({ status, body, headers = [] }) {
  let left = encode(typeof body === "string" ? body : JSON.stringify(body));
  const read = (max) => {
    const part = left.subarray(0, max);
    left = left.subarray(part.length);
    return part;
  };
  return { status: () => status, headers: () => headers, read };
}

/** Reads a stream from its beginning to its end, with a new reader for each page, as after a crash. */
export function readAll(Connector, stream, pageRecords) {
  const limit = new Limit(pageRecords, 4 << 20);
  const found = [];
  let start = null;
  for (;;) {
    const request = { stream, mode: "full-refresh", start, since: null, until: null };
    const reader = new Connector(config.get()).read(request);
    const page = reader.next(limit);
    const bytes = page.records.toBytes();
    const removed = page.removed.count;
    if (page.records.count + removed > limit.records || bytes.length > limit.bytes) {
      throw new Error(`${page.records.count + removed} records, ${bytes.length} bytes: more than the limit allows`);
    }
    found.push(...records(bytes));
    if (page.checkpoint !== null) {
      if (page.more && start !== null && decode(start) === decode(page.checkpoint)) {
        throw new Error("the checkpoint stands still");
      }
      reader.acknowledge?.(page.checkpoint);
      start = page.checkpoint;
    }
    if (!page.more) return found;
  }
}

/** Writes records under the key `KEY`, coming again with the rest until all are taken. */
export function write(Connector, stream, mode, values) {
  const writer = new Connector(config.get()).write({ stream, mode, schema: "{}", generation: null });
  const total = { taken: 0, rejected: [], assigned: [] };
  while (total.taken < values.length) {
    const rest = new Lines();
    values.slice(total.taken).forEach((value) => rest.push(value));
    const receipt = writer.write(new Batch("KEY", total.taken, rest.toBytes()));
    if (receipt.taken < 1 || receipt.taken > rest.count) throw new Error(`${receipt.taken} of ${rest.count} lines taken`);
    total.taken += receipt.taken;
    total.rejected.push(...(receipt.rejected ?? []));
    total.assigned.push(...(receipt.assigned ?? []));
  }
  return total;
}
