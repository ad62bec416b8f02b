// One request and its answer, as far as `fetch` is concerned. In JavaScript, because here one `try` holds whatever a
// caller's own `fetch` may do: getters that throw, a stream that lies, a `text` that gives no promise. Nothing here
// rejects with anything but what `fetch` rejected with, and nothing here decides: Rust is told how it went.

const WHOLE = 0;
const TOO_LARGE = 1;
const BROKEN = 2;
const ALREADY_READ = 3;
const NO_RESPONSE = 4;

const ignore = () => {};

let decoder;

/** Pieces as one text. Drops a BOM and mends what is no UTF-8, as `Response.json` does. */
function decoded(pieces, length) {
  let bytes = pieces[0];
  if (pieces.length !== 1) {
    bytes = new Uint8Array(length);
    let offset = 0;
    for (const piece of pieces) {
      bytes.set(piece, offset);
      offset += piece.length;
    }
  }
  decoder ??= new TextDecoder();
  return decoder.decode(bytes);
}

export class Exchange {
  #controller = new AbortController();
  #response;
  #reader;

  /** Sends a POST. Settles when status and headers are there, or as `fetch` rejected; what it throws counts as that. */
  async send(fetch, url, headers, body) {
    // The global one is looked up each time, so that what replaces it on the page or in a test takes part.
    const send = fetch ?? globalThis.fetch;
    // Neither credentials, mode, cache nor referrerPolicy: some versions of workerd throw on them. Redirects are not
    // followed, as they would carry the key to wherever they point, and are no error, which would look like a lost
    // connection. The headers are a copy, as a caller's `fetch` may write to what it is given.
    this.#response = await send(url, {
      method: "POST",
      headers: { ...headers },
      body,
      redirect: "manual",
      signal: this.#controller.signal,
    });
    // A `fetch` that heeds no signal: what it gives after all is given up too.
    if (this.#controller.signal.aborted) this.cancel();
  }

  /** The HTTP status, 0 for a redirect that a browser hides, NaN where there is none. */
  status() {
    try {
      const { status, type } = this.#response;
      if (type === "opaqueredirect") return 0;
      return typeof status === "number" && status > 0 ? status : NaN;
    } catch {
      return NaN;
    }
  }

  /** A header, where the service sends it and, in a page, exposes it. */
  header(name) {
    try {
      const value = this.#response.headers.get(name);
      return typeof value === "string" ? value : undefined;
    } catch {
      return undefined;
    }
  }

  /**
   * Reads the body, decoded, up to a number of bytes: `[text, how it ended, what broke it]`. It is counted piece by
   * piece: `Content-Length` says how many bytes travel, and a few of them can unpack to any number.
   */
  async readText(most) {
    try {
      const { body, bodyUsed } = this.#response;
      if (bodyUsed || body?.locked) return ["", ALREADY_READ];
      if (body === null) return ["", WHOLE];
      return typeof body?.getReader === "function" ? await this.#readPieces(body, most) : await this.#readAtOnce(most);
    } catch {
      return ["", NO_RESPONSE];
    }
  }

  async #readPieces(body, most) {
    this.#reader = body.getReader();
    const pieces = [];
    let length = 0;
    let end = WHOLE;
    let cause;
    for (;;) {
      let piece;
      try {
        piece = await this.#reader.read();
      } catch (reason) {
        [end, cause] = [BROKEN, reason];
        break;
      }
      if (piece.done) break;
      if (!ArrayBuffer.isView(piece.value)) return ["", NO_RESPONSE];
      const { buffer, byteOffset, byteLength } = piece.value;
      const bytes = new Uint8Array(buffer, byteOffset, byteLength);
      if (length + bytes.length > most) {
        end = TOO_LARGE;
        break;
      }
      length += bytes.length;
      pieces.push(bytes);
    }
    try {
      return [decoded(pieces, length), end, cause];
    } catch {
      // More than an engine's arrays or strings hold.
      return ["", TOO_LARGE];
    }
  }

  /** React Native, node-fetch and some test doubles have no streams of the web's kind. */
  async #readAtOnce(most) {
    const read = this.#response.text();
    let text;
    try {
      text = await read;
    } catch (cause) {
      return ["", BROKEN, cause];
    }
    if (typeof text !== "string") return ["", NO_RESPONSE];
    return text.length > most ? ["", TOO_LARGE] : [text, WHOLE];
  }

  /** Gives up: the request, and the body too, for streams that no signal reaches. */
  cancel() {
    this.#controller.abort();
    try {
      (this.#reader ?? this.#response?.body)?.cancel()?.catch(ignore);
    } catch {
      // A stream that cannot be cancelled is no longer read, which is all that can be done.
    }
  }
}
