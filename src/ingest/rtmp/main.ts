import type { RtmpRequest } from './messages.ts';
import { RtmpProcess } from './rtmp-process.ts';

// Forked by the daemon. It faces the internet, and holds nothing but its connections: when it dies, it is started anew.
const server = new RtmpProcess((report) => process.send?.(report));
process.on('message', (request: RtmpRequest) => server.handle(request));
// The daemon is gone, or wants this process gone.
process.on('disconnect', () => process.exit(0));
// Ctrl-C in a terminal goes to the daemon as well, which ends its publishers in order.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
