import { cpSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { CallInput } from '../../../src/contract/api.ts';
import type { MiroliveError } from '../../../src/contract/errors.ts';
import type { Principal } from '../../../src/contract/principal.ts';
import { isOfUse, type LinkRecord } from '../../../src/daemon/access/link-record.ts';
import { Links } from '../../../src/daemon/access/links.ts';
import { rememberLost } from '../../../src/daemon/state/state-files.ts';
import { StateStore } from '../../../src/daemon/state/state-store.ts';
import { openState, temporaryFolder } from '../../helpers/state.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

const anna: Principal = { kind: 'socket', user: 'anna' };
const hour = 3_600_000;

/** Links in a folder of their own, and the clock that they go by. */
function opened(path?: string) {
  const folder = path === undefined ? temporaryFolder() : { path, [Symbol.dispose]: () => {} };
  const clock = new VirtualClock();
  const store = openState(folder.path);
  const links = Links.create(store, clock);
  const make = (how: Partial<CallInput<'createLink'>> = {}) =>
    links.create({ room: 'lobby', name: null, expiresMs: null, maxUses: null, ...how }, anna);
  const refusal = (secret: string, room = 'lobby') => {
    try {
      links.enter(room, secret);
      return null;
    } catch (error) {
      const { code, message } = error as MiroliveError;
      return [code, message];
    }
  };
  return {
    ...{ path: folder.path, clock, store, links, make, refusal },
    [Symbol.dispose]() {
      links.close();
      store.close();
      folder[Symbol.dispose]();
    },
  };
}

const lapsed = 'this link is valid no longer';
const unknown = 'this is no link of this room';

test('a link lets somebody in, who stays what he is after a restart', () => {
  using first = opened();
  const { secret, link } = first.make({ name: 'Guest 1' });
  expect(secret).toMatch(/^mll_[a-z2-7]{52}$/);
  expect(link).toMatchObject({ room: 'lobby', name: 'Guest 1', state: 'valid', uses: 0, lastUsedAt: null });
  const pass = first.links.enter('lobby', secret);
  const guest = first.links.guest('lobby', pass);
  expect(guest).toEqual({ link: link.id, id: expect.stringMatching(/^g-/) });
  first.links.close();
  first.store.close();
  using second = opened(first.path);
  expect(second.links.guest('lobby', pass)).toEqual(guest);
  expect(second.links.list({ revoked: false })).toEqual([
    { ...link, uses: 1, lastUsedAt: new Date(first.clock.wallMs()).toISOString() },
  ]);
});

test('a link is open while somebody may still come by it', () => {
  using one = opened();
  const [many, single, brief] = [one.make(), one.make({ maxUses: 1 }), one.make({ expiresMs: hour })];
  const open = () => [many, single, brief].map(({ link }) => one.links.isOpen(link.id));
  expect(open()).toEqual([true, true, true]);
  one.links.enter('lobby', single.secret);
  one.clock.putWall(one.clock.wallMs() + hour);
  expect(open()).toEqual([true, false, false]);
  one.links.revoke(many.link.id, anna);
  expect([...open(), one.links.isOpen('l-zzzzzzzzzz')]).toEqual([false, false, false, false]);
});

test('of two who come at one moment by a link for one, one is let in, also where the daemon dies right then', () => {
  using one = opened();
  const { secret, link } = one.make({ maxUses: 1 });
  const doors = [one.links.entrance('lobby', secret), one.links.entrance('lobby', secret)];
  doors[0]?.take();
  expect(() => doors[1]?.take()).toThrow('this link has been used as often as it may');
  // Whoever comes by the secret itself is nobody in particular.
  expect(doors[0]?.guest).toEqual({ link: link.id, id: null });
  expect(one.refusal(secret)).toEqual(['LINK_NEEDED', 'this link has been used as often as it may']);
  expect(one.links.list({ revoked: false })).toMatchObject([{ id: link.id, state: 'spent', uses: 1 }]);
  // As it is on the disk now: what is written at an end is not there.
  using left = temporaryFolder();
  cpSync(one.path, left.path, { recursive: true });
  using again = opened(left.path);
  expect(again.refusal(secret)).toEqual(['LINK_NEEDED', 'this link has been used as often as it may']);
});

test('who has come by a link stays when its time is over, and goes when it is revoked', async () => {
  using one = opened();
  const { secret, link } = one.make({ expiresMs: hour });
  const pass = one.links.enter('lobby', secret);
  await one.clock.pass(hour);
  expect(one.refusal(secret)).toEqual(['LINK_NEEDED', 'the time of this link is over']);
  expect(one.links.guest('lobby', pass)).not.toBeNull();
  const heard: string[] = [];
  one.links.onRevoked((id) => heard.push(id));
  expect(one.links.revoke(link.id, anna)).toMatchObject({ id: link.id, state: 'revoked' });
  expect([heard, one.links.guest('lobby', pass)]).toEqual([[link.id], null]);
  expect(one.refusal(secret)).toEqual(['LINK_NEEDED', lapsed]);
  expect(() => one.links.revoke(link.id, anna)).toThrow(`link ${link.id} is revoked already`);
  expect([one.links.list({ revoked: false }), one.links.list({ revoked: true }).length]).toEqual([[], 1]);
});

test.each([
  ['forged', (secret: string) => `${secret.slice(0, -1)}${secret.endsWith('a') ? 'b' : 'a'}`],
  ['longer', (secret: string) => `${secret}a`],
  ['in other letters', (secret: string) => secret.toUpperCase()],
  ['empty', () => ''],
  ['the hash that is kept', (_: string, hash: string) => hash],
  ['the key that is kept', (_: string, __: string, key: string) => key],
])('a secret that is %s lets nobody in', (_, changed) => {
  using one = opened();
  const { secret } = one.make();
  const kept = one.store.read((database) => database.prepare('SELECT hash, key FROM links').get()) ?? {};
  const said = changed(secret, String(kept.hash), String(kept.key));
  expect(one.refusal(said)).toEqual(['LINK_NEEDED', unknown]);
  expect([one.links.entrance('lobby', said), one.links.guest('lobby', said)]).toEqual([null, null]);
});

test('a link is of its room alone, and so is a pass; a pass of another link is none', () => {
  using one = opened();
  const [here, there] = [one.make(), one.make({ room: 'hall' })];
  expect(one.refusal(here.secret, 'hall')).toEqual(['LINK_NEEDED', unknown]);
  const pass = one.links.enter('lobby', here.secret);
  expect(one.links.guest('hall', pass)).toBeNull();
  const [, , id, signature] = pass.split('_');
  const forged = [
    `mlg_${there.link.id}_${id}_${signature}`,
    `mlg_${here.link.id}_g-aaaaaaaaaa_${signature}`,
    pass.slice(0, -1),
    `${pass.slice(0, -2)}${pass.endsWith('AA') ? 'BB' : 'AA'}`,
  ];
  for (const room of ['lobby', 'hall'])
    expect(forged.map((one_) => one.links.guest(room, one_))).toEqual(forged.map(() => null));
});

test('a restored backup brings no revoked link back', () => {
  using one = opened();
  const { secret, link } = one.make();
  one.links.revoke(link.id, anna);
  one.store.change({ who: anna, what: 'test', subject: 'links' }, (database) =>
    database.exec('UPDATE links SET revoked_at = NULL'),
  );
  one.links.close();
  one.store.close();
  using after = opened(one.path);
  expect(after.refusal(secret)).toEqual(['LINK_NEEDED', lapsed]);
});

test('a pass is looked at once more before who has it comes in', () => {
  using one = opened();
  const { secret, link } = one.make();
  const pass = one.links.enter('lobby', secret);
  const [stays, goes] = [one.links.entrance('lobby', pass), one.links.entrance('lobby', pass)];
  expect(() => stays?.take()).not.toThrow();
  expect(one.links.isVoid(link.id)).toBe(false);
  one.links.revoke(link.id, anna);
  expect(() => goes?.take()).toThrow(lapsed);
  expect(one.links.isVoid(link.id)).toBe(true);
});

test('while links cannot be read nobody is told that he has none, and the state is asked for no more often than it should', () => {
  using one = opened();
  const { secret } = one.make();
  const pass = one.links.enter('lobby', secret);
  let reads = 0;
  const store = Object.assign(Object.create(StateStore.prototype), {
    read() {
      reads++;
      throw new Error('the disk does not answer');
    },
  }) as StateStore;
  const unread = Links.create(store, one.clock);
  for (let i = 0; i < 5; i++) {
    expect(unread.guest('lobby', pass)).toBe('unknown');
    expect(unread.entrance('lobby', pass)?.guest).toBe('unknown');
    expect(unread.entrance('lobby', secret)?.guest).toBe('unknown');
    expect(() => unread.enter('lobby', secret)).toThrow(
      expect.objectContaining({ code: 'STATE_UNAVAILABLE' }),
    );
  }
  expect([reads, unread.guest('lobby', 'mirolive')]).toEqual([1, null]);
});

test('while the state is lost, what it does not know may have been there', () => {
  using one = opened();
  const { secret, link } = one.make();
  const pass = one.links.enter('lobby', secret);
  using lost = opened();
  rememberLost(lost.path, 'the state was damaged');
  expect(lost.links.guest('lobby', pass)).toBe('unknown');
  expect(lost.refusal(secret)?.[0]).toBe('STATE_UNAVAILABLE');
  // What was made since is known.
  const since = lost.make();
  const guest = lost.links.enter('lobby', since.secret);
  expect(lost.links.guest('lobby', guest)).toMatchObject({ link: since.link.id });
  lost.links.revoke(since.link.id, anna);
  expect([lost.links.guest('lobby', guest), lost.refusal(since.secret)]).toEqual([
    null,
    ['LINK_NEEDED', lapsed],
  ]);
  expect(one.links.guest('lobby', pass)).toMatchObject({ link: link.id });
});

test('a clock that is ahead costs nobody his link for good', async () => {
  using one = opened();
  const [used, gone] = [one.make({ expiresMs: hour }), one.make()];
  const pass = one.links.enter('lobby', used.secret);
  one.links.revoke(gone.link.id, anna);
  await one.clock.pass(91 * 24 * hour);
  one.make({ name: 'ahead' });
  // By that clock nobody comes back.
  expect(one.links.guest('lobby', pass)).toBeNull();
  expect(one.links.list({ revoked: true }).map(({ name }) => name)).toEqual(['ahead']);
  one.links.close();
  one.store.close();
  using right = opened(one.path);
  expect(right.links.guest('lobby', pass)).toMatchObject({ link: used.link.id });
  expect(right.links.list({ revoked: true })).toHaveLength(2);
});

test('of links that have expired the newest 10,000 are kept, whoever makes them', () => {
  using one = opened();
  const now = one.clock.wallMs();
  one.store.write((database) =>
    database.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10100)
      INSERT INTO links SELECT 'l-' || i, 'lobby', NULL, 'h' || i, 'k', NULL, 1, 0, ${now} - i, NULL, NULL FROM n`),
  );
  one.make();
  const left = (where: string) =>
    one.store.read((database) => database.prepare(`SELECT count(*) AS n FROM links WHERE ${where}`).get()?.n);
  expect([left('expires_at IS NULL'), left('true'), left(`expires_at < ${now} - 10000`)]).toEqual([
    1, 10_001, 0,
  ]);
});

const day = 24 * hour;
const at = { createdAt: 0, lastUsedAt: null, expiresAt: null, revokedAt: null, maxUses: null, uses: 0 };
test.each([
  ['new', {}, true],
  ['spent', { maxUses: 1, uses: 1 }, true],
  ['expired, and has been used', { expiresAt: 5 * day, uses: 1 }, true],
  ['expired, and nobody came by it', { expiresAt: 5 * day }, false],
  ['expired long ago', { expiresAt: 5 * day, uses: 1, now: 96 * day }, false],
  ['revoked', { uses: 1, revokedAt: 5 * day }, false],
])(
  'a link that is %s counts: %s',
  (_, { now = 6 * day, ...how }: Partial<LinkRecord> & { now?: number }, counts) => {
    const record = { id: 'l-a', room: 'lobby', name: null, hash: '', key: '', ...at, ...how };
    expect(isOfUse(record, now)).toBe(counts);
  },
);
