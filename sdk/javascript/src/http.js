// Requests. The host opens the connection and adds the credential.

import { Failure, ofRefusal } from "./failure.js";
import { host } from "./host.js";
import { decode, encode } from "./text.js";
import { elements, shallow } from "./lines.js";

const READ_BYTES_MAX = 1 << 20;

/** A request that is being built; `send` sends it. */
export class Request {
  #wire;

  constructor(method, url) {
    this.#wire = { method, url, headers: [], body: null, auth: null, timeoutMs: null };
  }

  /** Signs in by this scheme of the manifest. The host adds the credential; the guest never sees it. */
  auth(scheme) {
    this.#wire.auth = scheme;
    return this;
  }

  header(name, value) {
    this.#wire.headers.push([name, value]);
    return this;
  }

  /** A parameter at the end of the query string, percent-encoded. */
  query(name, value) {
    const sign = this.#wire.url.includes("?") ? "&" : "?";
    this.#wire.url += `${sign}${encoded(name)}=${encoded(String(value))}`;
    return this;
  }

  timeoutMs(ms) {
    this.#wire.timeoutMs = ms;
    return this;
  }

  body(contentType, bytes) {
    this.#wire.body = typeof bytes === "string" ? encode(bytes) : bytes;
    return this.header("content-type", contentType);
  }

  json(value) {
    return this.body("application/json", JSON.stringify(value));
  }

  /** Sends it. Any status is an answer: see `Response.ok`. Redirects come back as they are. */
  send() {
    return new Response(asked(() => host().send(this.#wire)));
  }
}

function asked(ask) {
  try {
    return ask();
  } catch (refusal) {
    // A refusal comes as the contract has it, by itself or inside an error of the engine's.
    const tagged = refusal?.payload ?? refusal;
    throw typeof tagged?.tag === "string" ? ofRefusal(tagged) : refusal;
  }
}

/** An answer whose body is still at the host. */
export class Response {
  #wire;

  constructor(wire) {
    this.#wire = wire;
  }

  get status() {
    return this.#wire.status();
  }

  get headers() {
    return this.#wire.headers();
  }

  /** The first header of this name, whatever its case; null where there is none. */
  header(name) {
    const found = this.headers.find(([own]) => own.toLowerCase() === name.toLowerCase());
    return found === undefined ? null : found[1];
  }

  /** The next bytes of the body, at most so many; empty at its end. */
  read(max) {
    return asked(() => this.#wire.read(Math.min(max, READ_BYTES_MAX)));
  }

  bytes() {
    const parts = [];
    for (let part = this.read(READ_BYTES_MAX); part.length > 0; part = this.read(READ_BYTES_MAX)) parts.push(part);
    if (parts.length === 1) return parts[0];
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  text() {
    try {
      return decode(this.bytes());
    } catch (error) {
      throw error instanceof Failure ? error : notJson(error);
    }
  }

  json() {
    try {
      return JSON.parse(shallow(this.text()));
    } catch (error) {
      throw error instanceof Failure ? error : notJson(error);
    }
  }

  /** The records of an answer that is one JSON array of objects: each parsed, and as the platform wrote it. */
  records() {
    const text = this.text();
    const values = listed(text);
    const written = elements(text);
    return values.map((value, index) => ({ value, raw: written[index] }));
  }

  /** The answer when its status is 2xx, else the failure that the status usually means. */
  ok() {
    if (this.status >= 200 && this.status < 300) return this;
    throw this.toFailure();
  }

  /** The failure that this answer means, with the start of its body in the message. */
  toFailure() {
    return failureOf(this.status, this.headers, this.read(300));
  }
}

/** Numbers that are longer than any may be; inside a text they are none. */
const LONG = /\d{300}|[eE]\+?\d{3}/;

function listed(text) {
  const bounded = (_, value) => {
    if (typeof value === "number" && !Number.isFinite(value)) throw new Error("a number is out of range");
    return value;
  };
  try {
    shallow(text);
    const values = LONG.test(text) ? JSON.parse(text, bounded) : JSON.parse(text);
    const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
    if (!Array.isArray(values) || !values.every(isObject)) throw new Error("a list of objects is expected");
    return values;
  } catch (error) {
    throw notJson(error);
  }
}

function notJson(error) {
  return Failure.transient("http.not_json", `the platform's answer is not the JSON expected: ${error.message}`);
}

/**
 * The failure of an answer that is not 2xx: 401 and 403 are `auth`; 429, and 503 with `Retry-After`, `rate-limited`; 408, 425
 * and 5xx `transient`; 3xx, 404, 405 and 410 `config`; any other `system`.
 */
export function failureOf(status, headers, startOfBody) {
  const retryAfterMs = retryAfter(headers);
  // A start may end in the middle of a letter, so only what is plain is shown.
  const start = String.fromCharCode.apply(null, startOfBody).replace(/[^\u0020-\u007e]/g, "").slice(0, 200);
  const message = start === "" ? `the platform answered ${status}` : `the platform answered ${status}: ${start}`;
  return new Failure(classOf(status, retryAfterMs), `http.${status}`, message, retryAfterMs);
}

function classOf(status, retryAfterMs) {
  if (status === 401 || status === 403) return "auth";
  if (status === 429 || (status === 503 && retryAfterMs !== null)) return "rate-limited";
  if (status === 408 || status === 425 || (status >= 500 && status < 600)) return "transient";
  return (status >= 300 && status < 400) || [404, 405, 410].includes(status) ? "config" : "system";
}

/** `Retry-After` in its seconds form, as milliseconds; null where there is none. */
export function retryAfter(headers) {
  const found = headers.find(([name]) => name.toLowerCase() === "retry-after");
  return found !== undefined && /^\s*\d{1,9}\s*$/.test(found[1]) ? Number(found[1]) * 1000 : null;
}

/** Text as one segment of a path: percent-encoded, and never a segment of dots that would climb. */
export function encodedSegment(text) {
  const out = encoded(text);
  return out === "." || out === ".." ? out.replaceAll(".", "%2E") : out;
}

function encoded(text) {
  const escape = (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(text.toWellFormed()).replace(/[!'()*]/g, escape);
}

export const get = (url) => new Request("GET", url);
export const post = (url) => new Request("POST", url);
export const put = (url) => new Request("PUT", url);
export const patch = (url) => new Request("PATCH", url);
export const del = (url) => new Request("DELETE", url);
export const request = (method, url) => new Request(method, url);
