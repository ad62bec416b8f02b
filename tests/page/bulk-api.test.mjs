/** The bulk call in Chromium, with the packed package over HTTP and the same loads as in Node. */
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { installDir } from "../e2e/support/install.mjs";
import { loadTests } from "../e2e/support/load.mjs";
import { answer } from "../servers/faulty.mjs";
import { launched } from "./support/page.mjs";

const packageDir = join(installDir, "node_modules", "translation-results");
const fetchAllFile = fileURLToPath(new URL("../e2e/support/fetch-all.mjs", import.meta.url));
const types = { ".js": "text/javascript", ".mjs": "text/javascript", ".html": "text/html" };

/** Serves the page, its script and the package from the origin of the service. */
function files({ path }) {
  const serve = (name, body) => answer({ headers: { "content-type": types[extname(name)] ?? "text/plain" }, body });
  const file = path === "/fetch-all.mjs" ? fetchAllFile : join(packageDir, path.slice("/package/".length));
  if (path === "/") return serve("index.html", "<!doctype html><title>Bulk</title><link rel=icon href=data:,>");
  if (path !== "/fetch-all.mjs" && !path.startsWith("/package/")) return undefined;
  return async (res) => serve(file, await readFile(file))(res);
}

async function inPage({ url }, task) {
  const context = await (await launched).newContext();
  try {
    const page = await context.newPage();
    await page.goto(`${url}/`);
    return await page.evaluate(async (given) => {
      const [{ TranslationResultsClient }, { fetchAll }] = await Promise.all([
        import("/package/index.js"), import("/fetch-all.mjs"),
      ]);
      return fetchAll(TranslationResultsClient, given);
    }, task);
  } finally {
    await context.close();
  }
}

loadTests(inPage, { intercept: files });
