/** The key in the environment is used for the default base URL only, by clients without a key of their own. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { runScript } from "./support/install.mjs";

const MISSING = "InvalidOptionsError: apiKey is missing: pass it, set CAMB_API_KEY, or set baseUrl to your proxy, which adds it";

/** Returns a script that prints the key that each client sends, or why there is no client. */
const sentKeys = (clients) => `
  import { TranslationResultsClient } from "translation-results";

  for (const options of ${JSON.stringify(clients)}) {
    let key;
    const fetch = async (_, { headers }) => {
      key = headers["x-api-key"] ?? "none";
      return Response.json({ 1: { texts: [] }, 2: { texts: [] } });
    };
    try {
      await new TranslationResultsClient({ ...options, fetch }).getResults([1, 2]);
      console.log(key);
    } catch (error) {
      console.log(String(error));
    }
  }
`;

async function assertKeys(name, env, clients, keys) {
  const { stdout } = await runScript(`environment-key-${name}.mjs`, sentKeys(clients), { env });
  assert.deepEqual(stdout.trimEnd().split("\n"), keys);
}

test("a client for the default base URL takes the key from the environment, unless it has its own", () =>
  assertKeys("default", { CAMB_API_KEY: "of-env" }, [
    {}, { baseUrl: "https://client.camb.ai/apis/" }, { apiKey: "own" },
  ], ["of-env", "of-env", "own"]));

test("a client for another base URL does not take the key from the environment", () =>
  assertKeys("other", { CAMB_API_KEY: "of-env" }, [
    { baseUrl: "https://api.test" }, { baseUrl: "https://client.camb.ai" }, { baseUrl: "http://client.camb.ai/apis" },
  ], ["none", "none", "none"]));

test("white space around the key in the environment is ignored", () =>
  assertKeys("white-space", { CAMB_API_KEY: " of-env\r\n" }, [{}], ["of-env"]));

test("an empty variable counts as absent, and a client for the default base URL needs a key", async () => {
  await assertKeys("empty", { CAMB_API_KEY: "" }, [{}], [MISSING]);
  await assertKeys("absent", { CAMB_API_KEY: undefined }, [{}, { apiKey: "own" }], [MISSING, "own"]);
});

test("an invalid key in the environment is refused, and the message does not show it", () =>
  assertKeys("unfit", { CAMB_API_KEY: "of env" }, [{}], [
    "InvalidOptionsError: apiKey must be visible ASCII characters without spaces, as shown in the service's studio",
  ]));
