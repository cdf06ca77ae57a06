import { readlinkSync } from 'node:fs';
import * as z from 'zod';
import { usualBounds } from '../../../src/ingest/child/child-watch.ts';
import { WatchedChild } from '../../../src/ingest/child/watched-child.ts';
import { GuardHost } from '../../../src/ingest/pool/guard-host.ts';
import { RtmpServer } from '../../../src/ingest/rtmp/rtmp-server.ts';
import { silentLog } from '../../helpers/state.ts';
import type { Script, ScriptedCalls } from './scripted-child.ts';

/** Stands for a daemon: starts a process of each kind, and some that do not listen; says their pids, and goes on until it is ended. */
const entry = new URL('./scripted-child.ts', import.meta.url);
const bounds = { ...usualBounds, silenceMs: 600_000, maxMemoryBytes: 2 ** 30 };
const scripts: readonly Script[] = ['work', 'spin', 'stay'];
const gone = (reason: string) => new Error(reason);
const children = scripts.map(
  (begin) =>
    new WatchedChild<ScriptedCalls, object>({
      ...{
        entry,
        bounds,
        begin,
        answerSenses: { begin: z.int() },
        gone,
        answers: {},
        senses: {},
        environment: 'needed',
      },
    }),
);
const rtmp = await RtmpServer.create({
  settings: { host: '127.0.0.1', port: 0, tls: null, maxConnections: 10, maxBitrateBps: 1_000_000 },
  ...{ authorise: () => 'p-1', log: silentLog, maxMemoryBytes: 2 ** 30 },
});
const guard = new GuardHost({ allowPrivateNetworks: true, bounds });
await guard.answers.addresses({ host: '127.0.0.1' }, new AbortController().signal);
await Promise.all(children.map(({ ready }) => ready));
const pids = [process.pid, ...children.map(({ pid }) => pid), rtmp.pid, guard.pid];
process.stdout.write(`${JSON.stringify({ namespace: readlinkSync('/proc/self/ns/pid'), pids })}\n`);
