/**
 * Decodes a text that `xtask/src/js_text.rs` has written. A byte below 92 is the character 35 above it, so no byte becomes a
 * control character, a space or a quote. A space before the character adds 92, an exclamation mark adds 184.
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
