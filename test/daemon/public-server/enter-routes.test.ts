import fastify from 'fastify';
import { expect, test } from 'vitest';
import { Links } from '../../../src/daemon/access/links.ts';
import { enterRoutes } from '../../../src/daemon/public-server/enter-routes.ts';
import { RecentPasses } from '../../../src/daemon/public-server/recent-passes.ts';
import { openState, temporaryFolder } from '../../helpers/state.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

const [one, other] = ['u-aaaaaaaaaaaaaaaa', 'u-bbbbbbbbbbbbbbbb'];

test('a browser whose answer got lost asks anew within a minute and spends nothing; another browser, and a later one, does', async () => {
  using folder = temporaryFolder();
  const clock = new VirtualClock();
  using store = openState(folder.path);
  using links = Links.create(store, clock);
  const anna = { kind: 'socket', user: 'anna' } as const;
  const { link, secret } = links.create({ room: 'lobby', name: null, expiresMs: null, maxUses: 2 }, anna);
  await using app = fastify();
  const admission = { enters: () => {} };
  await app.register(
    enterRoutes({ links, bans: { find: () => null }, admission, addressOf: () => '192.0.2.1', clock }),
  );
  const enter = async (body: object, room = 'lobby') => {
    const answer = await app.inject({ method: 'POST', url: `/enter/${room}`, body });
    const { pass, code } = answer.json<{ pass?: string; code?: string }>();
    return pass ?? code;
  };
  const uses = () => links.list({ room: 'lobby', revoked: true })[0]?.uses;
  const first = await enter({ link: secret, browser: one });
  expect(await enter({ link: secret, browser: one })).toBe(first);
  expect(uses()).toBe(1);
  // Neither what is no id, nor another room, nor a word more.
  expect(await enter({ link: secret, browser: 'x' })).toBe('INVALID_REQUEST');
  expect(await enter({ link: secret, browser: one, more: 1 })).toBe('INVALID_REQUEST');
  expect(await enter({ link: secret, browser: one }, 'hall')).toBe('LINK_NEEDED');
  const second = await enter({ link: secret, browser: other });
  expect(second).not.toBe(first);
  expect(uses()).toBe(2);
  expect(await enter({ link: secret })).toBe('LINK_NEEDED');
  await clock.pass(59_000);
  expect(await enter({ link: secret, browser: one })).toBe(first);
  await clock.pass(1000);
  expect(await enter({ link: secret, browser: one })).toBe('LINK_NEEDED');
  expect(await enter({ link: secret, browser: other })).toBe('LINK_NEEDED');
  const { secret: another, link: made } = links.create(
    { room: 'lobby', name: null, expiresMs: null, maxUses: null },
    anna,
  );
  await enter({ link: another, browser: one });
  links.revoke(made.id, anna);
  expect(await enter({ link: another, browser: one })).toBe('LINK_NEEDED');
  expect(link.room).toBe('lobby');
});

test('RecentPasses remembers a bounded number, and none for longer than it is good for', async () => {
  const clock = new VirtualClock();
  const passes = new RecentPasses(clock);
  for (let count = 0; count < 3000; count++)
    passes.of(
      `link-${count}`,
      one,
      () => true,
      () => `pass-${count}`,
    );
  expect(passes.size).toBe(1000);
  const give = () => 'fresh';
  expect(passes.of('link-2999', one, () => true, give)).toBe('pass-2999');
  expect(passes.of('link-2999', one, () => false, give)).toBe('fresh');
  await clock.pass(60_000);
  expect(passes.of('link-2998', one, () => true, give)).toBe('fresh');
  expect(passes.size).toBe(1);
});
