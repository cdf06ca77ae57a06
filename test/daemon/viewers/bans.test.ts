import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/contract/clock.ts';
import type { Principal } from '../../../src/contract/principal.ts';
import { readAudit } from '../../../src/daemon/state/audit-log.ts';
import { Bans, keptOutBy, type MarkedComer, type NewBan } from '../../../src/daemon/viewers/bans.ts';
import { openState, silentLog, temporaryFolder } from '../../helpers/state.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

const anna: Principal = { kind: 'socket', user: 'anna' };
const mine = 'u-aaaaaaaaaaaaaaaa';
const his = 'g-aaaaaaaaaa';
const network = (network: string, more: Partial<NewBan> = {}): NewBan => ({
  ...{ banned: { kind: 'network', network }, room: null, reason: null, forMs: null },
  ...more,
});
const browser = network('', { banned: { kind: 'browser', browser: mine } });
const guest = network('', {
  banned: { kind: 'guest', guest: his, link: 'l-aaaaaaaaaa', browser: mine },
});
const comer = (more: Partial<MarkedComer> = {}): MarkedComer => ({
  ...{ address: '192.0.2.4', browser: null, guest: null },
  room: 'lobby',
  ...more,
});

function open(folder: string, clock = new VirtualClock(1000, systemClock.wallMs())) {
  const store = openState(folder);
  const bans = Bans.create({ store, clock, log: silentLog });
  return { store, bans, clock, [Symbol.dispose]: () => store.close() };
}

describe('Bans', () => {
  it('keeps the browser and the link of a guest out whose ban is changed by his id alone', () => {
    using folder = temporaryFolder();
    using at = open(folder.path);
    const first = at.bans.add(guest, anna);
    const named = network('', {
      banned: { kind: 'guest', guest: his, link: null, browser: null },
      forMs: 60_000,
    });
    const changed = at.bans.add(named, anna);
    expect(changed).toMatchObject({ id: first.id, banned: first.banned });
    expect(at.bans.find(comer({ browser: mine, guest: 'g-bbbbbbbbbb' }))?.id).toBe(first.id);
  });

  it.each([
    { name: 'an address', ban: network('192.0.2.4'), kept: comer(), free: comer({ address: '192.0.2.5' }) },
    { name: 'a network', ban: network('192.0.2.0/24'), kept: comer(), free: comer({ address: '192.0.3.4' }) },
    {
      name: 'a browser',
      ban: browser,
      kept: comer({ address: '198.51.100.1', browser: mine }),
      free: comer(),
    },
    {
      name: 'a guest in another browser, at another address',
      ban: guest,
      kept: comer({ address: '198.51.100.1', browser: 'u-bbbbbbbbbbbbbbbb', guest: his }),
      free: comer({ guest: 'g-bbbbbbbbbb' }),
    },
    {
      name: 'the browser of a guest, whatever pass it has now',
      ban: guest,
      kept: comer({ browser: mine, guest: 'g-bbbbbbbbbb' }),
      free: comer({ browser: 'u-bbbbbbbbbbbbbbbb' }),
    },
    {
      name: 'a guest whose browser said no id',
      ban: network('', { banned: { kind: 'guest', guest: his, link: null, browser: null } }),
      kept: comer({ guest: his }),
      free: comer(),
    },
    {
      name: 'one room',
      ban: network('192.0.2.4', { room: 'lobby' }),
      kept: comer(),
      free: comer({ room: 'hall' }),
    },
  ])('keep $name out, and nobody else', ({ ban, kept, free }) => {
    using folder = temporaryFolder();
    using state = open(folder.path);
    expect(state.bans.find(kept)).toBeNull();
    const made = state.bans.add(ban, anna);
    const { id } = made;
    expect(state.bans.find(kept)).toMatchObject({ id });
    expect([kept, free].map(keptOutBy(made))).toEqual([true, false]);
    expect(state.bans.find(free)).toBeNull();
    state.bans.lift(id, anna);
    expect(state.bans.find(kept)).toBeNull();
    expect(() => state.bans.lift(id, anna)).toThrow(expect.objectContaining({ code: 'BAN_NOT_FOUND' }));
  });

  it('of the same network in several rooms are found apart, and one may be changed', () => {
    using folder = temporaryFolder();
    using state = open(folder.path);
    const [lobby, hall] = ['lobby', 'hall'].map((room) =>
      state.bans.add(network('2001:db8::/32', { room }), anna),
    );
    const address = '2001:db8:7::1';
    expect(state.bans.find(comer({ address, room: 'hall' }))).toMatchObject({ id: hall?.id });
    state.bans.lift(hall?.id ?? '', anna);
    state.bans.add(network('2001:db8::/32', { room: 'lobby', reason: 'Again' }), anna);
    expect(state.bans.find(comer({ address, room: 'hall' }))).toBeNull();
    expect(state.bans.find(comer({ address }))).toMatchObject({ id: lobby?.id, reason: 'Again' });
  });

  it('end by themselves, and the longest of several is told', () => {
    using folder = temporaryFolder();
    using state = open(folder.path);
    state.bans.add(network('192.0.2.4', { forMs: 1000, reason: 'short' }), anna);
    state.bans.add(network('192.0.2.0/24', { forMs: 5000, reason: 'long' }), anna);
    expect(state.bans.find(comer())).toMatchObject({ reason: 'long' });
    state.clock.putWall(5000);
    expect(state.bans.find(comer())).toBeNull();
    expect(state.bans.list()).toEqual([]);
  });

  it('of the same are one, with what was said last', () => {
    using folder = temporaryFolder();
    using state = open(folder.path);
    const first = state.bans.add(browser, anna);
    const second = state.bans.add({ ...browser, reason: 'Again' }, anna);
    expect(second.id).toBe(first.id);
    expect(state.bans.list()).toMatchObject([{ id: first.id, reason: 'Again' }]);
    const [one, other] = [state.bans.add(guest, anna), state.bans.add({ ...guest, forMs: 1000 }, anna)];
    expect([other.id, other.banned]).toEqual([one.id, guest.banned]);
    state.clock.putWall(5000);
    expect(state.bans.find(comer({ guest: his }))).toBeNull();
  });

  it('outlive the daemon, and are in the audit log by their ids alone', () => {
    using folder = temporaryFolder();
    using before = open(folder.path);
    const { id } = before.bans.add(network('192.0.2.4'), anna);
    before.bans.lift(before.bans.add(browser, anna).id, anna);
    before.clock.putWall(before.clock.wallMs() + 1);
    const known = before.bans.add(guest, anna);
    const deeds = before.store.read((database) => readAudit(database, { sinceMs: 0, after: 0, limit: 10 }));
    expect(deeds.map(({ what }) => what)).toEqual(['ban', 'ban', 'unban', 'ban']);
    expect(JSON.stringify(deeds)).not.toMatch(/192\.0\.2|[ug]-aaaa/);
    before.store.close();
    using after = open(folder.path);
    expect(after.bans.list().map((ban) => ban.id)).toEqual([id, known.id]);
    expect(after.bans.find(comer({ address: '', browser: mine }))).toEqual(known);
    expect(after.bans.find(comer({ address: '', guest: his }))).toEqual(known);
  });

  it('hold after a restore of what was before them, and those that were lifted since do not', () => {
    using folder = temporaryFolder();
    const file = (name: string) => join(folder.path, name);
    using before = open(folder.path);
    const lifted = before.bans.add(network('198.51.100.1'), anna);
    before.store.read((database) => database.exec(`VACUUM INTO '${file('backup.db')}'`));
    const later = before.bans.add(guest, anna);
    before.bans.lift(lifted.id, anna);
    before.store.close();
    for (const name of ['state.db', 'state.db-wal', 'state.db-shm']) rmSync(file(name), { force: true });
    copyFileSync(file('backup.db'), file('state.db'));
    using after = open(folder.path);
    expect(after.bans.list()).toEqual([later]);
    expect(after.bans.find(comer({ guest: his }))).toEqual(later);
  });

  it('hold while the state cannot be read, by what stands beside it, and no new one is made', () => {
    using folder = temporaryFolder();
    using before = open(folder.path);
    const { id } = before.bans.add(network('192.0.2.4'), anna);
    const known = before.bans.add(guest, anna);
    before.store.close();
    const unreadable = () => {
      throw new Error('no state');
    };
    const store = { folder: folder.path, read: unreadable, change: unreadable, rememberBans() {} };
    const bans = Bans.create({ store, clock: new VirtualClock(), log: silentLog });
    expect(bans.find(comer())).toMatchObject({ id });
    expect(bans.find(comer({ address: '', guest: his }))).toEqual(known);
    expect(() => bans.add(browser, anna)).toThrow('no state');
    expect(bans.list()).toHaveLength(2);
  });
});
