import { copyFileSync, mkdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import type { CallInput } from '../../../src/contract/api.ts';
import type { Principal } from '../../../src/contract/principal.ts';
import { createGate } from '../../../src/daemon/access/gate.ts';
import { Tokens } from '../../../src/daemon/access/tokens.ts';
import { openState, temporaryFolder } from '../../helpers/state.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

const anna: Principal = { kind: 'socket', user: 'anna' };
const hour = 3_600_000;

/** Tokens in a folder of their own, and the clock that they go by. */
function opened(path?: string) {
  const folder = path === undefined ? temporaryFolder() : { path, [Symbol.dispose]: () => {} };
  const clock = new VirtualClock();
  const store = openState(folder.path);
  const tokens = Tokens.create(store, clock);
  const make = (how: Partial<CallInput<'createToken'>> = {}) =>
    tokens.create({ role: 'operator', rooms: null, expiresMs: null, ...how }, anna);
  return {
    ...{ path: folder.path, clock, store, tokens, make },
    [Symbol.dispose]() {
      tokens.close();
      store.close();
      folder[Symbol.dispose]();
    },
  };
}

test('a token is found by its secret, with what its bearer may, after a restart too', () => {
  using first = opened();
  const { secret, token } = first.make({ role: 'read', rooms: ['lobby'], name: 'anna' });
  expect(secret).toMatch(/^mlt_[a-z2-7]{52}$/);
  const principal = { kind: 'token', id: token.id, name: 'anna', role: 'read', rooms: ['lobby'] };
  expect(first.tokens.find(secret)).toEqual({ is: 'valid', principal });
  first.tokens.close();
  first.store.close();
  using second = opened(first.path);
  expect(second.tokens.find(secret)).toEqual({ is: 'valid', principal });
  expect(second.tokens.list({ revoked: false })).toEqual([
    { ...token, lastUsedAt: new Date(first.clock.wallMs()).toISOString() },
  ]);
});

test.each([
  ['forged', (secret: string) => `${secret.slice(0, -1)}${secret.endsWith('a') ? 'b' : 'a'}`],
  ['longer', (secret: string) => `${secret}a`],
  ['in other letters', (secret: string) => secret.toUpperCase()],
  ['empty', () => ''],
  ['the hash that is kept', (_: string, hash: string) => hash],
])('a secret that is %s is nobody', (_, changed) => {
  using one = opened();
  const { secret } = one.make();
  const { hash } = one.store.read((database) => database.prepare('SELECT hash FROM tokens').get()) ?? {};
  expect(one.tokens.find(changed(secret, String(hash)))).toEqual({ is: 'unknown' });
});

test('no secret is on the disk', () => {
  using one = opened();
  const { secret, token } = one.make();
  one.tokens.revoke(token.id, anna);
  for (const file of ['state.db', 'state.db-wal', 'revoked'])
    expect(readFileSync(join(one.path, file)).includes(secret.slice(4)), file).toBe(false);
});

test('a token is void when its time is over, and at once when it is revoked; whoever listens hears it once', async () => {
  using one = opened();
  const heard: string[] = [];
  const short = one.make({ expiresMs: hour, name: 'short' });
  const long = one.make({ name: 'long' });
  one.tokens.onVoid(short.token.id, () => heard.push('short'));
  one.tokens.onVoid(long.token.id, () => heard.push('long'));
  const stop = one.tokens.onVoid(long.token.id, () => heard.push('nobody'));
  stop();
  await one.clock.pass(hour - 1);
  expect([one.tokens.find(short.secret).is, heard]).toEqual(['valid', []]);
  await one.clock.pass(1);
  expect([one.tokens.find(short.secret), heard]).toEqual([
    { is: 'expired', id: short.token.id, name: 'short' },
    ['short'],
  ]);
  one.tokens.revoke(long.token.id, anna);
  expect([one.tokens.find(long.secret).is, heard]).toEqual(['revoked', ['short', 'long']]);
  one.tokens.onVoid(long.token.id, () => heard.push('late'));
  expect(heard).toEqual(['short', 'long', 'late']);
  expect(() => one.tokens.revoke(long.token.id, anna)).toThrow(
    expect.objectContaining({
      code: 'TOKEN_NOT_FOUND',
      message: `token ${long.token.id} is revoked already`,
    }),
  );
  one.tokens.close();
  expect(one.clock.timers).toBe(0);
});

test('a clock that is put on is noticed within a minute by what is open', async () => {
  using one = opened();
  const { token } = one.make({ expiresMs: hour });
  const heard: string[] = [];
  one.tokens.onVoid(token.id, () => heard.push('void'));
  one.clock.putWall(2 * hour);
  await one.clock.pass(60_000);
  expect(heard).toEqual(['void']);
});

test('names are of one token each, until it is revoked', () => {
  using one = opened();
  const names = ['operator1', 'operator2'];
  expect([one.make().token.name, one.make().token.name]).toEqual(names);
  const { token } = one.make({ name: 'anna' });
  expect(() => one.make({ name: 'anna' })).toThrow(expect.objectContaining({ code: 'TOKEN_EXISTS' }));
  one.tokens.revoke(token.id, anna);
  expect(one.make({ name: 'anna' }).token.id).not.toBe(token.id);
});

test('an older state brings no token back that was revoked since', () => {
  using one = opened();
  const { secret, token } = one.make();
  one.store.read((database) => database.exec('PRAGMA wal_checkpoint(TRUNCATE)'));
  copyFileSync(join(one.path, 'state.db'), join(one.path, 'older.db'));
  one.tokens.revoke(token.id, anna);
  one.tokens.close();
  one.store.close();
  for (const log of ['state.db-wal', 'state.db-shm']) rmSync(join(one.path, log), { force: true });
  copyFileSync(join(one.path, 'older.db'), join(one.path, 'state.db'));
  using older = new DatabaseSync(join(one.path, 'older.db'));
  expect(older.prepare('SELECT revoked_at FROM tokens').all()).toEqual([{ revoked_at: null }]);
  using again = opened(one.path);
  expect(again.tokens.find(secret).is).toBe('revoked');
});

test('nobody comes in by a state that cannot be read, until it can', async () => {
  using folder = temporaryFolder();
  mkdirSync(join(folder.path, 'state.db'));
  using one = opened(folder.path);
  expect(() => one.tokens.find('mlt_x')).toThrow(expect.objectContaining({ code: 'STATE_UNAVAILABLE' }));
  rmdirSync(join(folder.path, 'state.db'));
  await one.clock.pass(2000);
  expect(one.tokens.find('mlt_x')).toEqual({ is: 'unknown' });
});

test('what is made and revoked is a deed of who did it, without the secret', () => {
  using one = opened();
  const { token, secret } = one.make({ name: 'anna', rooms: ['lobby'] });
  one.tokens.revoke(token.id, {
    kind: 'token',
    id: 't-aaaaaaaaaa',
    name: 'root',
    role: 'admin',
    rooms: null,
  });
  const deeds = one.store.read((database) =>
    database.prepare('SELECT who, what, subject, details FROM audit').all(),
  );
  expect(deeds).toMatchObject([
    { who: 'socket', what: 'createToken', subject: token.id },
    { who: 'token', what: 'revokeToken', subject: token.id },
  ]);
  expect(JSON.stringify(deeds)).toContain('lobby');
  expect(JSON.stringify(deeds)).not.toContain(secret.slice(4));
});

test('who was let in with a token, and what was made with it, is so for as long as that is valid', async () => {
  using one = opened();
  const { token } = one.make({ expiresMs: hour });
  const gate = createGate({ tokens: one.tokens, roots: () => [], things: {} });
  const { kind, ...bearer } = { kind: 'token' as const, ...token };
  const maker: Principal = { kind, id: bearer.id, name: bearer.name, role: 'operator', rooms: null };
  const run: Principal = { kind: 'schedule', name: 'morning', maker };
  expect(() => gate.check(run)).not.toThrow();
  await one.clock.pass(hour);
  for (const caller of [maker, run])
    expect(() => gate.check(caller)).toThrow(
      expect.objectContaining({
        code: 'NOT_ALLOWED',
        message: `expected a token that is valid, got ${token.id}, which is expired`,
      }),
    );
  expect(() =>
    gate.check({ kind: 'schedule', name: 'morning', maker: { ...maker, id: 't-zzzzzzzzzz' } }),
  ).toThrow('which is unknown');
});
