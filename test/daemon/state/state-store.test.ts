import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { MiroliveError } from '../../../src/contract/errors.ts';
import { migrate, stateVersion } from '../../../src/daemon/state/migrations.ts';
import { backupsIn, forgetLost, lookAt, makeBackup } from '../../../src/daemon/state/state-files.ts';
import { openState, temporaryFolder } from '../../helpers/state.ts';

const deed = { who: { kind: 'socket', user: 'anna' }, what: 'createKey', subject: 'k-1' } as const;
const count = (database: DatabaseSync) =>
  (database.prepare('SELECT count(*) AS n FROM audit').get() as { n: number }).n;

function thrownBy(act: () => unknown): MiroliveError {
  try {
    act();
  } catch (error) {
    if (error instanceof MiroliveError) return error;
  }
  throw new Error('expected a MiroliveError');
}

function removeIn(folder: string, names: RegExp): void {
  for (const name of readdirSync(folder))
    if (names.test(name)) rmSync(join(folder, name), { recursive: true });
}

describe('StateStore', () => {
  it('keeps what was changed, with who did what and when', () => {
    using folder = temporaryFolder();
    using first = openState(folder.path);
    const before = Date.now();
    first.change({ ...deed, details: { room: 'lobby' } }, () => {});
    first.close();
    using second = openState(folder.path);
    const [row] = second.read((database) => database.prepare('SELECT * FROM audit').all());
    expect(row).toEqual({
      ...{ id: 1, at: expect.any(Number), ...deed, who: 'socket', room: null, result: 'ok' },
      details: '{"room":"lobby","by":{"kind":"socket","user":"anna"}}',
    });
    expect(row?.at).toBeGreaterThanOrEqual(before);
  });

  it('takes a change back as a whole when it fails', () => {
    using folder = temporaryFolder();
    using store = openState(folder.path);
    const failing = () =>
      store.change(deed, (database) => {
        database.exec(
          "INSERT INTO audit (id, at, who, what, subject, details) VALUES (7, 0, '', '', '', '')",
        );
        throw new MiroliveError('KEY_EXISTS', 'no');
      });
    expect(failing).toThrow('no');
    expect(store.read(count)).toBe(0);
    expect(store.problem).toBeNull();
  });

  it('is readable by its owner alone', () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'state');
    using store = openState(path);
    store.change(deed, () => {});
    expect(statSync(path).mode & 0o777).toBe(0o700);
    for (const file of ['state.db', 'state.db-wal', 'state.lock'])
      expect(statSync(join(path, file)).mode & 0o777, file).toBe(0o600);
  });

  it('can be read by another program while it is open', () => {
    using folder = temporaryFolder();
    using store = openState(folder.path);
    store.change(deed, () => {});
    using other = new DatabaseSync(join(folder.path, 'state.db'), { readOnly: true });
    expect(count(other)).toBe(1);
  });

  it('is not shared by two daemons; the second has it once the first is gone', () => {
    using folder = temporaryFolder();
    using first = openState(folder.path);
    using second = openState(folder.path);
    const error = thrownBy(() => second.read(count));
    expect(error.code).toBe('STATE_UNAVAILABLE');
    expect(error.message).toContain(
      `another daemon (pid ${process.pid}, ${folder.path}/control.sock) holds the state`,
    );
    expect(second.problem).toBe(error.message);
    first.close();
    expect(second.read(count)).toBe(0);
    expect(second.problem).toBeNull();
  });

  it.each([
    [
      'is no database',
      () => Buffer.from('this is no database, but long enough to be taken for one'.repeat(100)),
    ],
    ['has a page that is none', (bytes: Buffer) => bytes.fill(0xff, 4096)],
    ['is cut short', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    ['is empty', () => Buffer.alloc(0)],
  ])('sets aside at the start what %s, and says how it comes back', (_, damage) => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'state.db');
    using store = openState(folder.path);
    for (let index = 0; index < 200; index++) store.change(deed, () => {});
    const backup = makeBackup(folder.path, Date.UTC(2026, 10, 29));
    store.close();
    const damaged = damage(readFileSync(file));
    writeFileSync(file, damaged);
    const lines: Record<string, unknown>[] = [];
    using again = openState(folder.path, pino({}, { write: (line: string) => lines.push(JSON.parse(line)) }));
    expect(again.read(count)).toBe(0);
    expect(again.problem).toBeNull();
    const [, aside = ''] =
      /^the state was damaged, and is set aside as (.*\/state\.db\.damaged-.*)$/.exec(again.lost ?? '') ?? [];
    expect(readFileSync(aside)).toEqual(damaged);
    const [{ msg, hint } = {}] = lines;
    expect(msg).toMatch(new RegExp(`^${again.lost}: .`));
    expect(hint).toBe(
      `end the daemon, and restore the last good backup: mirolive state restore ${backup} --yes`,
    );
    again.close();
    // It is said until somebody decides.
    using third = openState(folder.path);
    expect(third.lost).not.toBeNull();
    expect(readdirSync(folder.path).filter((name) => name.includes('damaged'))).toHaveLength(1);
  });

  it.each([
    ['is gone, where there is a backup of it', (folder: string) => makeBackup(folder, 0)],
    [
      'is gone, where secrets are void by it',
      (folder: string) => writeFileSync(join(folder, 'revoked'), '1 h1\n'),
    ],
  ])('says at the start that the state %s, until that is accepted', (_, leave) => {
    using folder = temporaryFolder();
    using store = openState(folder.path);
    leave(folder.path);
    store.close();
    rmSync(store.file);
    using again = openState(folder.path);
    expect([again.read(count), again.problem, again.lost]).toEqual([0, null, 'the state is gone']);
    forgetLost(folder.path);
    again.close();
    using third = openState(folder.path);
    expect(third.lost).toBeNull();
  });

  it('takes an empty folder for a new state', () => {
    using folder = temporaryFolder();
    using store = openState(folder.path);
    expect([store.read(count), store.lost]).toEqual([0, null]);
    expect(readdirSync(folder.path).filter((name) => /\.(?:new|lost)$/.test(name))).toEqual([]);
  });

  it('notices damage in the midst of its life', () => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'state.db');
    using store = openState(folder.path);
    for (let index = 0; index < 200; index++) store.change(deed, () => {});
    store.read((database) => database.exec('PRAGMA wal_checkpoint(TRUNCATE)'));
    store.read((database) => database.exec('PRAGMA cache_size = 0; PRAGMA shrink_memory'));
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.fill(0xff, 4096));
    const error = thrownBy(() => store.read(count));
    expect(error.message).toMatch(/^the state is damaged: /);
    expect(error.hint).toBe(
      'Start the daemon again, which sets it aside; then make the stream keys anew: there is no backup of it',
    );
  });

  it('says what is damaged until that can be used, whatever else can', () => {
    using folder = temporaryFolder();
    using store = openState(folder.path);
    for (let index = 0; index < 200; index++) store.change(deed, () => {});
    store.read((database) => database.exec('PRAGMA wal_checkpoint(TRUNCATE)'));
    const root = store.read((database) =>
      database.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'audit'").get(),
    );
    const whole = readFileSync(store.file);
    const hurt = Buffer.from(whole).fill(
      0xff,
      (Number(root?.rootpage) - 1) * 4096,
      Number(root?.rootpage) * 4096,
    );
    const putIn = (bytes: Buffer) => {
      store.read((database) => database.exec('PRAGMA cache_size = 0; PRAGMA shrink_memory'));
      writeFileSync(store.file, bytes);
    };
    putIn(hurt);
    const error = thrownBy(() => store.change(deed, () => {}));
    expect(error.message).toMatch(/^the state is damaged: /);
    store.note((database) => database.exec('DELETE FROM loudness'));
    expect(store.read((database) => database.prepare('SELECT * FROM rooms').all())).toEqual([]);
    store.retry();
    store.retry();
    expect([store.problem, store.failures]).toEqual([error.message, 3]);
    store.read((database) => database.exec('PRAGMA wal_checkpoint(TRUNCATE)'));
    putIn(whole);
    store.retry();
    expect(store.problem).toBeNull();
    expect(store.read(count)).toBe(200);
  });

  it.each([
    ['was removed', (folder: string) => removeIn(folder, /^state\.db/)],
    ['was removed, with all that is beside it', (folder: string) => removeIn(folder, /./)],
    ['was removed without its log', (folder: string) => removeIn(folder, /^state\.db$/)],
    [
      'has another in its place',
      (folder: string) => {
        writeFileSync(join(folder, 'other'), 'another');
        renameSync(join(folder, 'other'), join(folder, 'state.db'));
      },
    ],
  ])('puts back, with all that was written, the state that %s while it is in use', (_, act) => {
    using folder = temporaryFolder();
    const lines: Record<string, unknown>[] = [];
    const log = pino({}, { write: (line: string) => lines.push(JSON.parse(line)) });
    using store = openState(folder.path, log);
    store.change(deed, () => {});
    act(folder.path);
    store.change(deed, () => {});
    store.retry();
    store.retry();
    expect(lines.map(({ msg }) => msg)).toEqual([
      expect.stringMatching(/^the state was removed while it is in use, and is put back/),
    ]);
    store.change(deed, () => {});
    expect([store.problem, store.lost, store.read(count)]).toEqual([null, null, 3]);
    using other = openState(folder.path);
    expect(other.problem).toContain('holds the state');
    store.close();
    expect(other.read(count)).toBe(3);
    const aside = readdirSync(folder.path).filter((name) => name.includes('not-in-use'));
    expect(aside.map((name) => readFileSync(join(folder.path, name), 'utf8'))).toEqual(
      _.startsWith('has') ? ['another'] : [],
    );
  });

  it('says what is lost where the state is removed in the midst of its life and cannot be put back', () => {
    using folder = temporaryFolder();
    using store = openState(folder.path);
    removeIn(folder.path, /^state\.db/);
    // What fails closes it: nothing has it any more.
    thrownBy(() => store.read((database) => database.exec('SELECT * FROM nothing')));
    expect([store.read(count), store.lost]).toEqual([0, 'the state is gone']);
  });

  it('copies what it has once, however often it cannot be brought up to date', () => {
    using folder = temporaryFolder();
    using old = new DatabaseSync(join(folder.path, 'state.db'));
    old.exec('PRAGMA journal_mode = WAL');
    migrate(old, 3);
    old.exec('BEGIN IMMEDIATE');
    using store = openState(folder.path);
    const [backup] = backupsIn(folder.path);
    expect(backup?.file).toBe(join(folder.path, 'backups', 'state-of-version-3.db'));
    rmSync(backup?.file ?? '');
    store.retry();
    expect([store.problem === null, backupsIn(folder.path)]).toEqual([false, []]);
    old.exec('ROLLBACK');
    store.retry();
    expect(store.problem).toBeNull();
  });

  it('copies what it has before it is brought up to date', () => {
    using folder = temporaryFolder();
    const old = new DatabaseSync(join(folder.path, 'state.db'));
    migrate(old, 3);
    old.close();
    using store = openState(folder.path);
    expect(store.read(count)).toBe(0);
    const [backup] = backupsIn(folder.path);
    expect(backup?.file).toContain('of-version-3');
    expect(lookAt(backup?.file ?? '')).toMatchObject({ state: 'ok', version: 3 });
  });

  it('revokes again what was revoked, in a state that is older', () => {
    using folder = temporaryFolder();
    using store = openState(folder.path);
    store.change(deed, (database) =>
      database.exec(
        "INSERT INTO stream_keys (id, room, name, hash, created_at) VALUES ('k-1', 'lobby', 'a', 'h1', 1), ('k-2', 'lobby', 'b', 'h2', 1)",
      ),
    );
    writeFileSync(join(folder.path, 'revoked'), '1 h1\n');
    store.close();
    using again = openState(folder.path);
    const keys = again.read((database) =>
      database.prepare('SELECT id, revoked_at IS NULL AS valid FROM stream_keys ORDER BY id').all(),
    );
    expect(keys).toEqual([
      { id: 'k-1', valid: 0 },
      { id: 'k-2', valid: 1 },
    ]);
  });

  it('says that another program writes to it, and goes on when that is over', () => {
    using folder = temporaryFolder();
    using store = openState(folder.path);
    using other = new DatabaseSync(store.file);
    other.exec('BEGIN IMMEDIATE');
    const error = thrownBy(() => store.change(deed, () => {}));
    expect(error.message).toMatch(
      /^another program writes to the state, or a slow disk keeps .*: .*database is locked$/,
    );
    expect(error.hint).toMatch(/^Try again; .*: fuser -v .*, and end it unless it is the daemon$/);
    other.exec('ALTER TABLE audit RENAME TO mine; COMMIT');
    const changed = thrownBy(() => store.change(deed, () => {}));
    expect(changed.message).toMatch(
      /^another program writes to the state, and has changed its tables: .*no such table/,
    );
    expect(changed.hint).toMatch(/^See which, and end it: fuser -v .*; then make the stream keys anew/);
    store.retry();
    expect(store.problem).toBe(changed.message);
    other.exec('ALTER TABLE mine RENAME TO audit');
    store.change(deed, () => {});
    store.retry();
    expect([store.read(count), store.problem]).toEqual([1, null]);
  });

  it('says where there is no room, changes nothing, and writes again once there is', () => {
    using folder = temporaryFolder();
    using store = openState(folder.path);
    store.change(deed, (database) => database.exec('PRAGMA max_page_count = 12'));
    const large = { ...deed, details: { padding: 'x'.repeat(100_000) } };
    const error = thrownBy(() => store.change(large, () => {}));
    expect(error.message).toMatch(/^there is no room for the state: /);
    expect(error.hint).toBe(`Make some: df -h ${folder.path}`);
    expect(store.read(count)).toBe(1);
    expect([store.problem, store.failures]).toEqual([error.message, 1]);
    store.retry();
    expect(store.problem).toBe(null);
    store.change(large, () => {});
    expect(store.read(count)).toBe(2);
  });

  it('says so where a folder cannot be made', () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'file', 'state');
    writeFileSync(join(folder.path, 'file'), '');
    using store = openState(path);
    expect(thrownBy(() => store.read(count))).toMatchObject({ code: 'STATE_UNAVAILABLE' });
    expect(store.problem).toMatch(/^the state cannot be written: /);
  });

  it('says so where it may not write', () => {
    // Nobody may make a folder there, root neither.
    using store = openState('/sys/mirolive');
    expect(thrownBy(() => store.read(count))).toMatchObject({
      message: expect.stringMatching(/^the state cannot be written: /),
      hint: "Make the folder, for the daemon's user to write to: mkdir -p /sys/mirolive",
    });
  });

  it('leaves a state alone that a newer version made', () => {
    using folder = temporaryFolder();
    const file = join(folder.path, 'state.db');
    using newer = new DatabaseSync(file);
    newer.exec('PRAGMA user_version = 99');
    newer.close();
    using store = openState(folder.path);
    expect(store.problem).toBe(
      `expected a state of version ${stateVersion} or older, got 99, which a newer mirolive made`,
    );
  });

  it('notes what is no deed', () => {
    using folder = temporaryFolder();
    using store = openState(folder.path);
    store.note((database) => database.exec('CREATE TABLE noted (n INTEGER)'));
    expect(store.read(count)).toBe(0);
    const { synchronous } = store.read((database) => database.prepare('PRAGMA synchronous').get()) as {
      synchronous: number;
    };
    expect(synchronous).toBe(2);
  });

  it('survives a process that is killed in the midst of a change', () => {
    using folder = temporaryFolder();
    using store = openState(folder.path);
    store.change(deed, () => {});
    store.close();
    const script = `
      const { DatabaseSync } = require('node:sqlite');
      const database = new DatabaseSync(${JSON.stringify(join(folder.path, 'state.db'))});
      database.exec("BEGIN IMMEDIATE; INSERT INTO audit (id, at, who, what, subject, details) VALUES (9, 0, '', '', '', '')");
      process.kill(process.pid, 'SIGKILL');`;
    expect(() => execFileSync(process.execPath, ['-e', script], { stdio: 'ignore' })).toThrow();
    using again = openState(folder.path);
    expect(again.read(count)).toBe(1);
  });

  it('may be closed twice, and then takes no calls', () => {
    using folder = temporaryFolder();
    using store = openState(folder.path);
    store.close();
    store.close();
    expect(thrownBy(() => store.read(count)).code).toBe('SHUTTING_DOWN');
  });
});
