import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Delivery, Webhook } from '../../../src/contract/webhook.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { openDesk } from '../desk.ts';
import { inProcess } from '../mirolive.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const webhook: Webhook = {
  ...{ id: 'w-aaaaaaaaaa', url: 'https://hooks.example.org/live', events: null, rooms: null },
  ...{ withAddresses: false, createdAt: '2026-01-02T03:04:05.000Z', endedAt: null },
  figures: { waiting: 0, takenAt: null, failures: 0, problem: null },
};
const told: Delivery = {
  ...{ event: 'e-aaaaaaaaaa', type: 'source.away', room: 'lobby', sequence: 7, at: new Date().toISOString() },
  ...{ state: 'taken', tries: 1, status: 204, problem: null, nextTryAt: null, doneAt: null },
};
const defaults = { events: null, rooms: null, withAddresses: false };

test('add shows the secret this once, and how to try it', async () => {
  await using desk = await openDesk({ addWebhook: () => ({ webhook, secret }) });
  const run = (...args: string[]) =>
    inProcess(['webhooks', 'add', webhook.url, ...args, '--socket', desk.socket]);
  expect((await run()).stdout.split('\n')).toEqual([
    'Webhook w-aaaaaaaaaa for https://hooks.example.org/live. Its secret is shown this once:',
    `  ${secret}`,
    `See whether it takes what it is sent: mirolive webhooks test w-aaaaaaaaaa --socket ${desk.socket}`,
  ]);
  await run('--events', 'broadcast.*, source.away', '--rooms', 'lobby,hall', '--with-addresses');
  expect(desk.asked.map(({ input }) => input)).toEqual([
    { url: webhook.url, ...defaults },
    {
      ...{ url: webhook.url, events: ['broadcast.*', 'source.away'], rooms: ['lobby', 'hall'] },
      withAddresses: true,
    },
  ]);
});

test('a secret of one’s own is read from a file, and not shown', async () => {
  await using folder = await temporaryFolder();
  await using desk = await openDesk({ addWebhook: () => ({ webhook, secret }) });
  const file = join(folder.path, 'hook.secret');
  const run = () =>
    inProcess(['webhooks', 'add', webhook.url, '--secret-file', file, '--socket', desk.socket]);
  expect((await run()).stderr).toContain('cannot read the secret');
  await writeFile(file, 'hunter2\n');
  const wrong = await run();
  expect(wrong).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('expected whsec_') });
  expect(wrong.stderr).not.toContain('hunter2');
  await writeFile(file, `${secret}\n`);
  expect((await run()).stdout).not.toContain(secret);
  expect(desk.asked[0]?.input).toEqual({ url: webhook.url, ...defaults, secret });
});

test('list says how each fares, or the way on', async () => {
  const failing = {
    ...webhook,
    figures: { waiting: 12, takenAt: null, failures: 3, problem: 'it answered 503' },
  };
  const gone = { ...webhook, endedAt: webhook.createdAt, figures: null };
  await using desk = await openDesk({ listWebhooks: () => [webhook, failing, gone] });
  const { stdout } = await inProcess(['webhooks', 'list', '--socket', desk.socket]);
  const states = stdout.split('\n').map((line) => line.replace(/^.* all {2,}/, '').split(/ {2,}/));
  expect(states.slice(1)).toEqual([
    ['well', '0', 'never'],
    ['failing: it answered 503', '12', 'never'],
    ['ended', '–', 'never'],
  ]);
  await using none = await openDesk({ listWebhooks: () => [] });
  expect((await inProcess(['webhooks', 'list', '--socket', none.socket])).stdout).toContain(
    'mirolive webhooks add',
  );
});

test.each([
  {
    tried: { taken: true, status: 204, problem: null, tookMs: 12 },
    words: 'taken: it answered 204',
    exit: 0,
  },
  { tried: { taken: false, status: null, problem: 'reset', tookMs: 1 }, words: 'not taken: reset', exit: 1 },
])('test says what came of it, and ends with $exit', async ({ tried, words, exit }) => {
  await using desk = await openDesk({ testWebhook: () => tried });
  const { stdout, exitCode } = await inProcess(['webhooks', 'test', webhook.id, '--socket', desk.socket]);
  expect([stdout.startsWith(words), exitCode]).toEqual([true, exit]);
});

test('log tells what was told, and what waits', async () => {
  const problem = 'it answered 500';
  const nextTryAt = new Date(Date.now() + 600_000).toISOString();
  const log: Delivery[] = [told, { ...told, state: 'waiting', tries: 9, status: 500, problem, nextTryAt }];
  await using desk = await openDesk({ webhookLog: () => log });
  const { stdout } = await inProcess([
    'webhooks',
    'log',
    webhook.id,
    '--limit',
    '2',
    '--socket',
    desk.socket,
  ]);
  expect(stdout).toMatch(/e-aaaaaaaaaa +source\.away +lobby +7 +taken \(204\) +1/);
  expect(stdout).toMatch(/waiting: it answered 500, again in (10|9) min.* 9/);
  expect(desk.asked[0]?.input).toEqual({ id: webhook.id, limit: 2 });
});

test('redeliver sends again what is named, or what was given up', async () => {
  await using desk = await openDesk({
    redeliverWebhook: ({ id, events }) => ({ id, waiting: events ? 1 : 0 }),
  });
  const run = (...args: string[]) =>
    inProcess(['webhooks', 'redeliver', webhook.id, ...args, '--socket', desk.socket]);
  expect((await run('e-aaaaaaaaaa')).stdout).toContain('Sent again: 1');
  expect((await run()).stdout).toContain('Nothing is there to be sent again');
});

test('remove forgets one', async () => {
  await using desk = await openDesk({ removeWebhook: () => webhook });
  const { stdout } = await inProcess(['webhooks', 'remove', webhook.id, '--socket', desk.socket]);
  expect(stdout.trim()).toBe('Removed: webhook w-aaaaaaaaaa (https://hooks.example.org/live)');
});
