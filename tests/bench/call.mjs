/** One call: see `one-call.mjs`. In this Node. `call.mjs [--rounds N]` */
import { fork } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { imported } from "../e2e/support/install.mjs";
import { measureOver, measureStubbed, showCalls } from "./one-call.mjs";
import { keep, NODE } from "./results.mjs";

const { values: args } = parseArgs({ options: { rounds: { type: "string", default: "11" } } });
const rounds = Number(args.rounds);
const { TranslationResultsClient } = imported;

const rows = await measureStubbed(TranslationResultsClient, rounds, () => process.stderr.write("."));
process.stderr.write("\n");

const server = fork(fileURLToPath(new URL("service-process.mjs", import.meta.url)));
server.send({ latencyMs: 0 });
const [{ url }] = await once(server, "message");
rows.push(await measureOver(url, TranslationResultsClient, rounds));
server.disconnect();

console.log(showCalls(NODE, rounds, rows));
await keep("call", NODE, { rounds, rows });
