/** Runs cases in a worker. `?origin=…&who=…&from=…&to=…` returns the outcomes of some, as a request may make only a few. */
import * as pkg from "translation-results";
import { cases } from "./cases/index.mjs";
import { caseUrl, performAll, withPackage } from "./client.mjs";

/** A worker has at most six connections, and a case may hold one for long. */
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
