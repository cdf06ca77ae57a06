import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ToldOfLog } from '../../../src/contract/log.ts';
import { LogMemory } from '../../../src/daemon/ops/log-memory.ts';
import { type LogAsked, readLog } from '../../../src/daemon/ops/log-reader.ts';
import { temporaryFolder } from '../../helpers/state.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

const hourMs = 3_600_000;
const all: LogAsked = { sinceMs: hourMs, level: 'debug', room: null, follow: false };
/** @param ago in ms */
const line = (clock: VirtualClock, ago: number, level: number, msg: string, room?: string) =>
  `${JSON.stringify({ level, time: new Date(clock.wallMs() - ago).toISOString(), pid: 1, room, msg })}\n`;
const messages = async (lines: AsyncIterable<ToldOfLog>) => {
  const said: string[] = [];
  for await (const told of lines) said.push(told.type === 'line' ? told.message : told.type);
  return said;
};

test.each(['memory', 'file'])(
  'readLog tells what the log says, from its %s: since when, of which level and room',
  async (from) => {
    using folder = temporaryFolder();
    const clock = new VirtualClock();
    const memory = new LogMemory();
    const file = from === 'file' ? join(folder.path, 'daemon.log') : null;
    const lines = [
      // Far more than is read at once.
      ...Array.from({ length: 9000 }, (_, at) => line(clock, 9 * hourMs - at, 30, `old ${at}`)),
      line(clock, 50_000, 20, 'small', 'lobby'),
      line(clock, 40_000, 40, 'of the lobby', 'lobby'),
      'no line\n',
      line(clock, 30_000, 60, 'fatal'),
    ];
    if (file) writeFileSync(file, lines.join(''));
    else for (const one of lines) memory.note(one);
    const read = (asked: Partial<LogAsked>) =>
      messages(readLog({ memory, file, clock }, { ...all, ...asked }, new AbortController().signal));
    expect(await read({})).toEqual(['open', 'small', 'of the lobby', 'fatal']);
    expect(await read({ level: 'warn' })).toEqual(['open', 'of the lobby', 'fatal']);
    expect(await read({ room: 'lobby' })).toEqual(['open', 'small', 'of the lobby']);
    expect(await read({ sinceMs: 35_000 })).toEqual(['open', 'fatal']);
    expect((await read({ sinceMs: 24 * hourMs })).length).toBe(9004);
  },
);

test('readLog goes on with what is written, and tells each line once', async () => {
  using folder = temporaryFolder();
  const clock = new VirtualClock();
  const memory = new LogMemory();
  const file = join(folder.path, 'daemon.log');
  const write = (text: string) => {
    memory.note(text);
    appendFileSync(file, text);
  };
  write(line(clock, 1000, 30, 'before'));
  const gone = new AbortController();
  const lines = readLog({ memory, file, clock }, { ...all, follow: true }, gone.signal);
  const next = async () => {
    const { value } = await lines.next();
    return value?.type === 'line' ? value.message : value?.type;
  };
  expect(await next()).toBe('open');
  write(line(clock, 0, 30, 'meanwhile'));
  expect(await next()).toBe('before');
  expect(await next()).toBe('meanwhile');
  const later = next();
  write(line(clock, 0, 30, 'later'));
  expect(await later).toBe('later');
  const none = lines.next();
  gone.abort();
  expect(await none).toMatchObject({ done: true });
});

test('readLog leaves a reader who is too slow, and says why', async () => {
  const clock = new VirtualClock();
  const memory = new LogMemory();
  const lines = readLog(
    { memory, file: null, clock },
    { ...all, follow: true },
    new AbortController().signal,
  );
  await lines.next();
  for (let count = 0; count < 5; count++) memory.note(line(clock, 0, 30, 'x'.repeat(1024 * 1024)));
  await expect(lines.next()).rejects.toMatchObject({ code: 'LIMIT_REACHED' });
  expect(memory.lines.length).toBe(3);
});
