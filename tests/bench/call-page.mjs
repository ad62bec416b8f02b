// The page's part of `call-chromium.mjs`.
import { TranslationResultsClient } from "translation-results";
import { measureStubbed } from "./one-call.mjs";

globalThis.measureCalls = (rounds) => measureStubbed(TranslationResultsClient, rounds, () => console.log("."));
