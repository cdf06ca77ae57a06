import { dieFirst } from '../ffmpeg/out-of-memory.ts';
import type { IngestRequest } from '../pool/messages.ts';
import { IngestProcess } from './ingest-process.ts';
import { watchParent } from './parent-watch.ts';

// Forked by the daemon: makes every packet of its rooms. When it dies, another one takes its place.
dieFirst('self');
const ingest = new IngestProcess((report) => process.send?.(report, undefined, undefined, () => {}));
process.on('message', (request: IngestRequest) => {
  if (request.type === 'begin') watchParent(request.settings.family);
  ingest.handle(request);
});
// The daemon is gone, or wants this process gone.
process.on('disconnect', () => void ingest.close().finally(() => process.exit(0)));
// What is meant for the daemon, such as Ctrl-C in a terminal, is the daemon's to act on.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const)
  process.on(signal, () => {});
