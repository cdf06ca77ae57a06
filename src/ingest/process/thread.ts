import { parentPort, workerData } from 'node:worker_threads';
import { asMiroliveError, MiroliveError } from '../../contract/errors.ts';
import type { ThreadCall, ThreadReport, ThreadRequest } from '../pool/thread-messages.ts';
import type { SourcesOptions } from '../sources/sources.ts';
import { Director } from './director/director.ts';
import { IngestContext } from './ingest-context.ts';
import { Routes } from './players/routes.ts';

/** The ingest thread: every media packet of a file passes here, none through the daemon's main thread. */
const port = parentPort;
if (!port) throw new Error('src/ingest/thread.ts runs as a worker thread only');

const report = (message: ThreadReport) => port.postMessage(message);
const routes = new Routes(report);
const context = await IngestContext.create(workerData as SourcesOptions, routes);
const programmes = new Map<string, Director>();
/** Sources that are looked at. */
const preparing = new Map<string, AbortController>();

async function handle(request: ThreadCall): Promise<void> {
  const { id } = request;
  if (request.type === 'open') {
    const programme = await Director.create(request.options, context, (event) =>
      report({ type: 'event', id, event }),
    );
    programmes.set(id, programme);
    report({ type: 'opened', request: 'open', id, port: programme.port });
  } else if (request.type === 'play') {
    await programmes.get(id)?.play(request.port, request.startMs);
  } else if (request.type === 'control') {
    const programme = programmes.get(id);
    if (!programme) throw new MiroliveError('BROADCAST_NOT_FOUND', `there is no programme ${id}`);
    if (request.command !== null) await programme.control(request.command);
    report({ type: 'controlled', request: 'control', id, call: request.call, state: programme.state() });
  } else if (request.type === 'publication') {
    context.publications(id).set(request.key, request.publication);
  } else if (request.type === 'prepare') {
    await prepare(request);
  } else if (request.type === 'devices') {
    report({ type: 'devices', request: 'devices', id, devices: await context.sources.listDevices() });
  } else if (request.type === 'stdin') {
    report({ type: 'stdin', request: 'stdin', id, place: await context.sources.openStdin() });
  } else if (request.type === 'cancel') {
    preparing.get(id)?.abort();
  } else {
    const programme = programmes.get(id);
    programmes.delete(id);
    await programme?.close();
    report({ type: 'closed', request: 'close', id });
  }
}

async function prepare({
  id,
  room,
  source,
  rules,
}: Extract<ThreadRequest, { type: 'prepare' }>): Promise<void> {
  const cancelling = new AbortController();
  preparing.set(id, cancelling);
  try {
    const { probe, plan, live } = await context.sourcesOf(room).prepare(source, rules, cancelling.signal);
    report({ type: 'prepared', request: 'prepare', id, prepared: { probe, plan, live } });
  } finally {
    preparing.delete(id);
  }
}

port.on('message', (request: ThreadRequest) => {
  if (request.type === 'route') {
    routes.answer(request.route, request.answer);
    return;
  }
  handle(request).catch((error: unknown) => {
    const { type, id } = request;
    const call = type === 'control' ? { call: request.call } : {};
    report({ type: 'failed', request: type, id, ...call, error: asMiroliveError(error).toJSON() });
  });
});
