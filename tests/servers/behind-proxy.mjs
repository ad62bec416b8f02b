/** Serves the sample API over TLS, under a host name that only a proxy can reach. */
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { createServer as createTlsServer } from "node:tls";
import selfsigned from "selfsigned";
import { sampleApi } from "./sample-api.mjs";

async function listen(server) {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  after(() => server.close());
  return server.address().port;
}

/** Connects two sockets. If one ends, the other ends, too. */
function tunnel(one, other) {
  one.pipe(other).pipe(one);
  one.on("error", () => other.destroy());
  other.on("error", () => one.destroy());
}

/**
 * @param {string} host The host name of the service.
 * @returns {Promise<Record<string, string>>} The environment variables with which a process uses the proxy and trusts the
 * service.
 */
export async function behindProxy(host) {
  const extensions = [{ name: "subjectAltName", altNames: [{ type: 2, value: host }] }];
  const { private: key, cert } = await selfsigned.generate([{ name: "commonName", value: host }], { extensions });
  const { port: apiPort } = new URL(await sampleApi());
  const port = await listen(createTlsServer({ key, cert }, (socket) => tunnel(socket, connect(apiPort, "127.0.0.1"))));

  const proxy = createServer().on("connect", ({ url }, socket) => {
    if (url !== `${host}:443`) return socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
    const upstream = connect(port, "127.0.0.1", () => socket.write("HTTP/1.1 200 Connection established\r\n\r\n"));
    tunnel(socket, upstream);
  });
  const folder = await mkdtemp(join(tmpdir(), "behind-proxy-"));
  after(() => rm(folder, { recursive: true }));
  const certificate = join(folder, "certificate.pem");
  await writeFile(certificate, cert);
  return { HTTPS_PROXY: `http://127.0.0.1:${await listen(proxy)}`, NODE_EXTRA_CA_CERTS: certificate };
}
