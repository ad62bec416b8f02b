// `get`: streams run ids through the client into the output.
import process from "node:process";
import { TranslationResultsClient } from "translation-results";
import { Encoder } from "./formats.js";
import { source } from "./ids.js";
import { apiKey } from "./options.js";
import { output } from "./output.js";
import { ProgressLine } from "./progress.js";
import { heldIn } from "./resume.js";

/** As shells count: 128 and the signal's number. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143 };

/** A reader that has enough, `head` for one, is no failure. */
const BROKEN_PIPE = 141;

export async function get(options) {
  const { keyFile, ...client } = options.client;
  const key = apiKey(keyFile, client.baseUrl, process.env);
  const translations = new TranslationResultsClient({ ...client, apiKey: key });
  let failed = 0;
  const { ids, share } = source(options, (message) => fail(message));
  const progress = new ProgressLine(share);
  const fail = (message) => {
    failed += 1;
    progress.note(message);
  };

  const interrupted = new AbortController();
  for (const [signal, code] of Object.entries(SIGNALS)) process.once(signal, () => interrupted.abort(code));

  const held = options.resume ? await heldIn(options.out) : undefined;
  const encoder = new Encoder(options.format);
  const { write, close } = output(options);
  try {
    await write(encoder.first);
    const items = translations.streamResults(held === undefined ? ids : without(held, ids), {
      ...options.call,
      signal: interrupted.signal,
      onProgress: (now) => progress.show(now),
    });
    try {
      for await (const item of items) {
        const text = encoder.run(item);
        if (text !== "") await write(text);
        if (!item.ok) fail(`run ${item.runId}: ${item.error.message}`);
      }
    } finally {
      progress.end();
      await write(encoder.last);
    }
  } catch (error) {
    if (error.code === "EPIPE") return BROKEN_PIPE;
    if (!interrupted.signal.aborted) throw error;
    return interrupted.signal.reason;
  } finally {
    close();
  }
  return failed === 0 ? 0 : 1;
}

async function* without(held, ids) {
  for await (const id of ids) if (!held.has(id)) yield id;
}
