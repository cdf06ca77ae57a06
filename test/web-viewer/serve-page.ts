import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { type WebSocket, WebSocketServer } from 'ws';
import { buildModule, buildPage } from '../../scripts/page.mjs';
import type { DaemonMessage } from '../../src/contract/signalling.ts';
import { contentSecurityPolicy } from '../../src/daemon/public-server/content-security-policy.ts';

const folder = fileURLToPath(new URL('../../src/web-viewer/', import.meta.url));

/** A file of the page before it is built. */
export const pageFile = (name: string): Promise<string> => readFile(`${folder}${name}`, 'utf8');

/** The page as browsers get it. */
export const builtPage = (): Promise<string> => buildPage(folder, 'index.html');

const assets: Readonly<Record<string, readonly [type: string, body: () => Promise<string>]>> = {
  '/assets/icon.svg': ['image/svg+xml', () => pageFile('icon.svg')],
  '/assets/later.js': ['text/javascript', () => buildModule(folder, 'later.ts')],
};

/** Serves the page, and a WebSocket that says what the test wants it to. */
export async function servePage(greeting: DaemonMessage) {
  const html = await builtPage();
  const sockets = new Set<WebSocket>();
  const heard: string[] = [];
  let refusing = false;
  const http = createServer(async ({ url = '/' }, response) => {
    response.setHeader('content-security-policy', contentSecurityPolicy(html));
    const [type, body] = assets[url] ?? ['text/html', async () => html];
    response.setHeader('content-type', type);
    response.end(await body());
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
