// Loads and compiles the module for `init` of the slim entry. An error says why that failed.
import { forbidden, unavailable } from "./instance.js";
import { TextDecoder } from "./platform.js";

const FILE = "translation_results.wasm";

/** The custom section that holds the package's version. The build writes the version there, and in place of PACKAGE_VERSION. */
const SECTION = "translation-results";
const version = PACKAGE_VERSION;

/** Returns whether a value has a type. Unlike `instanceof`, this also holds for values from frames and sandboxes. */
const isA = (value, type) => Object.prototype.toString.call(value) === `[object ${type}]`;

export async function load(source) {
  const { given, from } = await received(source);
  const module = isA(given, "WebAssembly.Module") ? given : await compile(given, from);
  const [section] = WebAssembly.Module.customSections(module, SECTION);
  const other = section ? new TextDecoder().decode(section) : "of another package";
  if (other !== version) throw unavailable(`the module${from} is ${other}, and slim is ${version}: serve the same version's`);
  return module;
}

/** Returns the bytes at a URL or in a response, and their origin in words, for messages. */
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

/** Compiles bytes. It does not use `compileStreaming`, which refuses every Content-Type but one. */
async function compile(bytes, from) {
  if (!ArrayBuffer.isView(bytes) && !isA(bytes, "ArrayBuffer")) {
    throw unavailable("init takes a URL, a Response, bytes or a WebAssembly.Module");
  }
  try {
    if (WebAssembly.validate(bytes)) return await WebAssembly.compile(bytes);
  } catch (cause) {
    throw forbidden(cause);
  }
  throw unavailable(`the data received${from} is not ${FILE}: check its source`);
}
