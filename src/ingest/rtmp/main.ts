import type { RtmpRequest } from './messages.ts';
import { RtmpProcess } from './rtmp-process.ts';

// Forked by the daemon. It faces the internet, and holds nothing but its connections: when it dies, it is started anew.
const server = new RtmpProcess((report) => process.send?.(report));
process.on('message', (request: RtmpRequest) => server.handle(request));
// The daemon is gone, or wants this process gone.
process.on('disconnect', () => process.exit(0));
// Ctrl-C in a terminal, and its end, go to the daemon as well, which ends its publishers in order. Node would open its inspector at SIGUSR1.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const)
  process.on(signal, () => {});
