import { mkdirSync, readFileSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../../src/contract/clock.ts';
import { StreamKeys } from '../../../../src/daemon/publishers/keys/stream-keys.ts';
import { openState, temporaryFolder } from '../../../helpers/state.ts';
import { VirtualClock } from '../../../helpers/virtual-clock.ts';

const hour = 3_600_000;

/** Keys in a folder of their own, and the clock that they go by. */
function openKeys(path: string) {
  const clock = { now: Date.UTC(2026, 0, 1), monotonic: 0 };
  const store = openState(path);
  const times = { nowMs: () => clock.monotonic, wallMs: () => clock.now };
  const keys = StreamKeys.create(store, { ...systemClock, ...times });
  return { keys, store, clock, [Symbol.dispose]: () => store.close() };
}

describe('StreamKeys', () => {
  it('finds the key of a secret, in its own room alone', () => {
    using folder = temporaryFolder();
    using opened = openKeys(folder.path);
    const { key, secret } = opened.keys.create({ room: 'lobby', expiresMs: null });
    expect(opened.keys.find('lobby', secret)).toMatchObject({ id: key.id, name: 'cam1', room: 'lobby' });
    expect(() => opened.keys.find('hall', secret)).toThrow(
      expect.objectContaining({
        code: 'KEY_UNKNOWN',
        message: 'expected a stream key of room hall: it is cam1 of room lobby',
      }),
    );
    expect(() => opened.keys.find('lobby', '')).toThrow(
      'expected a stream key of room lobby: it came without a stream key',
    );
    expect(() => opened.keys.find('lobby', `${secret}x`)).toThrow(
      expect.objectContaining({ code: 'KEY_UNKNOWN' }),
    );
  });

  it('makes secrets that OBS, addresses and node-media-server take', () => {
    using folder = temporaryFolder();
    using opened = openKeys(folder.path);
    const secrets = Array.from({ length: 50 }, () =>
      opened.keys.create({ room: 'lobby', expiresMs: null }),
    ).map(({ secret }) => secret);
    for (const secret of secrets) expect(secret).toMatch(/^mlk_[a-z2-7]{32}$/);
    expect(new Set(secrets).size).toBe(50);
  });

  it('keeps no secret on the disk', () => {
    using folder = temporaryFolder();
    using opened = openKeys(folder.path);
    const { secret } = opened.keys.create({ room: 'lobby', expiresMs: null });
    opened.keys.rotate(opened.keys.list({ revoked: false })[0]?.id ?? '', undefined);
    for (const file of ['state.db', 'state.db-wal'])
      expect(readFileSync(join(folder.path, file)).includes(secret.slice(4)), file).toBe(false);
  });

  it('names keys cam1, cam2 … by what is free, and refuses a name twice in a room', () => {
    using folder = temporaryFolder();
    using opened = openKeys(folder.path);
    const create = (room: string, name?: string) => opened.keys.create({ room, name, expiresMs: null }).key;
    const first = create('lobby');
    expect([first.name, create('lobby').name, create('hall').name]).toEqual(['cam1', 'cam2', 'cam1']);
    expect(() => create('lobby', 'cam2')).toThrow(expect.objectContaining({ code: 'KEY_EXISTS' }));
    opened.keys.revoke(first.id);
    expect(create('lobby').name).toBe('cam1');
  });

  it('lists them without secrets, revoked ones only where asked for', () => {
    using folder = temporaryFolder();
    using opened = openKeys(folder.path);
    const { key } = opened.keys.create({ room: 'lobby', expiresMs: 8 * hour });
    opened.keys.create({ room: 'hall', expiresMs: null });
    expect(opened.keys.list({ room: 'lobby', revoked: false })).toEqual([
      {
        id: key.id,
        room: 'lobby',
        name: 'cam1',
        state: 'valid',
        createdAt: '2026-01-01T00:00:00.000Z',
        expiresAt: '2026-01-01T08:00:00.000Z',
        lastUsedAt: null,
      },
    ]);
    opened.keys.revoke(key.id);
    expect(opened.keys.list({ revoked: false }).map(({ room }) => room)).toEqual(['hall']);
    expect(opened.keys.list({ revoked: true }).map(({ state }) => state)).toEqual(['revoked', 'valid']);
  });

  it('refuses an expired key, until it is rotated with another time', () => {
    using folder = temporaryFolder();
    using opened = openKeys(folder.path);
    const { key, secret } = opened.keys.create({ room: 'lobby', expiresMs: hour });
    opened.clock.now += hour;
    expect(() => opened.keys.find('lobby', secret)).toThrow(expect.objectContaining({ code: 'KEY_EXPIRED' }));
    expect(() => opened.keys.rotate(key.id, undefined)).toThrow(
      expect.objectContaining({
        code: 'KEY_EXPIRED',
        hint: `Give it another secret and another time: mirolive keys rotate ${key.id} --expires 8h`,
      }),
    );
    const rotated = opened.keys.rotate(key.id, hour);
    expect(opened.keys.find('lobby', rotated.secret).id).toBe(key.id);
  });

  it('tells revoked and rotated secrets from strange ones', () => {
    using folder = temporaryFolder();
    using opened = openKeys(folder.path);
    const old = opened.keys.create({ room: 'lobby', expiresMs: null });
    const fresh = opened.keys.rotate(old.key.id, undefined);
    expect(fresh.key).toEqual(old.key);
    expect(() => opened.keys.find('lobby', old.secret)).toThrow(
      expect.objectContaining({
        code: 'KEY_REVOKED',
        message: 'stream key cam1 of room lobby has another secret now',
      }),
    );
    opened.keys.revoke(old.key.id);
    expect(() => opened.keys.find('lobby', fresh.secret)).toThrow(
      expect.objectContaining({ code: 'KEY_REVOKED' }),
    );
    expect(() => opened.keys.revoke(old.key.id)).toThrow(`stream key ${old.key.id} is revoked already`);
    expect(() => opened.keys.rotate('k-aaaaaaaaaa', undefined)).toThrow(
      expect.objectContaining({ code: 'KEY_NOT_FOUND' }),
    );
  });

  it('says which key is void, once that is written', () => {
    using folder = temporaryFolder();
    using opened = openKeys(folder.path);
    const heard: unknown[] = [];
    opened.keys.on('void', (...what) => heard.push(what));
    const { key } = opened.keys.create({ room: 'lobby', expiresMs: null });
    opened.keys.rotate(key.id, undefined);
    opened.keys.revoke(key.id);
    expect(heard).toEqual([
      [key.id, 'rotated'],
      [key.id, 'revoked'],
    ]);
  });

  it('remembers everything after a restart, and who did what', () => {
    using folder = temporaryFolder();
    using first = openKeys(folder.path);
    const { key, secret } = first.keys.create({ room: 'lobby', name: 'stage', expiresMs: null });
    first.keys.used(key.id);
    first.keys.close();
    first.store.close();
    using second = openKeys(folder.path);
    expect(second.keys.find('lobby', secret)).toMatchObject({ name: 'stage', lastUsedAt: first.clock.now });
    const deeds = second.store.read((database) => database.prepare('SELECT who, what FROM audit').all());
    expect(deeds).toEqual([{ who: 'socket', what: 'createKey' }]);
  });

  it('writes that keys are used once for all uses of a while, and not into the audit log', async () => {
    using folder = temporaryFolder();
    using store = openState(folder.path);
    const clock = new VirtualClock();
    using keys = StreamKeys.create(store, clock);
    const { key } = keys.create({ room: 'lobby', expiresMs: null });
    const written = () =>
      store.read((database) => ({
        ...database
          .prepare('SELECT last_used_at AS at, (SELECT count(*) FROM audit) AS deeds FROM stream_keys')
          .get(),
      }));
    const notes = vi.spyOn(store, 'note');
    for (let publish = 0; publish < 1000; publish++) keys.used(key.id);
    expect(written()).toEqual({ at: null, deeds: 1 });
    await clock.pass(31_000);
    expect(written()).toEqual({ at: clock.wallMs() - 31_000, deeds: 1 });
    expect(notes).toHaveBeenCalledTimes(1);
    expect(clock.timers).toBe(0);
  });

  it('forgets keys that were revoked long ago', () => {
    using folder = temporaryFolder();
    using first = openKeys(folder.path);
    const { key } = first.keys.create({ room: 'lobby', expiresMs: null });
    first.keys.revoke(key.id);
    first.store.close();
    using store = openState(folder.path);
    const later = StreamKeys.create(store, {
      ...systemClock,
      wallMs: () => first.clock.now + 91 * 24 * hour,
    });
    expect(later.list({ revoked: true })).toEqual([]);
  });

  it('still knows its keys when the state fails, and changes nothing then', () => {
    using folder = temporaryFolder();
    using opened = openKeys(folder.path);
    const { key, secret } = opened.keys.create({ room: 'lobby', expiresMs: null });
    opened.store.close();
    opened.keys.used(key.id);
    expect(opened.keys.find('lobby', secret).id).toBe(key.id);
    expect(() => opened.keys.revoke(key.id)).toThrow();
    expect(opened.keys.find('lobby', secret).id).toBe(key.id);
  });

  it('makes nothing void by a revoke or a rotate that failed, not after a restart either', () => {
    using folder = temporaryFolder();
    using first = openKeys(folder.path);
    const { key, secret } = first.keys.create({ room: 'lobby', expiresMs: null });
    const gone = first.keys.create({ room: 'lobby', expiresMs: null });
    first.keys.rotate(gone.key.id, undefined);
    const remembered = () => readFileSync(join(folder.path, 'revoked'), 'utf8');
    const before = remembered();
    using other = new DatabaseSync(join(folder.path, 'state.db'));
    other.exec('BEGIN IMMEDIATE');
    expect(() => first.keys.revoke(key.id)).toThrow('database is locked');
    expect(() => first.keys.rotate(key.id, undefined)).toThrow('database is locked');
    other.exec('ROLLBACK');
    first.store.close();
    expect(remembered()).toBe(before);
    using second = openKeys(folder.path);
    expect(second.keys.find('lobby', secret).id).toBe(key.id);
    expect(remembered()).toBe(before);
  });

  it('changes what is void where that cannot be remembered beside the state, which it is at the next start', () => {
    using folder = temporaryFolder();
    using first = openKeys(folder.path);
    const made = first.keys.create({ room: 'lobby', expiresMs: null });
    const rotated = first.keys.rotate(made.key.id, undefined);
    const file = join(folder.path, 'revoked');
    const before = readFileSync(file, 'utf8');
    // Nothing can be renamed to the name of a folder.
    rmSync(file);
    mkdirSync(file);
    first.keys.revoke(made.key.id);
    expect(() => first.keys.find('lobby', rotated.secret)).toThrow('is revoked');
    first.store.close();
    rmdirSync(file);
    writeFileSync(file, before);
    using _second = openKeys(folder.path);
    expect(readFileSync(file, 'utf8').trim().split('\n')).toEqual([
      '# keys',
      expect.stringMatching(/^\d+ \S+$/),
      expect.stringMatching(/^\d+ \S+$/),
    ]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('reads them as soon as the state can be read again', () => {
    using folder = temporaryFolder();
    using first = openKeys(folder.path);
    const { secret } = first.keys.create({ room: 'lobby', expiresMs: null });
    using second = openKeys(folder.path);
    expect(() => second.keys.find('lobby', secret)).toThrow(
      expect.objectContaining({ code: 'STATE_UNAVAILABLE' }),
    );
    first.store.close();
    // A clock that was ahead is set back meanwhile.
    second.clock.now -= hour;
    second.clock.monotonic += 5000;
    expect(second.keys.find('lobby', secret).name).toBe('cam1');
  });
});
