// From what `init` of the slim entry is given to the compiled module, or to an error that says why there is none.
import { forbidden, unavailable } from "./instance.js";
import { TextDecoder } from "./platform.js";

const FILE = "translation_results.wasm";

/** Where the build writes the package's version into the published module, and into this text. */
const SECTION = "translation-results";
const version = PACKAGE_VERSION;

/** Of a frame's or a sandbox's too, which `instanceof` does not know. */
const isA = (value, type) => Object.prototype.toString.call(value) === `[object ${type}]`;

export async function load(source) {
  const { given, from } = await received(source);
  const module = isA(given, "WebAssembly.Module") ? given : await compile(given, from);
  const [section] = WebAssembly.Module.customSections(module, SECTION);
  const other = section ? new TextDecoder().decode(section) : "of another package";
  if (other !== version) throw unavailable(`the module${from} is ${other}, and slim is ${version}: serve the same version's`);
  return module;
}

/** Returns the bytes at an address or in a response, and words for where they came from. */
async function received(source) {
  let from = "";
  let given;
  try {
    given = await source;
    if (typeof given === "string" || isA(given, "URL")) {
      from = ` from ${given}`;
      given = await fetch(given);
    }
    if (!isA(given, "Response")) return { given, from };
    if (given.url) from = ` from ${given.url}`;
    if (given.ok) return { given: await given.arrayBuffer(), from };
  } catch (cause) {
    throw unavailable(`${FILE} could not be fetched${from}`, cause);
  }
  throw unavailable(`${FILE} could not be fetched${from}: status ${given.status}`);
}

/** Not while the bytes come, as `compileStreaming` does: it refuses every Content-Type but one. */
async function compile(bytes, from) {
  if (!ArrayBuffer.isView(bytes) && !isA(bytes, "ArrayBuffer")) {
    throw unavailable("init takes a URL, a Response, bytes or a WebAssembly.Module");
  }
  try {
    if (WebAssembly.validate(bytes)) return await WebAssembly.compile(bytes);
  } catch (cause) {
    throw forbidden(cause);
  }
  throw unavailable(`what was received${from} is not ${FILE}: check what is served there`);
}
