// UTF-8. The engine in a guest is the language alone, without `TextEncoder`.

const PIECE = 8192;

/** The text of bytes. */
export function decode(bytes) {
  if (typeof TextDecoder !== "undefined") return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  let binary = "";
  for (let at = 0; at < bytes.length; at += PIECE) {
    binary += String.fromCharCode.apply(null, bytes.subarray(at, at + PIECE));
  }
  // Both are the engine's own, and so much faster than a loop over the bytes here.
  return /[\u0080-\u00ff]/.test(binary) ? decodeURIComponent(escape(binary)) : binary;
}

/** The bytes of a text. */
export function encode(text) {
  if (typeof TextEncoder !== "undefined") return new TextEncoder().encode(text);
  const binary = /[^\u0000-\u007f]/.test(text) ? unescape(encodeURIComponent(text.toWellFormed())) : text;
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

/** How many bytes a text has. */
export function byteLength(text) {
  if (!/[^\u0000-\u007f]/.test(text)) return text.length;
  return encode(text).length;
}
