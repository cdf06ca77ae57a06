import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { type Clock, systemClock } from '../../../src/contract/clock.ts';
import { usualBounds } from '../../../src/ingest/child/child-watch.ts';
import { WorkMark } from '../../../src/ingest/child/work-mark.ts';
import { guardProcess } from '../../../src/ingest/guard/guard-process.ts';
import { type GuardDeath, GuardHost } from '../../../src/ingest/pool/guard-host.ts';
import { gone } from '../processes.ts';

const bounds = { ...usualBounds, maxMemoryBytes: 2 ** 30 };
const destination = { host: '127.0.0.1', port: 9, tls: false };

function openHost(clock: Clock = systemClock) {
  const host = new GuardHost({ allowPrivateNetworks: true, bounds, clock });
  return { host, [Symbol.asyncDispose]: () => host.close() };
}

function relay({ answers }: GuardHost, needed = new AbortController()) {
  return Promise.resolve(answers.relay({ destination, protocol: null, mark: null }, needed.signal));
}

function refusal({ answers }: GuardHost, id: string) {
  return answers.refusal({ id }, new AbortController().signal);
}

async function isOpen(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  return await once(socket, 'connect').then(
    () => !!socket.destroy(),
    () => false,
  );
}

async function died(host: GuardHost): Promise<void> {
  const pid = host.pid ?? -1;
  process.kill(pid, 'SIGKILL');
  await gone(pid);
  while (host.pid === pid) await new Promise(setImmediate);
}

test('What one life of the guard had open is no business of the next', async () => {
  await using opened = openHost();
  const { host } = opened;
  const needed = new AbortController();
  await relay(host, needed);
  await died(host);
  const second = await relay(host);
  needed.abort();
  // It is asked in turn.
  await refusal(host, second.id);
  expect(await isOpen(second.port)).toBe(true);
});

test('Why an opening fails whose guard has died is that, and no fault of its source', async () => {
  await using opened = openHost();
  const { host } = opened;
  const { id } = await relay(host);
  const pid = host.pid ?? -1;
  process.kill(pid, 'SIGKILL');
  await gone(pid);
  await expect(refusal(host, id)).rejects.toMatchObject({ code: 'INGEST_UNAVAILABLE' });
  while ([undefined, pid].includes(host.pid)) await new Promise(setImmediate);
  await expect(refusal(host, id)).rejects.toMatchObject({ code: 'INGEST_UNAVAILABLE' });
});

test.each([
  ['while it is opened', false],
  ['later', true],
])('What is opened for somebody who leaves %s is closed', async (_, waits) => {
  const { answers, close } = guardProcess(new WorkMark(null));
  const needed = new AbortController();
  await answers.begin({ allowPrivateNetworks: true }, needed.signal);
  const opening = answers.relay({ destination, protocol: null, mark: null }, needed.signal);
  if (waits) expect(await isOpen((await opening).port)).toBe(true);
  needed.abort();
  const { id, port } = await opening;
  expect(await isOpen(port)).toBe(false);
  for (const ask of [answers.refusal, answers.variants])
    await expect(ask({ id }, needed.signal)).rejects.toMatchObject({ code: 'INGEST_UNAVAILABLE' });
  await close();
});

test('A guard that is to be started later is started at once when somebody waits', async () => {
  // Nothing happens by itself.
  await using opened = openHost({ ...systemClock, after: () => ({ cancel: () => {} }) });
  const { host } = opened;
  await relay(host);
  // The first that takes its place comes at once, the one after that would have to wait.
  for (let deaths = 0; deaths < 2; deaths++) await died(host);
  await expect(relay(host)).rejects.toMatchObject({ code: 'INGEST_UNAVAILABLE' });
  host.hurry();
  // Whoever asks does so by a message, which comes later.
  await new Promise(setImmediate);
  expect((await relay(host)).port).toBeGreaterThan(0);
});

test('What a guard answers that makes no sense goes to nobody, and ends it', async () => {
  const entry = new URL('./scripted-guard.ts', import.meta.url);
  await using opened = new AsyncDisposableStack();
  const deaths: string[] = [];
  const onDied = ({ message }: GuardDeath) => void deaths.push(message);
  const { answers } = opened.adopt(
    new GuardHost({ allowPrivateNetworks: true, bounds, entry, onDied }),
    (host) => host.close(),
  );
  const opening = { address: 'http://source/foreign', mark: null };
  const nonsense = 'it told what makes no sense: unrecognized_keys at env';
  await expect(answers.http(opening, new AbortController().signal)).rejects.toMatchObject({
    code: 'INGEST_UNAVAILABLE',
    message: expect.stringContaining(nonsense),
  });
  expect(deaths).toEqual([nonsense]);
});
