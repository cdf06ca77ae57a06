import { EventEmitter } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import type { HistoryAnswer, HistoryTask } from '../../../src/daemon/history/history-messages.ts';
import { openHistory } from '../../helpers/history.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

const removed = { room: 'lobby', beforeMs: 0 };

/** A history whose disk says nothing by itself. */
function openSilent() {
  const clock = new VirtualClock();
  const tasks: HistoryTask[] = [];
  const thread = Object.assign(new EventEmitter(), {
    postMessage: (task: HistoryTask) => tasks.push(task),
    unref() {},
    terminate: async () => 0,
  });
  const { history } = openHistory('/nowhere', { clock, start: () => thread as unknown as Worker });
  const remove = () => history.remove(removed).catch((error: Error) => error.message);
  return { clock, thread, tasks, history, remove };
}

test('History does not say of a removal that the disk has not answered that nothing comes of it', async () => {
  const { clock, tasks, history, remove } = openSilent();
  const [told, read] = [remove(), history.read('audience', { is: 'visits', untilMinute: 0 })];
  read.catch(() => {});
  await clock.pass(8000);
  expect(await told).toBe('the removal was asked for, and is not known to be done: the disk does not answer');
  await expect(read).rejects.toThrow('what has happened cannot be read: the disk does not answer');
  expect(tasks[0]).toEqual({ do: 'remove', what: removed });
});

test('History does not know of a removal what came of it when its thread dies', async () => {
  const { thread, remove } = openSilent();
  const told = remove();
  thread.emit('error', new Error('out of memory'));
  expect(await told).toBe('the removal was asked for, and is not known to be done: out of memory');
});

test('History says of a removal that failed that it did', async () => {
  const { thread, remove } = openSilent();
  const told = remove();
  const answer: HistoryAnswer = { result: null, problem: 'read-only', trouble: null, setAside: null };
  thread.emit('message', answer);
  expect(await told).toBe('what has happened cannot be removed: read-only');
});
