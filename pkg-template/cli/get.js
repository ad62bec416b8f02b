// `get`: streams run ids through the client into the output.
import process from "node:process";
import { TranslationResultsClient } from "translation-results";
import { Encoder } from "./formats.js";
import { source } from "./ids.js";
import { apiKey } from "./options.js";
import { output } from "./output.js";
import { ProgressLine } from "./progress.js";
import { heldIn } from "./resume.js";
import { WriteError } from "./standard.js";

/** Exit codes as shells count them: 128 and the signal's number. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143 };

export async function get(options) {
  const { keyFile, ...client } = options.client;
  const key = apiKey(keyFile, client.baseUrl, process.env);
  const translations = new TranslationResultsClient({ ...client, apiKey: key });
  // Checks the options of the call before a file is made. Sends nothing.
  await translations.streamResults([], options.call).next();

  let failed = 0;
  const { ids, share, close } = source(options, (message) => fail(message));
  const progress = new ProgressLine(share);
  const fail = (message) => {
    failed += 1;
    progress.note(message);
  };

  const signal = interruption();
  try {
    const held = options.resume ? await heldIn(options.out, signal) : undefined;
    const out = output(options);
    try {
      const items = translations.streamResults(held === undefined ? ids : without(held, ids), {
        ...options.call,
        signal,
        onProgress: (now) => progress.show(now),
      });
      await writeAll(items, new Encoder(options.format), out, (item) => {
        if (!item.ok) fail(`run ${item.runId}: ${item.error.message}`);
      });
    } finally {
      progress.end();
      out.close();
    }
  } catch (error) {
    // An interrupt from a terminal ends the reader of a pipe, too.
    if (signal.aborted && (error === signal.reason || error.readerGone)) return signal.reason;
    throw error;
  } finally {
    close();
  }
  return failed === 0 ? 0 : 1;
}

/** Returns a signal that an interrupt aborts, with the exit code for its reason. A second interrupt ends the process. */
function interruption() {
  const controller = new AbortController();
  for (const [signal, code] of Object.entries(SIGNALS)) process.once(signal, () => controller.abort(code));
  return controller.signal;
}

async function* without(held, ids) {
  for await (const id of ids) if (!held.has(id)) yield id;
}

/** Writes the items that come. The output is whole also where the call stops, unless it cannot be written. */
async function writeAll(items, encoder, out, onWritten) {
  await out.write(encoder.first);
  try {
    for await (const item of items) {
      await out.write(encoder.run(item));
      onWritten(item);
    }
  } catch (error) {
    if (!(error instanceof WriteError)) await out.write(encoder.last);
    throw error;
  }
  await out.write(encoder.last);
}
