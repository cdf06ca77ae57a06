import { spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { connect, createServer } from 'node:net';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';

test.each([
  { what: 'start a process', act: () => spawn('true') },
  { what: 'wait for a process', act: () => spawnSync('true') },
  { what: 'start a thread', act: () => new Worker('', { eval: true }) },
  { what: 'listen', act: () => createServer().listen(0, '127.0.0.1') },
  { what: 'connect', act: () => connect(9, '127.0.0.1') },
  { what: 'open a UDP socket', act: () => createSocket('udp4').bind(0, '127.0.0.1') },
])('A test whose name says that it only computes cannot $what', ({ act }) => {
  expect(act).toThrow(
    'name its file *.real.test.ts, *.timed.test.ts where it judges times, or *.long.test.ts',
  );
});
