import { EventEmitter } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import type { EventRow } from '../../../src/daemon/history/event-table.ts';
import type { History } from '../../../src/daemon/history/history.ts';
import type { HistoryAnswer, HistoryTask } from '../../../src/daemon/history/history-messages.ts';
import { openHistory } from '../../helpers/history.ts';
import { temporaryFolder } from '../../helpers/state.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

const row = (text: string): EventRow => ({
  ...{ atMs: 1000, type: 'worker.died', room: null, shelf: 'wrong', personal: false, text },
});
const query = {
  sinceMs: 0,
  types: null,
  shelves: ['wrong'],
  whole: ['wrong'],
  room: null,
  after: 0,
  upTo: null,
} as const;
const texts = async (history: History) => (await history.read('events', query))?.texts;

test('History goes on in another thread where one dies, and loses nothing that it was given', async () => {
  using folder = temporaryFolder();
  const clock = new VirtualClock();
  const threads: Worker[] = [];
  const start: typeof Worker.prototype.constructor = (program: URL, options: object) => {
    const thread = new Worker(program, options);
    threads.push(thread);
    return thread;
  };
  const { history, told } = openHistory(folder.path, { clock, start: start as never });
  await using _ = history;
  history.add('events', row('1'), 1);
  expect(await texts(history)).toEqual(['1']);
  threads[0]?.emit('error', new Error('out of memory'));
  history.add('events', row('2'), 1);
  const read = texts(history);
  expect(told.at(-1)?.reason).toBe('its thread has died: out of memory');
  await clock.pass(1000);
  expect(await read).toEqual(['1', '2']);
  expect(told.at(-1)).toBe(null);
  expect(threads).toHaveLength(2);
  await threads[0]?.terminate();
});

test('History tells of a disk that does not answer, is in nobody’s way, and says what it has lost', async () => {
  using folder = temporaryFolder();
  const clock = new VirtualClock();
  const tasks: unknown[] = [];
  const silent = Object.assign(new EventEmitter(), {
    ...{ postMessage: (task: unknown) => tasks.push(task), unref: () => {}, terminate: async () => 0 },
  });
  const { history, told } = openHistory(folder.path, { clock, start: () => silent as never });
  const read = texts(history);
  const refused = expect(read).rejects.toMatchObject({ code: 'STATE_UNAVAILABLE' });
  for (let count = 0; count < 20; count++) history.add('events', row('x'), 1024 * 1024);
  await clock.pass(8000);
  await refused;
  expect(told.at(-1)?.reason).toContain('the disk has not answered for 8 s');
  expect(tasks).toMatchObject([{ do: 'read' }, { do: 'write', lostMs: expect.any(Number) }]);
  expect((tasks[1] as { batch: unknown[] }).batch).toHaveLength(8);
  const closed = history.close();
  await clock.pass(1500);
  await closed;
  expect(clock.timers).toBe(0);
  await expect(history.read('events', query)).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
  await history.close();
});

test('History asks a disk that hangs no more than it has to, says once how much is lost, and goes on when it answers', async () => {
  using folder = temporaryFolder();
  const clock = new VirtualClock();
  const tasks: HistoryTask[] = [];
  const silent = Object.assign(new EventEmitter(), {
    ...{ postMessage: (task: HistoryTask) => tasks.push(task), unref: () => {}, terminate: async () => 0 },
  });
  const { history, told } = openHistory(folder.path, { clock, start: () => silent as never });
  // Events that have no place, too long ones, and nothing at all, for ten minutes.
  for (let second = 0; second < 600; second++) {
    history.add('events', row(`${second}`), 100 * 1024);
    history.lose();
    await clock.pass(1000);
  }
  expect(tasks.map((task) => task.do)).toEqual(['write', 'tidy']);
  expect(told.at(-1)?.reason).toMatch(
    /has not answered for 592 s, and there is no place for more: 512 are lost$/,
  );
  const reads = Array.from({ length: 300 }, () =>
    texts(history).then(
      () => 'told',
      ({ code }) => code,
    ),
  );
  expect(tasks.length).toBeLessThan(300);
  await clock.pass(8000);
  expect(new Set(await Promise.all(reads))).toEqual(new Set(['STATE_UNAVAILABLE']));
  // It answers again.
  const answer: HistoryAnswer = { result: null, problem: null, trouble: null, setAside: null };
  for (let answered = 0; answered < tasks.length; answered++) silent.emit('message', answer);
  expect(told.at(-1)).toBeNull();
  history.add('events', row('after'), 1);
  await clock.pass(1000);
  const [last] = tasks.slice(-1);
  expect(last).toMatchObject({ do: 'write', batch: [{ row: { text: 'after' } }] });
  const written = tasks.flatMap((task) => (task.do === 'write' ? task.batch : []));
  expect(written).toHaveLength(600 - 519 + 1);
  for (let answered = 0; answered < 3; answered++) silent.emit('message', answer);
  await clock.pass(60_000);
  expect(tasks.at(-1)).toMatchObject({ do: 'tidy' });
  const closed = history.close();
  await clock.pass(1500);
  await closed;
});
