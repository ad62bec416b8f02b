/** Runs all cases in this runtime with the installed package, and prints the outcomes: `run.mjs ORIGIN WHO`. */
import process from "node:process";
import * as pkg from "translation-results";
import { cases } from "./cases/index.mjs";
import { caseUrl, performAll, withPackage } from "./client.mjs";

const [, , origin, who] = process.argv;
console.log(JSON.stringify(await performAll(withPackage(pkg), cases, caseUrl(origin, who))));
