import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { AuditLog, type AuditQuery, readAudit } from '../../../src/daemon/state/audit-log.ts';
import { migrate } from '../../../src/daemon/state/migrations.ts';

const day = 86_400_000;
const byPeople = { who: { kind: 'socket', user: 'anna' }, what: 'createKey', subject: 'k-1' } as const;
const byDaemon = { who: { kind: 'daemon' }, what: 'room.recovered', subject: 'lobby' } as const;

function opened() {
  const database = new DatabaseSync(':memory:');
  migrate(database);
  const time = { ms: Date.UTC(2026, 0, 1) };
  const log = new AuditLog(() => time.ms);
  const count = (who: string) =>
    (database.prepare('SELECT count(*) AS n FROM audit WHERE who = ?').get(who) as { n: number }).n;
  return { database, log, time, count };
}

describe('AuditLog', () => {
  it('keeps the deeds of people, whatever the daemon does', () => {
    const { database, log, count } = opened();
    log.write(database, byPeople);
    database.exec('BEGIN');
    for (let deed = 0; deed < 12_000; deed++) log.write(database, byDaemon);
    database.exec('COMMIT');
    expect(count('socket')).toBe(1);
    expect(count('daemon')).toBeLessThanOrEqual(10_500);
  });

  it('keeps what was done by tokens, whatever is refused to one', () => {
    const { database, log, count } = opened();
    const bearer = { kind: 'token', id: 't-aaaaaaaaaa', name: 'bert', role: 'read', rooms: null } as const;
    log.write(database, { who: bearer, what: 'stopRoom', subject: 'lobby' });
    database.exec('BEGIN');
    for (let deed = 0; deed < 12_000; deed++)
      log.write(database, { who: bearer, what: 'reload', subject: '', result: 'NOT_ALLOWED' });
    database.exec('COMMIT');
    expect(count('token')).toBeLessThanOrEqual(10_501);
    expect(readAudit(database, { sinceMs: 0, after: 0, limit: 1 }).map(({ what }) => what)).toEqual([
      'stopRoom',
    ]);
  });

  it('keeps what others have done by tokens, whatever one of them does', () => {
    const { database, log, count } = opened();
    const bearer = (id: string) => ({ kind: 'token', id, name: id, role: 'operator', rooms: null }) as const;
    log.write(database, { who: bearer('t-aaaaaaaaaa'), what: 'stopRoom', subject: 'lobby' });
    database.exec(
      `INSERT INTO audit (at, who, what, subject, details) SELECT ${Date.UTC(2026, 0, 1)}, 'token', 'announce', '', '{"by":{"kind":"token","id":"t-bbbbbbbbbb"}}'
       FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120000) SELECT i FROM n)`,
    );
    for (let deed = 0; deed < 500; deed++)
      log.write(database, { who: bearer('t-bbbbbbbbbb'), what: 'announce', subject: 'hall' });
    expect(count('token')).toBeLessThanOrEqual(100_500);
    expect(readAudit(database, { sinceMs: 0, after: 0, limit: 1 }).map(({ what }) => what)).toEqual([
      'stopRoom',
    ]);
  });

  it('forgets what is old, while it goes', () => {
    const { database, log, time, count } = opened();
    log.write(database, byPeople);
    log.write(database, byDaemon);
    const pass = (days: number) => {
      time.ms += days * day;
      for (let deed = 0; deed < 500; deed++) log.write(database, byPeople);
    };
    pass(31);
    expect([count('socket'), count('daemon')]).toEqual([501, 0]);
    pass(400);
    expect(count('socket')).toBeLessThan(1001);
  });

  it('forgets nothing by a clock that is years ahead when the daemon starts', () => {
    const { database, log, time, count } = opened();
    log.write(database, byPeople);
    const started = (ms: number) => new AuditLog(() => ms).write(database, byPeople);
    started(time.ms + 3650 * day);
    started(time.ms + day);
    expect(count('socket')).toBe(3);
  });

  it('gives them in order, by room, moment and page, those of an older version too', () => {
    const { database, log, time } = opened();
    const start = time.ms;
    database.exec(
      `INSERT INTO audit (at, who, what, subject, details) VALUES (${start - 1}, 'socket', 'key.created', 'k-0', '{}')`,
    );
    log.write(database, { ...byPeople, room: 'lobby', details: { name: 'cam1' } });
    log.write(database, { ...byPeople, subject: 'k-2', room: 'hall', result: 'KEY_EXISTS' });
    log.write(database, { ...byDaemon, atMs: start + 5 });
    const late = { ...byDaemon, room: 'den', atMs: start + 1 };
    log.write(database, { ...late, atMs: start + 3 });
    log.write(database, late);
    const ids = (query: Partial<AuditQuery>) =>
      readAudit(database, { sinceMs: 0, after: 0, limit: 10, ...query }).map(({ id }) => id);
    expect(ids({})).toEqual([1, 2, 3, 6, 5, 4]);
    expect(ids({ limit: 2 })).toEqual([1, 2]);
    expect(ids({ after: 2, limit: 2 })).toEqual([3, 4]);
    expect(ids({ room: 'den' })).toEqual([6, 5]);
    expect(ids({ room: 'hall' })).toEqual([3]);
    expect(ids({ sinceMs: start + 2 })).toEqual([5, 4]);
    const [old, first] = readAudit(database, { sinceMs: 0, after: 0, limit: 2 });
    expect(old).toMatchObject({ who: { kind: 'socket', user: null }, room: null, result: 'ok', details: {} });
    expect(first).toEqual({
      ...{ id: 2, at: new Date(start).toISOString(), who: { kind: 'socket', user: 'anna' } },
      ...{ what: 'createKey', subject: 'k-1', room: 'lobby', result: 'ok', details: { name: 'cam1' } },
    });
  });
});
