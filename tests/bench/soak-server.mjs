/**
 * A service in a process of its own, with a fault in every twelfth answer, or without faults if the argument is `healthy`. It is
 * started by `fork`, and sends its URL. It has no ledger, which would grow with every request.
 */
import { createServer } from "node:http";
import process from "node:process";

const EVERY = process.argv[2] === "healthy" ? Infinity : 12;

/** Used in turn. */
const FAULTS = [
  (response) => response.socket.resetAndDestroy(),
  (response) => response.writeHead(503, { "retry-after-ms": "5" }).end(),
  (response) => response.writeHead(500).end('{"detail":"because"}'),
  (response) => response.writeHead(404).end('{"detail":"not found"}'),
  (response) => response.end("<!doctype html>"),
  (response) => response.end('{"1":{"texts":["on'),
  (response) => response.end("{}"),
  (response) => response.writeHead(307, { location: "/" }).end(),
  (response) => {
    response.write('{"1":');
    setTimeout(() => response.socket?.resetAndDestroy(), 5);
  },
  // No answer: the client times out.
  () => {},
];

let count = 0;

const server = createServer(async (request, response) => {
  let body = "";
  for await (const piece of request.setEncoding("utf8")) body += piece;
  count += 1;
  if (count % EVERY === 0) return void FAULTS[(count / EVERY) % FAULTS.length](response);
  const texts = (id) => ({ texts: [`text of ${id}`] });
  const alone = /\/(\d+)$/.exec(request.url)?.[1];
  const answer = alone ? texts(alone) : Object.fromEntries(JSON.parse(body).run_ids.map((id) => [id, texts(id)]));
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
});
server.listen(0, "127.0.0.1", () => process.send(`http://127.0.0.1:${server.address().port}`));
process.on("disconnect", () => process.exit());
