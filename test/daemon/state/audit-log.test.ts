import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { AuditLog } from '../../../src/daemon/state/audit-log.ts';
import { migrate } from '../../../src/daemon/state/migrations.ts';

const day = 86_400_000;
const byPeople = { who: 'socket', what: 'key.created', subject: 'k-1' } as const;
const byDaemon = { who: 'daemon', what: 'room.recovered', subject: 'lobby' } as const;

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
});
