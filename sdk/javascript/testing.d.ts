import type { Receipt } from "weighbridge-sdk";

export interface Scripted {
  status: number;
  /** Text, or a value that is written as JSON. */
  body: unknown;
  headers?: [string, string][];
}

export interface Sent {
  method: string;
  url: string;
  headers: [string, string][];
  body: Uint8Array | null;
  auth: string | null;
}

/** The host until `end` is called, which fails the test when an expected request was never made. */
export class ScriptedHost {
  static install(): ScriptedHost;
  readonly sent: Sent[];
  readonly log: string[];
  nowMs: number;
  cancelled: boolean;
  configure(configuration: object): void;
  expects(method: string, url: string, status: number, body: unknown, headers?: [string, string][]): void;
  answers(responder: (sent: Sent) => Scripted): void;
  end(): void;
}

/** Reads a stream from its beginning to its end, with a new reader for each page, as after a crash. */
export function readAll(connector: new (settings: any) => any, stream: string, pageRecords: number): any[];
/** Writes records under the key `KEY`, coming again with the rest until all are taken. */
export function write(
  connector: new (settings: any) => any,
  stream: string,
  mode: "append" | "overwrite" | "upsert",
  values: unknown[],
): Receipt;
