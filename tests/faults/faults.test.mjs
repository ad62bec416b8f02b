/** Every case of the table with the packed package in Node, over real sockets. */
import assert from "node:assert/strict";
import { inspect } from "node:util";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { imported } from "../e2e/support/install.mjs";
import { cases } from "./cases/index.mjs";
import { performAll, withPackage } from "./client.mjs";
import { complaints, expected } from "./judge.mjs";
import { startFaults } from "./server.mjs";

const SLACK_MS = 150;
const own = cases.map((testCase) => (testCase.not.includes("Node") ? undefined : testCase));

let server;
let outcomes;
before(async () => {
  server = await startFaults(cases);
  outcomes = await performAll(withPackage(imported), cases, (testCase, index) => server.baseUrl("node", testCase, index));
}, { timeout: 120_000 });
after(() => server.close());

describe("faults in Node", () => {
  own.forEach((testCase, index) => {
    if (!testCase) return;
    test(`${testCase.family}: ${testCase.name}`, () => {
      const requests = server.requests("node", index);
      const found = complaints(expected(testCase, "Node"), outcomes[index], requests, { ours: true, slack: SLACK_MS });
      assert.deepEqual(found, [], `${testCase.rule}\n${inspect(outcomes[index])}`);
    });
  });

  test("nothing is sent to another origin", () => assert.deepEqual(server.elsewhere, []));

  test("nothing is sent after a call has ended", async () => {
    const counts = () => cases.map((_, index) => server.requests("node", index));
    const before = counts();
    await sleep(500);
    assert.deepEqual(counts(), before);
  });
});
