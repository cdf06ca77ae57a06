import { DatabaseSync } from 'node:sqlite';
import { expect, test, vi } from 'vitest';
import { config } from '../../../src/contract/config.ts';
import type { Event } from '../../../src/contract/events.ts';
import { maxWebhooks } from '../../../src/contract/webhook.ts';
import type { WebhookFact } from '../../../src/daemon/hooks/deliveries.ts';
import type { Posting } from '../../../src/daemon/hooks/outbox.ts';
import { Webhooks, type WebhooksOptions } from '../../../src/daemon/hooks/webhooks.ts';
import { migrate } from '../../../src/daemon/state/migrations.ts';
import { endedEvent, slateEvent, statsEvent, viewer } from '../../cli/samples.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

const anna = { kind: 'socket', user: 'anna' } as const;
const joined: Event = { at: viewer.joinedAt, type: 'viewer.joined', room: 'lobby', viewer };
const defaults = { events: null, rooms: null, withAddresses: false };

function webhooks(allow: readonly string[] = ['127.0.0.0/8'], keepAddresses = '7d') {
  const database = new DatabaseSync(':memory:');
  migrate(database);
  const deeds: unknown[] = [];
  const put: Posting[] = [];
  const announced: unknown[] = [];
  const clock = new VirtualClock();
  const full = { is: false, hear: (_event: Event) => {} };
  const announce = (event: unknown) => {
    announced.push(event);
    full.hear(event as Event);
  };
  const ask = vi.fn<(what: string, asked: unknown) => unknown>();
  const set = vi.fn();
  let tell: (fact: WebhookFact) => void = () => {};
  const store = {
    read: (act: (database: DatabaseSync) => unknown) => act(database),
    write: (act: (database: DatabaseSync) => unknown) => act(database),
    change: (deed: unknown, act: (database: DatabaseSync) => unknown) => {
      deeds.push(deed);
      return act(database);
    },
  } as WebhooksOptions['store'];
  const line = {
    ...{ set, close: async () => {} },
    ask: (async (what: string, asked: unknown) => ask(what, asked)) as never,
    put: (postings: readonly Posting[]) => {
      put.push(...postings);
      return full.is ? [...postings] : [];
    },
  };
  const make = () =>
    new Webhooks({
      ...{
        store,
        config: config.parse({ webhooks: { allow }, privacy: { keepAddresses } }),
        clock,
      },
      ...{
        hub: { announce },
        log: { info: vi.fn(), warn: vi.fn() },
      },
      line: (hears) => {
        tell = hears;
        return line;
      },
    });
  const all = make();
  const add = (more: Partial<Parameters<Webhooks['add']>[0]> = {}) =>
    all.add({ url: 'http://127.0.0.1:9000/secret-path', ...defaults, ...more }, anna);
  return {
    all,
    add,
    make,
    deeds,
    put,
    announced,
    ask,
    set,
    clock,
    full,
    tell: (fact: WebhookFact) => tell(fact),
  };
}

test('the secret of a webhook is told once, and neither it nor the path stands in the audit log', async () => {
  const { all, add, deeds, set } = webhooks();
  const { webhook, secret } = await add();
  expect(secret).toMatch(/^whsec_/);
  expect(set).toHaveBeenLastCalledWith(
    [{ id: webhook.id, url: webhook.url, secret }],
    [webhook.id],
    ['127.0.0.0/8'],
  );
  expect(JSON.stringify(await all.list())).not.toContain('whsec_');
  expect(deeds).toMatchObject([{ who: anna, what: 'addWebhook', subject: webhook.id }]);
  expect(JSON.stringify(deeds)).not.toMatch(/whsec_|secret-path/);
});

test('rounds of a file that is played over and over are no news, and neither are figures', async () => {
  const { all, add, put } = webhooks();
  await add({ events: ['*'] });
  const process = {
    ...{ at: viewer.joinedAt, type: 'pipeline.started', room: 'lobby', broadcast: 'b-aaaaaaaaaa', pid: 77 },
    ...{ entry: 'main', round: false },
  } as unknown as Event;
  for (const event of [statsEvent, { ...process, round: true } as Event, process]) all.hear(event);
  expect(put.map(({ type }) => type)).toEqual(['pipeline.started']);
  expect(put).toMatchObject([{ data: expect.stringContaining('"round":false') }]);
});

test('what is there after a restart is sent to, and what was removed is not', async () => {
  const { all, add, make, set, deeds } = webhooks();
  const own = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const { webhook } = await add({ secret: own });
  const { webhook: other } = await add();
  all.remove(other.id, anna);
  expect(deeds.at(-1)).toMatchObject({ what: 'removeWebhook', subject: other.id });
  make();
  expect(set.mock.calls.at(-1)?.[0]).toEqual([{ id: webhook.id, url: webhook.url, secret: own }]);
  expect(() => all.remove(other.id, anna)).toThrow(expect.objectContaining({ code: 'WEBHOOK_NOT_FOUND' }));
});

test.each([['http://127.0.0.1/'], ['http://[::1]/'], ['http://2130706433/'], ['http://192.168.1.1/']])(
  'an address that is not allowed is refused with what to do: %s',
  async (url) => {
    const { add } = webhooks([]);
    await expect(add({ url })).rejects.toMatchObject({
      ...{ code: 'WEBHOOK_ADDRESS', hint: expect.stringContaining('webhooks.allow') },
    });
  },
);

test('there are no more than may be', async () => {
  const { add } = webhooks();
  for (let count = 0; count < maxWebhooks; count++) await add();
  await expect(add()).rejects.toMatchObject({ code: 'LIMIT_REACHED' });
});

test('an event goes to those who want it, with the same id, and without addresses but to who may have them', async () => {
  const { all, add, put } = webhooks();
  const usual = await add();
  const hall = await add({ rooms: ['hall'] });
  const viewers = await add({ events: ['viewer.*'] });
  const whole = await add({ events: ['*'], withAddresses: true });
  all.hear(statsEvent);
  expect(put).toEqual([]);
  all.hear(slateEvent);
  expect(put.map((one) => one.webhooks)).toEqual([[usual.webhook.id], [whole.webhook.id]]);
  all.hear(joined);
  const [, , plain, withAddress] = put;
  expect([plain?.webhooks, withAddress?.webhooks]).toEqual([[viewers.webhook.id], [whole.webhook.id]]);
  expect([plain?.passing, plain?.room, plain?.event === withAddress?.event]).toEqual([true, 'lobby', true]);
  expect(plain?.data).not.toContain(viewer.address);
  expect(withAddress?.data).toContain(viewer.address);
  all.hear({ ...endedEvent('ended'), room: 'hall' });
  expect(put.slice(4).map((one) => one.webhooks)).toEqual([
    [usual.webhook.id, hall.webhook.id],
    [whole.webhook.id],
  ]);
});

test('where addresses may not be kept, the outbox has none', async () => {
  const { all, add, put } = webhooks(undefined, '2d');
  await add({ events: ['*'], withAddresses: true });
  all.hear(joined);
  expect(put[0]?.data).not.toContain(viewer.address);
});

test('an event that is longer than may be is told by where it happened', async () => {
  const { all, add, put } = webhooks();
  await add();
  all.hear(endedEvent('failed', 'x'.repeat(300_000)));
  expect(JSON.parse(put[0]?.data ?? '')).toEqual({
    ...{ room: 'lobby', broadcast: 'b-aaaaaaaaaa', tooLarge: true },
  });
});

test('one that wants no more is told of, sent nothing, and says so', async () => {
  const { all, add, put, announced, set, tell } = webhooks();
  const { webhook } = await add();
  tell({ is: 'ended', webhook: webhook.id, reason: 'it answered 410' });
  const url = 'http://127.0.0.1:9000';
  expect(announced).toEqual([{ type: 'webhook.ended', webhook: webhook.id, url, reason: 'it answered 410' }]);
  expect(set.mock.calls.at(-1)).toEqual([[], [webhook.id], ['127.0.0.0/8']]);
  all.hear(slateEvent);
  expect(put).toEqual([]);
  expect((await all.list())[0]?.endedAt).not.toBeNull();
  await expect(all.test(webhook.id)).rejects.toMatchObject({ code: 'WEBHOOK_ENDED' });
});

test('what is lost of one is told to the others, and not to itself', async () => {
  const { all, add, put, announced, tell } = webhooks();
  const [one, two] = [await add(), await add()];
  tell({ is: 'lost', webhook: one.webhook.id, count: 7, why: 'full' });
  const [lost] = announced as Event[];
  expect(lost).toMatchObject({ type: 'webhook.lost', count: 7, why: 'full' });
  all.hear({ ...lost, at: viewer.joinedAt } as Event);
  expect(put.map((posting) => posting.webhooks)).toEqual([[two.webhook.id]]);
});

test('what is lost of what is told of what is lost is told once in a while, summed up, and drives out nothing', async () => {
  const { all, add, put, announced, clock, full } = webhooks();
  const ids = [await add(), await add(), await add()].map(({ webhook }) => webhook.id);
  full.is = true;
  full.hear = (event) => all.hear({ ...event, at: viewer.joinedAt } as Event);
  all.hear(endedEvent('failed'));
  expect(announced).toHaveLength(ids.length);
  expect(put.filter(({ type }) => type === 'webhook.lost').every(({ passing }) => passing)).toBe(true);
  full.is = false;
  await clock.pass(60_000);
  expect(announced.slice(ids.length)).toMatchObject(ids.map(() => ({ type: 'webhook.lost', count: 2 })));
  await clock.pass(60_000);
  await all.close();
  expect([announced.length, clock.timers]).toEqual([2 * ids.length, 0]);
});
