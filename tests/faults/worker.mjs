/** The cases in a worker: `?origin=…&who=…&from=…&to=…` gives the outcomes of a part of them, as a request may not make many. */
import * as pkg from "translation-results";
import { cases } from "./cases/index.mjs";
import { caseUrl, performAll, withPackage } from "./client.mjs";

/** A worker has six connections at the most, and each of these may hold one for long. */
const AT_ONCE = 4;

export default {
  async fetch({ url }) {
    const { origin, who, from, to } = Object.fromEntries(new URL(url).searchParams);
    const start = Number(from);
    const urlOf = caseUrl(origin, who);
    const baseUrl = (testCase, index) => urlOf(testCase, start + index);
    return Response.json(await performAll(withPackage(pkg), cases.slice(start, Number(to)), baseUrl, AT_ONCE));
  },
};
