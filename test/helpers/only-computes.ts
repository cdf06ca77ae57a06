import childProcess from 'node:child_process';
import dgram from 'node:dgram';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import workerThreads from 'node:worker_threads';

/** Holds the tests that only compute to it: what starts processes or opens sockets is run apart from them (see vitest.config.ts). */
function refuse(what: string): never {
  throw new Error(
    `a test that only computes ${what}: name its file *.real.test.ts, *.timed.test.ts where it judges times, or *.long.test.ts`,
  );
}

// The types leave its one way to start out.
Object.assign(childProcess.ChildProcess.prototype, { spawn: () => refuse('starts a process') });
for (const name of ['spawnSync', 'execSync', 'execFileSync'] as const)
  childProcess[name] = () => refuse('starts a process');
net.Server.prototype.listen = () => refuse('listens');
net.Socket.prototype.connect = () => refuse('connects');
dgram.Socket.prototype.bind = () => refuse('opens a socket');
workerThreads.Worker = class extends workerThreads.Worker {
  constructor() {
    refuse('starts a thread');
    super('');
  }
};
syncBuiltinESMExports();
