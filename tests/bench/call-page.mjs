// What `call-chromium.mjs` has a page run.
import { TranslationResultsClient } from "translation-results";
import { measureStubbed } from "./one-call.mjs";

globalThis.measureCalls = (rounds) => measureStubbed(TranslationResultsClient, rounds, () => console.log("."));
