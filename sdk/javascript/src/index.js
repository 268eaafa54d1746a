// Write a Weighbridge connector in JavaScript or TypeScript: one class, honest defaults.

import { host } from "./host.js";
import { Failure } from "./failure.js";

export { Failure } from "./failure.js";
export { Lines, elements, parse, raw, records } from "./lines.js";
export { Limit, Page, recordTooLarge } from "./source.js";
export { Batch, ONE } from "./destination.js";
export * as http from "./http.js";
export { decode, encode } from "./text.js";

/** What a connector inherits: a method per ability; what is left out answers `unsupported`. */
export class Connector {
  check() {
    throw Failure.unsupported("check its settings");
  }

  discover() {
    throw Failure.unsupported("list streams");
  }

  read(request) {
    throw Failure.unsupported(`read the stream \`${request.stream}\``);
  }

  write(request) {
    throw Failure.unsupported(`write the stream \`${request.stream}\``);
  }

  abandon() {}

  receive() {
    throw Failure.unsupported("receive webhooks");
  }

  on() {}
}

/** A stream as `discover` lists it. */
export const stream = {
  source: (name, modes) => streamOf(name, "source", modes),
  destination: (name, modes) => streamOf(name, "destination", modes),
};

function streamOf(name, direction, modes) {
  return {
    stream: name,
    direction,
    modes,
    resumable: true,
    // Not listed: it makes the same stream with a primary key.
    keyedBy(fields) {
      const { stream, direction, modes, resumable } = this;
      return { stream, direction, modes, primary_key: fields, resumable };
    },
  };
}

export const clock = {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  nowMs: () => Number(host().nowMs()),
  sleepMs: (ms) => host().sleepMs(ms),
  random: (count) => host().random(count),
};

export const config = {
  /** The connection's settings, without the partition. */
  get() {
    const { partition: _, ...settings } = JSON.parse(host().config());
    return settings;
  },
  /** The customer's number inside a tenant's shared connection; null where there is none. */
  partition() {
    const { partition } = JSON.parse(host().config());
    return partition === undefined || partition === null ? null : String(partition);
  },
};

export const log = {
  debug: (message) => host().log("debug", String(message)),
  info: (message) => host().log("info", String(message)),
  warn: (message) => host().log("warn", String(message)),
  error: (message) => host().log("error", String(message)),
};

export const run = {
  /** Whether the run is being stopped. Long loops ask now and then and come back early. */
  cancelled: () => host().cancelled(),
  progress: (done, total = null, note = null) => host().progress(done, total, note),
};

export const secrets = {
  sign: (scheme, algorithm, payload) => refused(() => host().sign(scheme, algorithm, payload)),
  verify: (scheme, algorithm, payload, code) => refused(() => host().verify(scheme, algorithm, payload, code)),
};

function refused(ask) {
  try {
    return ask();
  } catch (why) {
    throw Failure.config("secrets.refused", String(why?.payload ?? why));
  }
}
