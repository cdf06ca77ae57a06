import { once } from 'node:events';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** An HTTP server for a test, with what was asked of it. */
export interface HttpServer extends AsyncDisposable {
  readonly port: number;
  readonly requests: IncomingMessage[];
}

/** Serves until it is disposed of. */
export async function serveHttp(
  listener: RequestListener,
  { host = '127.0.0.1', tls }: { host?: string; tls?: { key: string; cert: string } } = {},
): Promise<HttpServer> {
  const requests: IncomingMessage[] = [];
  const server = tls ? createTlsServer(tls) : createServer();
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    requests.push(request);
    listener(request, response);
  });
  server.listen(0, host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Answers with the files of a folder, in parts where that is asked for; else with 404. */
export function filesOf(folder: string): RequestListener {
  return (request, response) => {
    const path = join(folder, new URL(request.url ?? '/', 'http://host').pathname);
    if (!existsSync(path) || !statSync(path).isFile()) {
      response.writeHead(404).end();
      return;
    }
    const { size } = statSync(path);
    const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
    const start = Number(from ?? 0);
    const end = to ? Number(to) : size - 1;
    const part = from === undefined ? {} : { 'content-range': `bytes ${start}-${end}/${size}` };
    response.writeHead(from === undefined ? 200 : 206, {
      ...{ 'accept-ranges': 'bytes', 'content-length': end - start + 1, ...part },
    });
    createReadStream(path, { start, end }).pipe(response);
  };
}
