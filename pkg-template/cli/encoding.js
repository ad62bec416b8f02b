// Decodes files. PowerShell writes UTF-16, other Windows tools write UTF-8, each with a byte order mark.

const MARK_LENGTH = 2;

/** Returns a TextDecoder for the encoding that the first two bytes show. It leaves the byte order mark out. */
function decoderFor([first, second]) {
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le");
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be");
  return new TextDecoder();
}

export const textOf = (bytes) => decoderFor(bytes).decode(bytes);

/** Yields the text of a stream of bytes, a piece for each chunk. */
export async function* textsOf(chunks) {
  let decoder;
  let bytes = Buffer.alloc(0);
  for await (const chunk of chunks) {
    bytes = Buffer.concat([bytes, chunk]);
    if (!decoder && bytes.length < MARK_LENGTH) continue;
    decoder ??= decoderFor(bytes);
    yield decoder.decode(bytes, { stream: true });
    bytes = Buffer.alloc(0);
  }
  decoder ??= decoderFor(bytes);
  yield decoder.decode(bytes);
}
