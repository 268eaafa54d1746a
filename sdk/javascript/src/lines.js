// Records as JSON lines: one JSON object a line, each ended by LF.

import { Failure } from "./failure.js";
import { byteLength, decode, encode } from "./text.js";

/** Lines that are being collected. */
export class Lines {
  #parts = [];
  #bytes = 0;

  get count() {
    return this.#parts.length;
  }

  /** Their length in bytes, the LFs included. */
  get length() {
    return this.#bytes;
  }

  get isEmpty() {
    return this.#parts.length === 0;
  }

  /** Adds a record. A number that is longer than the language's own is lost here; `pushRaw` keeps it. */
  push(record) {
    this.pushRaw(JSON.stringify(record));
  }

  /** Adds a record as the platform wrote it. Line breaks between its parts become spaces. */
  pushRaw(text) {
    const line = /[\r\n]/.test(text) ? text.replace(/[\r\n]/g, " ") : text;
    this.#parts.push(line);
    this.#bytes += byteLength(line) + 1;
  }

  toBytes() {
    return this.isEmpty ? new Uint8Array() : encode(`${this.#parts.join("\n")}\n`);
  }
}

/** The lines of a buffer, without their LF. */
export function raw(bytes) {
  return decode(bytes).split("\n").filter((line) => line !== "");
}

/** The records of a buffer. */
export function records(bytes) {
  return raw(bytes).map(parse);
}

/** JSON, or the failure that it is none. */
export function parse(text) {
  try {
    return JSON.parse(shallow(text));
  } catch (error) {
    throw Failure.system("json.malformed", `JSON is not as expected: ${error.message}`);
  }
}

const QUOTE = 34;
const COMMA = 44;
const BACKSLASH = 92;
const OPENS = new Set([91, 123]);
const CLOSES = new Set([93, 125]);

/** The host reads no record that is deeper, and reading one would take all of a guest's stack. */
const DEPTH_MAX = 120;

/** The place after the text that begins at a quote. The engine finds the next quote much faster than a loop here would. */
function afterText(text, begin) {
  let end = begin;
  for (;;) {
    end = text.indexOf('"', end + 1);
    if (end === -1) return text.length;
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return end + 1;
  }
}

/** The text, where nothing in it is too deep. */
export function shallow(text) {
  let depth = 0;
  for (let at = 0; at < text.length; ) {
    const sign = text.charCodeAt(at);
    if (sign === QUOTE) {
      at = afterText(text, at);
      continue;
    }
    if (OPENS.has(sign)) depth += 1;
    else if (CLOSES.has(sign)) depth -= 1;
    if (depth > DEPTH_MAX) throw new Error(`more than ${DEPTH_MAX} levels`);
    at += 1;
  }
  return text;
}

/**
 * The elements of a JSON array, each as it was written: no digit of a number is lost. The text is one that was parsed.
 */
export function elements(text) {
  const found = [];
  let depth = 0;
  let begin = 0;
  for (let at = 0; at < text.length; ) {
    const sign = text.charCodeAt(at);
    if (sign === QUOTE) {
      at = afterText(text, at);
      continue;
    }
    const closes = CLOSES.has(sign);
    if (OPENS.has(sign)) {
      depth += 1;
      if (depth === 1) begin = at + 1;
    } else if (depth === 1 && (sign === COMMA || closes)) {
      const element = text.slice(begin, at).trim();
      if (element !== "") found.push(element);
      begin = at + 1;
    }
    if (closes) depth -= 1;
    at += 1;
  }
  return found;
}
