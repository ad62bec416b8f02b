/**
 * The parts of a case. It is data wherever it can be, as the same table is read by the server, which breaks things on
 * purpose, and by the client in every runtime.
 *
 * @typedef {object} Step What the server does with a request; the last one repeats.
 * @property {number} [status]
 * @property {Record<string, string>} [headers]
 * @property {string | Uint8Array[] | (() => string)} [body]
 * @property {number} [length] The length that it declares, where that is not the body's.
 * @property {"length" | "chunked" | "close"} [framing]
 * @property {number} [pieces] Bytes of a piece, where the body is chunked.
 * @property {"gzip" | "deflate" | "br"} [encoding]
 * @property {number} [bomb] Megabytes of spaces before what a healthy service says.
 * @property {number} [cutBytes] How many bytes of an encoded body are left out.
 * @property {string} [cut] After which part the connection ends.
 * @property {"reset" | "end"} [how]
 * @property {number} [wait] Ms before anything is sent.
 * @property {number} [drip] Ms between two bytes of the body.
 * @property {number[]} [informational] Statuses before the answer's own.
 *
 * @typedef {object} Expectation
 * @property {object} [results]
 * @property {number} [size] At least so many characters in the first text.
 * @property {string} [code]
 * @property {string[]} [codes] Any of these.
 * @property {string} [reason] What the caller gave as the signal's.
 * @property {string} [option] The option that is named.
 * @property {number | [number, number]} [requests]
 * @property {number} [atLeast] Ms.
 * @property {number} [within] Ms.
 * @property {number} [settles] Ms from the abort on.
 * @property {number} [retryAfterMs]
 *
 * @typedef {object} Case
 * @property {string} family
 * @property {string} rule What is promised.
 * @property {string} name
 * @property {Step[]} server
 * @property {number[]} ids
 * @property {object} client Options of the client's.
 * @property {object} call Options of the call's.
 * @property {{ after?: number, before?: boolean, twice?: boolean, timeout?: number }} [abort]
 * @property {Expectation} expect
 * @property {boolean} peers Whether other clients can be asked the same.
 * @property {string[]} not Runtimes in which it cannot be.
 * @property {(tools: object) => Promise<unknown>} [perform] What the client does instead of one plain call.
 */

/** The healthy answer for the runs that most cases ask for. */
export const GOOD = '{"1":{"texts":["one"]},"2":{"texts":["two"]}}';
export const RESULTS = { 1: { texts: ["one"] }, 2: { texts: ["two"] } };

/** The time that a case may take where it says nothing of that. */
export const WITHIN_MS = 5_000;

/** @returns {Case} */
export const fault = (given) => ({
  server: [{ body: GOOD }], ids: [1, 2], client: {}, call: {}, peers: true, not: [], ...given,
});
