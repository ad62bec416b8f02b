/** Measures one call in this Node: see `one-call.mjs`. `call.mjs [--rounds N]` */
import { fork } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { imported } from "../e2e/support/install.mjs";
import { ROUNDS, measureOver, measureStubbed, showCalls } from "./one-call.mjs";
import { keep, NODE, roundsOr } from "./results.mjs";

const rounds = roundsOr(ROUNDS);
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
