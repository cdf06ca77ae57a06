import { dieFirst } from '../ffmpeg/out-of-memory.ts';
import { watchParent } from '../process/parent-watch.ts';
import { GuardProcess } from './guard-process.ts';
import type { GuardRequest } from './messages.ts';

// Forked by the daemon: reads what servers of strangers send. When it dies, it is started anew, and what it had open is opened again.
dieFirst('self');
const guard = new GuardProcess((report) => process.send?.(report, undefined, undefined, () => {}));
process.on('message', (request: GuardRequest) => {
  if (request.type === 'begin') watchParent(request.family);
  guard.handle(request);
});
// The daemon is gone, or wants this process gone.
process.on('disconnect', () => process.exit(0));
// What is meant for the daemon, such as Ctrl-C in a terminal, is the daemon's to act on.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const)
  process.on(signal, () => {});
