// Between the contract's imports and exports and the class that an author writes. Only a guest loads this.

import wireClock from "weighbridge:connector/clock@0.1.0";
import wireConfig from "weighbridge:connector/config@0.1.0";
import wireHttp from "weighbridge:connector/http@0.1.0";
import wireLog from "weighbridge:connector/log@0.1.0";
import wireRun from "weighbridge:connector/run@0.1.0";
import wireSecrets from "weighbridge:connector/secrets@0.1.0";

import { Batch } from "./destination.js";
import { Failure } from "./failure.js";
import { install } from "./host.js";
import { config } from "./index.js";
import { Lines } from "./lines.js";
import { Limit } from "./source.js";

install({
  send: (request) => wireHttp.send(request),
  config: () => wireConfig.get(),
  nowMs: () => wireClock.nowMs(),
  sleepMs: (ms) => wireClock.sleepMs(ms),
  random: (count) => wireClock.random(count),
  log: (level, message) => wireLog.write(level, message),
  cancelled: () => wireRun.cancelled(),
  progress: (done, total, note) => wireRun.progress(done, total, note),
  sign: (scheme, algorithm, payload) => wireSecrets.sign(scheme, algorithm, payload),
  verify: (scheme, algorithm, payload, code) => wireSecrets.verify(scheme, algorithm, payload, code),
});

// There is no clock and no chance in a guest but the host's.
Date.now = () => Number(wireClock.nowMs());
Math.random = () => {
  const [a, b, c, d] = wireClock.random(4);
  return (a * 0x1000000 + b * 0x10000 + c * 0x100 + d) / 0x100000000;
};
globalThis.Date = class extends Date {
  constructor(...parts) {
    super(...(parts.length === 0 ? [Number(wireClock.nowMs())] : parts));
  }
};
const print = (level) => (...words) => wireLog.write(level, words.map(String).join(" "));
globalThis.console = { debug: print("debug"), log: print("info"), info: print("info"), warn: print("warn"), error: print("error") };

/** Gives what a call gives; what it throws becomes a failure of the contract. */
function answered(call) {
  try {
    return call();
  } catch (error) {
    if (error instanceof Failure) throw wire(error);
    wireLog.write("error", `the connector threw: ${error?.message ?? error}\n${error?.stack ?? ""}`);
    throw wire(Failure.system("connector.threw", `the connector threw: ${error?.message ?? error}`));
  }
}

function wire(failure) {
  const { code, message, retryAfterMs } = failure;
  return { class: failure.class, code, message, retryAfterMs };
}

/** What a component exports for a connector. */
export function exported(Connector) {
  const connect = () => {
    try {
      return new Connector(config.get());
    } catch (error) {
      if (error instanceof Failure) throw error;
      throw Failure.config("config.malformed", `the configuration is not as expected: ${error?.message ?? error}`);
    }
  };

  class Reader {
    #reader;

    constructor(reader) {
      this.#reader = reader;
    }

    next(records, bytes) {
      return answered(() => {
        const page = this.#reader.next(new Limit(records, bytes));
        return {
          records: page.records.toBytes(),
          removed: (page.removed ?? new Lines()).toBytes(),
          checkpoint: page.checkpoint ?? null,
          more: page.more,
          remaining: page.remaining ?? null,
          waitMs: page.waitMs ?? null,
        };
      });
    }

    acknowledge(checkpoint) {
      answered(() => this.#reader.acknowledge?.(checkpoint));
    }
  }

  class Writer {
    #writer;

    constructor(writer) {
      this.#writer = writer;
    }

    write(key, first, lines) {
      return answered(() => receipt(this.#writer.write(new Batch(key, first, lines))));
    }

    remove(key, first, keys) {
      return answered(() => {
        if (this.#writer.remove === undefined) throw Failure.unsupported("remove records");
        return receipt(this.#writer.remove(new Batch(key, first, keys)));
      });
    }

    finish() {
      answered(() => this.#writer.finish?.());
    }
  }

  return {
    platform: {
      check: () => answered(() => void connect().check()),
      discover: () => answered(() => JSON.stringify(connect().discover())),
      receive: (hook) => answered(() => connect().receive(hook)),
      on: (event) => answered(() => void connect().on(event)),
    },
    source: { Reader, open: (request) => answered(() => new Reader(connect().read(request))) },
    destination: {
      Writer,
      open: (request) => answered(() => new Writer(connect().write(request))),
      abandon: (stream, generation) => answered(() => void connect().abandon(stream, generation)),
    },
  };
}

function receipt({ taken, rejected = [], assigned = [], waitMs = null }) {
  return { taken, rejected, assigned, waitMs };
}
