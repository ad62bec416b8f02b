/** The stack of an error names the caller's line. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { runScript } from "./support/install.mjs";

/** No program listens on port 9, "discard". */
const CLIENT = `new TranslationResultsClient({ baseUrl: "http://127.0.0.1:9", maxRetries: 0 })`;

const script = (statement) => `import * as all from "translation-results";
const { TranslationResultsClient, planBatches } = all;
async function loadTexts(client) {
  ${statement} // here
}
async function main() {
  await loadTexts(${CLIENT});
}
`;

const statements = {
  getResults: "await client.getResults([1, 2]);",
  "getResults with a wrong id": "await client.getResults([1, -2]);",
  getAllResults: "await client.getAllResults([1, 0]);",
  "getAllResults that is stopped": "await client.getAllResults([1, 2], { signal: AbortSignal.abort(new Error('mine')) });",
  "next of a stream": "for await (const item of client.streamResults([1, 0])) void item;",
  "the constructor": "new TranslationResultsClient({ nope: 1 });",
  planBatches: "planBatches([0]);",
};

for (const [what, statement] of Object.entries(statements)) {
  const name = `stack-${what.replaceAll(" ", "-")}.mjs`;

  test(`${what}: the stack names the caller's line and its callers`, async () => {
    const { stdout } = await runScript(name, `${script(statement)}
      await main().catch((error) => console.log(error.stack));`);
    if (statement.includes("mine")) {
      // The reason of an abort belongs to the caller, and keeps its stack.
      assert.match(stdout, /^Error: mine/);
      return;
    }
    const [, first] = stdout.split("\n");
    assert.match(first, new RegExp(`loadTexts .*${name}:4:`), stdout);
    assert.match(stdout, /at (async )?main /);
    assert.doesNotMatch(stdout, /node_modules/);
  });
}

test("an uncaught error prints the caller's line and no code of the package", async () => {
  const failed = await runScript("stack-uncaught.mjs", `${script(statements.getResults)}
    await main();`).then(() => assert.fail("the script has to fail"), (error) => error);
  assert.match(failed.stderr, /await client\.getResults\(\[1, 2\]\); \/\/ here/);
  const [printed] = failed.stderr.split("NetworkError");
  assert.ok(printed.length < 500, printed);
});

test("the reason of an abort keeps its stack, even if it is an error of the package", async () => {
  const { stdout } = await runScript("stack-reason.mjs", `import { TranslationResultsClient, TranslationResultsError } from "translation-results";
    const reason = new TranslationResultsError("mine", { code: "TIMEOUT" });
    const { stack } = reason;
    const client = ${CLIENT};
    const error = await client.getResults([1, 2], { signal: AbortSignal.abort(reason) }).catch((error) => error);
    console.log(error === reason && error.stack === stack);`);
  assert.equal(stdout, "true\n");
});
