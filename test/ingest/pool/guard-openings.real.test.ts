import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { type Clock, systemClock } from '../../../src/contract/clock.ts';
import { usualBounds } from '../../../src/ingest/child/child-watch.ts';
import type { GuardAnswer, GuardAsk } from '../../../src/ingest/guard/messages.ts';
import { GuardHost } from '../../../src/ingest/pool/guard-host.ts';
import { gone } from '../processes.ts';

const bounds = { ...usualBounds, maxMemoryBytes: 2 ** 30 };
const relay: GuardAsk = {
  kind: 'relay',
  destination: { host: '127.0.0.1', port: 9, tls: false },
  ...{ mask: null, mark: null },
};

function openHost(clock: Clock = systemClock) {
  const host = new GuardHost({ allowPrivateNetworks: true, bounds, clock });
  return { host, [Symbol.asyncDispose]: () => host.close() };
}

function openingIn(answer: GuardAnswer): { readonly id: number; readonly port: number } {
  if ('error' in answer) throw new Error(answer.error.message);
  return answer.value as { id: number; port: number };
}

async function isOpen(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  return await once(socket, 'connect').then(
    () => !!socket.destroy(),
    () => false,
  );
}

test('What one life of the guard had open has the name of nothing in the next', async () => {
  await using opened = openHost();
  const { host } = opened;
  const first = openingIn(await host.ask({}, relay));
  const pid = host.pid ?? -1;
  process.kill(pid, 'SIGKILL');
  await gone(pid);
  let answer = await host.ask({}, relay);
  while ('error' in answer) {
    await new Promise(setImmediate);
    answer = await host.ask({}, relay);
  }
  const second = openingIn(answer);
  await host.ask({}, { kind: 'close', id: first.id });
  expect(await isOpen(second.port)).toBe(true);
});

test('Why an opening fails whose guard has died is that, and no fault of its source', async () => {
  await using opened = openHost();
  const { host } = opened;
  const { id } = openingIn(await host.ask({}, relay));
  const pid = host.pid ?? -1;
  process.kill(pid, 'SIGKILL');
  await gone(pid);
  expect(await host.ask({}, { kind: 'refusal', id })).toMatchObject({
    error: { code: 'INGEST_UNAVAILABLE' },
  });
  while ([undefined, pid].includes(host.pid)) await new Promise(setImmediate);
  expect(await host.ask({}, { kind: 'refusal', id })).toMatchObject({
    error: { code: 'INGEST_UNAVAILABLE' },
  });
});

test('What is opened for somebody who is gone by then is closed', async () => {
  await using opened = openHost();
  const { host } = opened;
  const owner = {};
  const asked = host.ask(owner, relay);
  host.forget(owner);
  const { port } = openingIn(await asked);
  await host.ask({}, { kind: 'addresses', host: '127.0.0.1' });
  expect(await isOpen(port)).toBe(false);
});

test('A guard that is to be started later is started at once when somebody waits', async () => {
  // Nothing happens by itself.
  await using opened = openHost({ ...systemClock, after: () => ({ cancel: () => {} }) });
  const { host } = opened;
  await host.ask({}, relay);
  // The first that takes its place comes at once, the one after that would have to wait.
  for (let deaths = 0; deaths < 2; deaths++) {
    const pid = host.pid ?? -1;
    process.kill(pid, 'SIGKILL');
    while (host.pid === pid) await new Promise(setImmediate);
  }
  expect(await host.ask({}, relay)).toMatchObject({ error: { code: 'INGEST_UNAVAILABLE' } });
  host.hurry();
  expect(openingIn(await host.ask({}, relay)).port).toBeGreaterThan(0);
});
