import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { FastifyReply } from 'fastify';
import { expect, onTestFinished, test } from 'vitest';
import { reduceLine } from '../../../src/contract/view/reduce.ts';
import type { View } from '../../../src/contract/view/view.ts';
import type { ViewLine } from '../../../src/contract/view/view-line.ts';
import { ControlStreams } from '../../../src/daemon/api/control-streams.ts';
import { figuresMs, Observer } from '../../../src/daemon/view/observer.ts';
import { silentLog, temporaryFolder } from '../../helpers/state.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

/** As long as all that changes in a second on a large daemon. */
const lineBytes = 200_000;

/** Somebody who observes over a socket of his own. */
interface Reading extends Disposable {
  readonly response: IncomingMessage;
  /** The next line, as soon as it comes. */
  next(): Promise<ViewLine>;
}

/** An observer whose view changes as a whole each second of its clock, behind a real socket. */
async function observed() {
  const folder = temporaryFolder();
  onTestFinished(() => folder[Symbol.dispose]());
  const clock = new VirtualClock();
  let looks = 0;
  const sight = {
    watch: () => () => {},
    look: (): View => {
      const daemon = { version: `${++looks}`.padEnd(lineBytes) };
      return { daemon, machine: {}, processes: {}, rooms: {}, viewers: {} } as never;
    },
  };
  const observer = new Observer({ sight, clock, log: silentLog, epoch: 'now' });
  const streams = new ControlStreams({ hub: null as never, past: null as never, log: silentLog });
  const lens = { allowed: null, isAdmin: true, room: null, detail: 'glance', viewers: false } as const;
  const answers: ServerResponse[] = [];
  const server = createServer((_request, raw) => {
    const gone = new AbortController();
    raw.once('close', () => gone.abort());
    answers.push(raw);
    const reply = { raw, hijack() {} } as unknown as FastifyReply;
    streams.lines(observer.observe(lens, null, gone.signal), gone, reply, null).catch(({ code }) => {
      raw.statusCode = 429;
      raw.end(JSON.stringify({ type: 'failed', error: code }));
    });
  });
  const socketPath = join(folder.path, 'observe.sock');
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const read = async (): Promise<Reading> => {
    const response = await new Promise<IncomingMessage>((resolve) =>
      get({ socketPath, agent: false }, resolve),
    );
    const chunks = response.setEncoding('utf8')[Symbol.asyncIterator]();
    let text = '';
    return {
      response,
      async next() {
        // Nothing more is taken from the socket than is asked for.
        while (!text.includes('\n')) text += ((await chunks.next()).value as string | undefined) ?? '\n';
        const end = text.indexOf('\n');
        const line = text.slice(0, end);
        text = text.slice(end + 1);
        return JSON.parse(line) as ViewLine;
      },
      [Symbol.dispose]: () => void response.destroy(),
    };
  };
  return { clock, observer, answers, read, latest: () => `${looks}` };
}

const versionOf = (view: View | null) => view?.daemon.version.trim();

test('A hundred observe at once, each is told all; one more is refused, until one has left', async () => {
  const { clock, observer, read, latest } = await observed();
  const readers = await Promise.all(Array.from({ length: 100 }, read));
  const refused = await read();
  expect([refused.response.statusCode, await refused.next()]).toEqual([
    429,
    { type: 'failed', error: 'LIMIT_REACHED' },
  ]);
  const first = await Promise.all(readers.map((reader) => reader.next()));
  expect(new Set(first.map(({ type }) => type))).toEqual(new Set(['snapshot']));
  await clock.pass(figuresMs);
  const lines = await Promise.all(readers.map((reader) => reader.next()));
  const seen = lines.map((line, at) => versionOf(reduceLine(reduceLine(null, first[at] as ViewLine), line)));
  expect(new Set(seen)).toEqual(new Set([latest()]));
  readers.pop()?.[Symbol.dispose]();
  await expect.poll(() => observer.readers).toBe(99);
  using late = await read();
  expect(await late.next()).toMatchObject({ type: 'snapshot' });
  for (const reader of readers) reader[Symbol.dispose]();
});

test('More at once than there is place for: the others are refused', async () => {
  const { observer, read } = await observed();
  const all = await Promise.all(Array.from({ length: 130 }, read));
  const answered = all.map(({ response }) => response.statusCode);
  expect([answered.filter((status) => status === 200).length, observer.readers]).toEqual([100, 100]);
  for (const reader of all) reader[Symbol.dispose]();
});

test('Who does not read is in nobody’s way, nothing is kept for him, and he is told all as one when he reads on', async () => {
  const { clock, observer, answers, read, latest } = await observed();
  using slow = await read();
  const snapshot = await slow.next();
  using reader = await read();
  let view = reduceLine(null, await reader.next());
  let most = 0;
  for (let second = 0; second < 60; second++) {
    await clock.pass(figuresMs);
    view = reduceLine(view, await reader.next());
    expect(versionOf(view)).toBe(latest());
    most = Math.max(most, ...answers.map(({ writableLength }) => writableLength));
  }
  expect(observer.readers).toBe(2);
  expect(most).toBeLessThan(2 * lineBytes);
  let told = 0;
  for (let his = reduceLine(null, snapshot); versionOf(his) !== latest(); told++)
    his = reduceLine(his, await slow.next());
  expect(told).toBeLessThan(20);
});
