/**
 * The parts of a case. Cases are mostly plain data, because both the faulty server and the client in every runtime read the same
 * table.
 *
 * @typedef {object} Step The server's answer to a request. The last step repeats.
 * @property {number} [status]
 * @property {Record<string, string>} [headers]
 * @property {string | Uint8Array[] | (() => string)} [body]
 * @property {number} [length] The declared length, if it is not the body's.
 * @property {"length" | "chunked" | "close"} [framing]
 * @property {number} [pieces] The bytes of a piece of a chunked body.
 * @property {"gzip" | "deflate" | "br"} [encoding]
 * @property {number} [bomb] Megabytes of spaces before the healthy answer.
 * @property {number} [cutBytes] The bytes that are left out of an encoded body.
 * @property {string} [cut] The part after which the connection ends.
 * @property {"reset" | "end"} [how]
 * @property {number} [wait] The time before anything is sent, in ms.
 * @property {number} [drip] The time between two bytes of the body, in ms.
 * @property {number[]} [informational] The informational statuses before the answer.
 *
 * @typedef {object} Expectation
 * @property {object} [results]
 * @property {number} [size] The least number of characters in the first text.
 * @property {string} [code]
 * @property {string[]} [codes] The accepted codes.
 * @property {string} [reason] The reason of the signal.
 * @property {string} [option] The option that the error names.
 * @property {number | [number, number]} [requests]
 * @property {number} [atLeast] The least time, in ms.
 * @property {number} [within] The most time, in ms.
 * @property {number} [settles] The most time after the abort, in ms.
 * @property {number} [retryAfterMs]
 *
 * @typedef {object} Case
 * @property {string} family
 * @property {string} rule The promise that the case tests.
 * @property {string} name
 * @property {Step[]} server
 * @property {number[]} ids
 * @property {object} client Options of the client.
 * @property {object} call Options of the call.
 * @property {{ after?: number, before?: boolean, twice?: boolean, timeout?: number }} [abort]
 * @property {Expectation} expect
 * @property {boolean} peers Whether the case applies to other clients.
 * @property {string[]} not Runtimes that cannot run the case.
 * @property {(tools: object) => Promise<unknown>} [perform] Replaces the plain call.
 */

/** The healthy answer for the runs of most cases. */
export const GOOD = '{"1":{"texts":["one"]},"2":{"texts":["two"]}}';
export const RESULTS = { 1: { texts: ["one"] }, 2: { texts: ["two"] } };

/** The default time limit of a case. */
export const WITHIN_MS = 5_000;

/** @returns {Case} */
export const fault = (given) => ({
  server: [{ body: GOOD }], ids: [1, 2], client: {}, call: {}, peers: true, not: [], ...given,
});
