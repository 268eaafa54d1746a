// Writing to a platform, in requests that a resend makes again under the same keys.

import { raw } from "./lines.js";
import { byteLength } from "./text.js";

/** Lines to write or keys to remove. */
export class Batch {
  constructor(key, first, bytes) {
    this.key = key;
    this.first = first;
    this.lines = raw(bytes);
  }

  /** The lines with their indices in the whole batch. */
  indexed() {
    return this.lines.map((line, place) => [this.first + place, line]);
  }

  /**
   * The requests this batch is made of: one ends where the next line's index is a multiple of `records`, or where the line
   * would not fit. So the cuts depend on the lines and the size only.
   */
  chunks({ records, bytes }) {
    const chunks = [];
    let lines = [];
    let held = 0;
    const close = (next) => {
      if (lines.length === 0) return;
      const first = next - lines.length;
      const key = lines.length === 1 ? `${this.key}-${first}` : `${this.key}-${first}-${lines.length}`;
      chunks.push({ key, first, lines });
      lines = [];
      held = 0;
    };
    for (const [index, line] of this.indexed()) {
      const length = byteLength(line) + 1;
      if (index % Math.max(records, 1) === 0 || held + length > bytes) close(index);
      lines.push(line);
      held += length;
    }
    close(this.first + this.lines.length);
    return chunks;
  }

  /**
   * Sends each chunk in turn and adds up the outcomes. Where a chunk fails after others were taken, the receipt says how many
   * lines were, and the host comes again with the rest.
   */
  send(size, send) {
    const receipt = { taken: 0, rejected: [], assigned: [], waitMs: null };
    for (const chunk of this.chunks(size)) {
      try {
        const outcome = send(chunk) ?? {};
        receipt.taken += chunk.lines.length;
        receipt.rejected.push(...(outcome.rejected ?? []));
        receipt.assigned.push(...(outcome.assigned ?? []));
      } catch (failure) {
        if (receipt.taken === 0) throw failure;
        break;
      }
    }
    return receipt;
  }
}

/** One line a request. */
export const ONE = { records: 1, bytes: 0 };
