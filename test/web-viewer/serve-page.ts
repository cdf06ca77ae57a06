import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { type WebSocket, WebSocketServer } from 'ws';
import type { DaemonMessage } from '../../src/contract/signalling.ts';

const folder = fileURLToPath(new URL('../../src/web-viewer/', import.meta.url));

/** The strictest policy that the page must work under. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self' blob: mediastream:; connect-src 'self' ws: wss:";

const types: Record<string, string> = {
  'main.js': 'text/javascript',
  'style.css': 'text/css',
  'icon.svg': 'image/svg+xml',
};

/** The page's script as browsers get it. */
export async function bundle(): Promise<{ code: Uint8Array; gzippedBytes: number }> {
  const { outputFiles } = await build({
    entryPoints: [`${folder}main.ts`],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    write: false,
  });
  const code = outputFiles[0]!.contents;
  return { code, gzippedBytes: gzipSync(code).byteLength };
}

/** A file of the page that is not bundled. */
export const pageFile = (name: string): Promise<string> => readFile(`${folder}${name}`, 'utf8');

/** Serves the page, and a WebSocket that says what the test wants it to. */
export async function servePage(greeting: DaemonMessage) {
  const { code } = await bundle();
  const sockets = new Set<WebSocket>();
  const heard: string[] = [];
  let refusing = false;
  const http = createServer(async ({ url = '/' }, response) => {
    const name = url.startsWith('/assets/') ? url.slice('/assets/'.length) : 'index.html';
    response.setHeader('content-type', types[name] ?? 'text/html');
    response.setHeader('content-security-policy', policy);
    response.end(name === 'main.js' ? code : await pageFile(name));
  });
  const signalling = new WebSocketServer({ noServer: true });
  http.on('upgrade', (request, socket, head) => {
    if (refusing) return socket.destroy();
    signalling.handleUpgrade(request, socket, head, (client) => {
      sockets.add(client);
      client.on('close', () => sockets.delete(client));
      client.on('message', (data) => heard.push(String(data)));
      client.send(JSON.stringify(greeting));
    });
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/lobby`,
    socketUrl: `ws://127.0.0.1:${port}/ws/lobby`,
    /** What the page has said. */
    heard,
    say(message: DaemonMessage) {
      for (const socket of sockets) socket.send(JSON.stringify(message));
    },
    /** Cuts all connections, and takes no new ones while `refuse` is true. */
    cut(refuse: boolean) {
      refusing = refuse;
      for (const socket of sockets) socket.terminate();
    },
    accept() {
      refusing = false;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.terminate();
      http.closeAllConnections();
      http.close();
      await once(http, 'close');
    },
  };
}
