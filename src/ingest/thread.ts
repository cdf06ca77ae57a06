import { parentPort } from 'node:worker_threads';
import { asMiroliveError } from '../contract/errors.ts';
import { Programme } from './programme.ts';
import type { ThreadReport, ThreadRequest } from './thread-messages.ts';

/** The ingest thread: every media packet of a file passes here, none through the daemon's main thread. */
const port = parentPort;
if (!port) throw new Error('src/ingest/thread.ts runs as a worker thread only');

const programmes = new Map<string, Programme>();
const report = (message: ThreadReport) => port.postMessage(message);

async function handle(request: ThreadRequest): Promise<void> {
  const { id } = request;
  if (request.type === 'open') {
    const programme = await Programme.create(request.options, (event) =>
      report({ type: 'event', id, event }),
    );
    programmes.set(id, programme);
    report({ type: 'opened', request: 'open', id, port: programme.port });
  } else if (request.type === 'play') {
    await programmes.get(id)?.play(request.port, request.startMs);
  } else {
    const programme = programmes.get(id);
    programmes.delete(id);
    await programme?.close();
    report({ type: 'closed', request: 'close', id });
  }
}

port.on('message', (request: ThreadRequest) => {
  handle(request).catch((error: unknown) => {
    report({ type: 'failed', request: request.type, id: request.id, error: asMiroliveError(error).toJSON() });
  });
});
