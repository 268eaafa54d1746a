// Reading from a platform.

import { Failure } from "./failure.js";
import { Lines } from "./lines.js";
import { byteLength } from "./text.js";

/** How much a page may hold. Giving more is a fault of the connector. */
export class Limit {
  constructor(records, bytes) {
    this.records = records;
    this.bytes = bytes;
  }

  /** Whether a record, a JSON text, still fits behind these lines. */
  admits(lines, record) {
    return lines.count < this.records && lines.length + byteLength(record) < this.bytes;
  }
}

/** What one call to a reader's `next` gives. */
export class Page {
  records = new Lines();
  removed = new Lines();
  checkpoint = null;
  more = false;
  remaining = null;
  waitMs = null;
}

/** The failure for one record that does not fit into an empty page. */
export function recordTooLarge(record, limit) {
  const bytes = byteLength(record);
  return Failure.system("source.record_too_large", `one record has ${bytes} bytes; a page may have ${limit.bytes}`);
}
