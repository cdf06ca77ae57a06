import { EventEmitter } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { expect, test, vi } from 'vitest';
import type { Posting } from '../../../src/daemon/hooks/outbox.ts';
import { OutboxLine } from '../../../src/daemon/hooks/outbox-line.ts';
import type { OutboxTask, OutboxWord } from '../../../src/daemon/hooks/outbox-messages.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

const receiver = { id: 'w-aaaaaaaaaa', url: 'http://a', secret: 'x' };
const posting = (event: string): Posting => ({
  ...{ event, type: 'source.away', room: 'a', at: 'now', data: '{}', passing: false },
  webhooks: [receiver.id],
});

class FakeThread extends EventEmitter {
  readonly tasks: OutboxTask[] = [];
  readonly unref = () => {};
  readonly terminate = async () => 0;
  postMessage(task: OutboxTask): void {
    this.tasks.push(structuredClone(task));
  }
  say(word: OutboxWord): void {
    this.emit('message', word);
  }
  /** Events that it was given to write. */
  get put(): string[] {
    return this.tasks.flatMap((task) => (task.is === 'put' ? task.postings.map(({ event }) => event) : []));
  }
}

function line() {
  const clock = new VirtualClock();
  const threads: FakeThread[] = [];
  const health = { lost: vi.fn(), found: vi.fn() };
  const all = new OutboxLine({
    ...{ file: '/state/outbox.db', agent: 'mirolive/test', clock, health },
    ...{ tell: () => {}, onSetAside: () => {} },
    start: () => {
      threads.push(new FakeThread());
      return threads.at(-1) as unknown as Worker;
    },
  });
  return { all, clock, threads, health };
}

test('nothing is begun while there is no webhook', () => {
  const { all, threads } = line();
  all.set([], [], []);
  expect(threads).toEqual([]);
  all.set([receiver], [receiver.id], ['10.0.0.0/8']);
  expect(threads[0]?.tasks).toEqual([
    { is: 'set', receivers: [receiver], known: [receiver.id], allow: ['10.0.0.0/8'] },
  ]);
});

test('what is not on the disk when its thread ends goes to the next one, with its ids, and to who is sent', async () => {
  const { all, threads, clock, health } = line();
  all.set([receiver], [receiver.id], []);
  const [first] = threads;
  first?.say({ is: 'open', setAside: null });
  for (const event of ['e1', 'e2', 'e3']) all.put([posting(event)]);
  first?.say({ is: 'written', count: 1 });
  first?.emit('error', new Error('database or disk is full'));
  expect(health.lost).toHaveBeenCalledWith('outbox of webhooks', {
    ...{ reason: 'webhooks are told nothing: database or disk is full', failures: 1, nextTryMs: 0 },
  });
  all.put([posting('e4')]);
  await clock.pass(0);
  const [, second] = threads;
  expect(second?.tasks[0]).toMatchObject({ is: 'set', receivers: [receiver] });
  expect(second?.put).toEqual(['e2', 'e3', 'e4']);
  health.found.mockClear();
  second?.say({ is: 'open', setAside: null });
  expect(health.found).toHaveBeenCalledWith('outbox of webhooks');
});

test('a disk that takes nothing for long costs a bounded memory, and the oldest', () => {
  const { all } = line();
  all.set([receiver], [receiver.id], []);
  const lost = Array.from({ length: 2500 }, (_, index) => all.put([posting(`e${index}`)])).flat();
  // e0 is with the thread, which may write it yet.
  expect([lost.length, lost[0]?.event]).toEqual([500, 'e1']);
});

test('what happens faster than it is written is handed over in turns, each once, and all of it at the end', async () => {
  const { all, threads, clock } = line();
  all.set([receiver], [receiver.id], []);
  const [thread] = threads;
  const events = Array.from({ length: 500 }, (_, index) => `e${index}`);
  for (const event of events) all.put([posting(event)]);
  expect(thread?.put).toEqual(['e0']);
  thread?.say({ is: 'written', count: 1 });
  expect(thread?.put).toEqual(events.slice(0, 201));
  thread?.say({ is: 'written', count: 200 });
  expect(thread?.put).toEqual(events.slice(0, 401));
  const closing = all.close();
  expect(thread?.put).toEqual(events);
  expect(thread?.tasks.at(-1)).toMatchObject({ is: 'ask', ask: { what: 'flush' } });
  await clock.pass(1500);
  await closing;
});

test('whoever asks hears when it cannot be asked', async () => {
  const { all, threads, clock } = line();
  const unavailable = expect.objectContaining({ code: 'OUTBOX_UNAVAILABLE' });
  await expect(all.ask('log', { webhook: 'w', limit: 1 })).rejects.toEqual(unavailable);
  all.set([receiver], [receiver.id], []);
  const dies = expect(all.ask('log', { webhook: 'w', limit: 1 })).rejects.toEqual(unavailable);
  threads[0]?.emit('error', new Error('x'));
  await dies;
  await clock.pass(0);
  const hangs = expect(all.ask('log', { webhook: 'w', limit: 1 })).rejects.toEqual(unavailable);
  await clock.pass(20_000);
  await hangs;
});

test('close() is idempotent, waits a moment for what is left, and begins nothing anew', async () => {
  const { all, threads, clock } = line();
  all.set([receiver], [receiver.id], []);
  const closing = all.close();
  expect(threads[0]?.tasks.at(-1)).toMatchObject({ is: 'ask', ask: { what: 'flush' } });
  await clock.pass(1500);
  await closing;
  await all.close();
  threads[0]?.emit('error', new Error('ended'));
  await clock.pass(60_000);
  expect(threads).toHaveLength(1);
  expect(all.put([posting('e1')])).toEqual([]);
});
