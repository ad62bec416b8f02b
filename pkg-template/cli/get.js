// `get`: streams run ids through the client into the output.
import process from "node:process";
import { TranslationResultsClient } from "translation-results";
import { csvOf } from "./csv.js";
import { endWith } from "./end.js";
import { Failures, failureOf } from "./failures.js";
import { Encoder } from "./formats.js";
import { source } from "./ids.js";
import { UsageError, apiKey } from "./options.js";
import { output } from "./output.js";
import { Progress } from "./progress.js";
import { heldIn } from "./resume.js";
import { WriteError, say } from "./standard.js";
import { Tally } from "./tally.js";

/** Exit codes as in a shell: 128 plus the signal's number. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143 };

const BYTE_ORDER_MARK = "\ufeff";

/** Ends the call with `--fail-fast`. */
class FirstFailure extends Error {}

/** Fetches runs into the output. Returns the exit code. */
export async function get(options) {
  const translations = await clientFor(options);
  const tally = new Tally();
  const progress = new Progress(tally, options);
  const failures = new Failures(options.verbose, (message) => progress.note(message));
  const fail = (note) => {
    note();
    if (options.failFast) throw new FirstFailure();
  };
  const { ids, count, close } = source(options, (message) => fail(() => {
    tally.skipped += 1;
    failures.value(message);
  }));
  const ended = (code) => {
    progress.end();
    failures.end();
    if (!options.quiet) say(`${tally.summary(options.out)}\n`);
    return code;
  };

  const signal = interruption();
  let hasBegun = false;
  try {
    const held = options.resume ? await heldIn(options.out, signal) : undefined;
    const out = output(options, () => progress.hide());
    hasBegun = true;
    if (progress.isShown) count().then((number) => (tally.counted = number), () => {});
    try {
      const items = translations.streamResults(tally.asked(ids, held), {
        ...options.call,
        signal,
        onProgress: (now) => tally.client(now),
      });
      await writeAll(items, options, out, (item) => {
        if (item.ok) tally.succeeded += 1;
        else fail(() => {
          tally.failed += 1;
          failures.run(item);
        });
      });
    } catch (error) {
      // Nothing was sent.
      if (error instanceof UsageError) out.discard();
      throw error;
    } finally {
      out.close();
    }
    return ended(tally.failed + tally.skipped === 0 ? 0 : 1);
  } catch (error) {
    // An interrupt from a terminal ends the reader of a pipe, too.
    if (signal.aborted && (error === signal.reason || error.readerGone)) return ended(signal.reason);
    if (error instanceof FirstFailure) return ended(1);
    progress.end();
    if (!hasBegun || error instanceof UsageError || error.readerGone) throw error;
    return ended(endWith(error, options.given));
  } finally {
    close();
  }
}

async function clientFor(options) {
  const { keyFile, ...client } = options.client;
  const key = apiKey(keyFile, client.baseUrl, process.env);
  const translations = new TranslationResultsClient({ ...client, apiKey: key });
  // Checks the options of the call before a file is made. Sends nothing.
  await translations.streamResults([], options.call).next();
  return translations;
}

/** Returns a signal that an interrupt aborts. Its reason is the exit code. A second interrupt ends the process. */
function interruption() {
  const controller = new AbortController();
  for (const [signal, code] of Object.entries(SIGNALS)) process.once(signal, () => controller.abort(code));
  return controller.signal;
}

/** Writes items as they arrive. Completes the output even if the call stops, unless a write fails. */
async function writeAll(items, { format, bom }, out, onWritten) {
  const encoder = new Encoder(format, csvOf);
  await out.write((bom ? BYTE_ORDER_MARK : "") + encoder.first);
  try {
    for await (const item of items) {
      const shown = item.ok ? item : failureOf(item);
      await out.write(encoder.run(shown));
      onWritten(shown);
    }
  } catch (error) {
    if (!(error instanceof WriteError)) await out.write(encoder.last);
    throw error;
  }
  await out.write(encoder.last);
}
