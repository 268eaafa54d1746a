/** Write a Weighbridge connector: one class, honest defaults. */

export type FailureClass =
  | "config" | "auth" | "rate-limited" | "transient" | "system" | "denied" | "cancelled" | "unsupported";

/** Why something did not work, by what the host should do about it. Throw it; anything else is a fault of the connector. */
export class Failure extends Error {
  constructor(failureClass: FailureClass, code: string, message: string, retryAfterMs?: number | null);
  readonly class: FailureClass;
  readonly code: string;
  readonly retryAfterMs: number | null;
  readonly isBudget: boolean;
  static config(code: string, message: string): Failure;
  static auth(code: string, message: string): Failure;
  static transient(code: string, message: string): Failure;
  static system(code: string, message: string): Failure;
  static unsupported(what: string): Failure;
}

/** Records as JSON lines, being collected. */
export class Lines {
  readonly count: number;
  /** Their length in bytes, the LFs included. */
  readonly length: number;
  readonly isEmpty: boolean;
  /** Adds a record. A number that is longer than the language's own is lost here; `pushRaw` keeps it. */
  push(record: unknown): void;
  /** Adds a record as the platform wrote it. */
  pushRaw(text: string): void;
  toBytes(): Uint8Array;
}

export function raw(bytes: Uint8Array): string[];
export function records(bytes: Uint8Array): unknown[];
export function parse(text: string): any;
/** The elements of a JSON array, each as it was written. The text is one that was parsed. */
export function elements(text: string): string[];
export function encode(text: string): Uint8Array;
export function decode(bytes: Uint8Array): string;

export type Mode = "full_refresh" | "incremental" | "append" | "overwrite" | "upsert";

export interface Stream {
  stream: string;
  direction: "source" | "destination";
  modes: Mode[];
  schema?: object;
  primary_key?: string[];
  cursor_field?: string;
  resumable: boolean;
  purpose?: string;
}

export interface Catalog {
  streams: Stream[];
}

export const stream: {
  source(name: string, modes: Mode[]): Stream & { keyedBy(fields: string[]): Stream };
  destination(name: string, modes: Mode[]): Stream & { keyedBy(fields: string[]): Stream };
};

export interface ReadRequest {
  stream: string;
  mode: "full-refresh" | "incremental";
  /** The last settled checkpoint, byte for byte. */
  start: Uint8Array | null;
  since: string | null;
  until: string | null;
}

/** How much a page may hold. Giving more is a fault of the connector. */
export class Limit {
  constructor(records: number, bytes: number);
  readonly records: number;
  readonly bytes: number;
  /** Whether a record, a JSON text, still fits behind these lines. */
  admits(lines: Lines, record: string): boolean;
}

export class Page {
  records: Lines;
  /** Primary keys of records that are gone. */
  removed: Lines;
  /** The place after the last record, when it is safe to go on from there. */
  checkpoint: Uint8Array | null;
  more: boolean;
  remaining: number | null;
  waitMs: number | null;
}

export function recordTooLarge(record: string, limit: Limit): Failure;

export interface Reader {
  next(limit: Limit): Page;
  /** All up to this checkpoint is delivered and settled. */
  acknowledge?(checkpoint: Uint8Array): void;
}

export interface WriteRequest {
  stream: string;
  mode: "append" | "overwrite" | "upsert";
  schema: string;
  generation: string | null;
}

export interface Rejection {
  /** The line's index in the whole batch. */
  index: number;
  code: string;
  message: string;
  retryable: boolean;
}

export interface Receipt {
  taken: number;
  rejected?: Rejection[];
  assigned?: [number, string][];
  waitMs?: number | null;
}

export interface ChunkSize {
  records: number;
  bytes: number;
}

export interface Chunk {
  /** The key of the request: what is sent again under it has the same lines. */
  key: string;
  first: number;
  lines: string[];
}

export const ONE: ChunkSize;

export class Batch {
  constructor(key: string, first: number, bytes: Uint8Array);
  readonly key: string;
  readonly first: number;
  readonly lines: string[];
  indexed(): [number, string][];
  chunks(size: ChunkSize): Chunk[];
  send(
    size: ChunkSize,
    send: (chunk: Chunk) => { rejected?: Rejection[]; assigned?: [number, string][] } | void,
  ): Receipt;
}

export interface Writer {
  write(batch: Batch): Receipt;
  remove?(batch: Batch): Receipt;
  finish?(): void;
}

export interface Hook {
  method: string;
  path: string;
  headers: [string, string][];
  body: Uint8Array;
}

export interface Answer {
  status: number;
  body: Uint8Array;
  deliveries: { stream: string; id: string; records: Uint8Array }[];
}

/** A connector for one platform: a method per ability; what is left out answers `unsupported`. */
export class Connector {
  check(): void;
  discover(): Catalog;
  read(request: ReadRequest): Reader;
  write(request: WriteRequest): Writer;
  abandon(stream: string, generation: string): void;
  /** Its caller is authenticated by nobody yet; requests are refused here. */
  receive(hook: Hook): Answer;
  on(event: "enabled" | "disabled" | "deleted"): void;
}

export namespace http {
  class Request {
    constructor(method: string, url: string);
    /** Signs in by this scheme of the manifest. The host adds the credential; the guest never sees it. */
    auth(scheme: string): this;
    header(name: string, value: string): this;
    query(name: string, value: string | number | boolean): this;
    timeoutMs(ms: number): this;
    body(contentType: string, bytes: Uint8Array | string): this;
    json(value: unknown): this;
    send(): Response;
  }
  class Response {
    readonly status: number;
    readonly headers: [string, string][];
    header(name: string): string | null;
    read(max: number): Uint8Array;
    bytes(): Uint8Array;
    text(): string;
    json(): any;
    /** The records of an answer that is one JSON array: each parsed, and as the platform wrote it. */
    records(): { value: any; raw: string }[];
    /** The answer when its status is 2xx, else the failure that the status usually means. */
    ok(): this;
    toFailure(): Failure;
  }
  function get(url: string): Request;
  function post(url: string): Request;
  function put(url: string): Request;
  function patch(url: string): Request;
  function del(url: string): Request;
  function request(method: string, url: string): Request;
  function failureOf(status: number, headers: [string, string][], startOfBody: Uint8Array): Failure;
  function retryAfter(headers: [string, string][]): number | null;
  function encodedSegment(text: string): string;
}

export const clock: {
  nowMs(): number;
  sleepMs(ms: number): void;
  /** At most 4096 bytes at once. */
  random(count: number): Uint8Array;
};
export const config: { get(): any; partition(): string | null };
export const log: {
  debug(message: unknown): void;
  info(message: unknown): void;
  warn(message: unknown): void;
  error(message: unknown): void;
};
export const run: { cancelled(): boolean; progress(done: number, total?: number | null, note?: string | null): void };
export const secrets: {
  sign(scheme: string, algorithm: string, payload: Uint8Array): Uint8Array;
  verify(scheme: string, algorithm: string, payload: Uint8Array, code: Uint8Array): boolean;
};
