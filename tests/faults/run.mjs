/** All cases in the runtime that runs this, beside a package that is installed: `run.mjs ORIGIN WHO` prints the outcomes. */
import process from "node:process";
import * as pkg from "translation-results";
import { cases } from "./cases/index.mjs";
import { caseUrl, performAll, withPackage } from "./client.mjs";

const [, , origin, who] = process.argv;
console.log(JSON.stringify(await performAll(withPackage(pkg), cases, caseUrl(origin, who))));
