/**
 * The bytes of a text that `xtask/src/js_text.rs` has written: a byte below 92 is one character, 35 above it, so that none
 * is a control, a space or a quote; any other has a space or an exclamation mark before it, for 92 and 184 more.
 */
export function bytesOf(text) {
  const bytes = new Uint8Array(text.length);
  let length = 0;
  for (let at = 0; at < text.length; ) {
    const byte = text.charCodeAt(at++) - 35;
    bytes[length++] = byte < 0 ? (byte + 4) * 92 + text.charCodeAt(at++) - 35 : byte;
  }
  return bytes.subarray(0, length);
}
