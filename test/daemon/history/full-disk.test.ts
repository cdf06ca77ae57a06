import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import type { EventPage, EventRow } from '../../../src/daemon/history/event-table.ts';
import { HistoryFile } from '../../../src/daemon/history/history-file.ts';
import { tables } from '../../../src/daemon/history/tables.ts';
import { usualLimits } from '../../helpers/history.ts';
import { temporaryFolder } from '../../helpers/state.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

const query = {
  ...{ sinceMs: 0, types: null, shelves: ['wrong'], whole: ['wrong'], room: null, after: 0, upTo: null },
};
const entry = (text: string) => ({
  table: 'events' as const,
  row: { atMs: 1000, type: 'worker.died', room: null, shelf: 'wrong' as const, personal: false, text },
});

/** A file on a disk that takes so many events at once, and no more. */
function openOn(folder: string) {
  const time = new VirtualClock(1000, 1000);
  const disk = { takes: Infinity, isReadable: true };
  const write = (database: DatabaseSync, rows: readonly EventRow[], limits: typeof usualLimits) => {
    tables.events.write(database, rows, limits);
    if (database.location() === null) return;
    const { count } = database.prepare('SELECT count(*) AS count FROM events').get() as { count: number };
    if (count > disk.takes) throw Object.assign(new Error('database or disk is full'), { errcode: 13 });
  };
  const readEvents: typeof tables.events.read = (database, asked) => {
    if (!disk.isReadable) throw Object.assign(new Error('disk image is malformed'), { errcode: 11 });
    return tables.events.read(database, asked);
  };
  const path = join(folder, 'history.db');
  const events = { ...tables.events, write, read: readEvents };
  const file = new HistoryFile(path, { ...tables, events }, time);
  const give = (text: string, lostMs: number | null = null) => file.write([entry(text)], lostMs, usualLimits);
  const read = (part = 0) => file.read('events', query, part) as EventPage | null;
  return { file, time, disk, give, read, [Symbol.dispose]: () => file.close() };
}

test('HistoryFile brings back what it held once and in its order, however often the disk is full', async () => {
  using folder = temporaryFolder();
  using on = openOn(folder.path);
  on.give('1');
  on.disk.takes = 1;
  on.give('2');
  // What is there is told, and what is held.
  expect([0, 1, 2].map((part) => on.read(part)?.texts)).toEqual([['1'], ['2'], undefined]);
  await on.time.pass(1000);
  on.give('3');
  // The last one alone would go.
  on.disk.takes = 2;
  await on.time.pass(120_000);
  on.give('4');
  expect(on.file.trouble).toMatchObject({ failures: 3 });
  on.disk.takes = Infinity;
  await on.time.pass(600_000);
  on.give('5');
  expect(on.file.trouble).toBeNull();
  expect(on.read()?.texts).toEqual(['1', '2', '3', '4', '5']);
});

test('HistoryFile says what was lost while the disk was full, by it and by who gives', async () => {
  using folder = temporaryFolder();
  using on = openOn(folder.path);
  on.give('1');
  on.disk.takes = 0;
  on.give('2', 1500);
  on.disk.takes = Infinity;
  await on.time.pass(600_000);
  on.give('3');
  expect(on.read()).toMatchObject({ texts: ['1', '2', '3'], completeMs: 1501 });
  on.disk.takes = 0;
  const large = 'x'.repeat(3 * 1024 * 1024);
  const firstMs = on.time.wallMs();
  on.give(large);
  await on.time.pass(600_000);
  on.give(`${large}!`);
  on.disk.takes = Infinity;
  await on.time.pass(1_200_000);
  on.give('4');
  expect(on.read()).toMatchObject({ texts: ['1', '2', '3', `${large}!`, '4'], completeMs: firstMs + 1 });
});

test('HistoryFile sets a file aside that is found damaged by who reads it', () => {
  using folder = temporaryFolder();
  using on = openOn(folder.path);
  on.give('1');
  on.disk.isReadable = false;
  expect(() => on.read()).toThrow('malformed');
  expect(on.file.takeSetAside()).toMatchObject({ reason: 'disk image is malformed' });
  on.disk.isReadable = true;
  on.give('2');
  expect(on.read()?.texts).toEqual(['2']);
});

test('HistoryFile has nothing of the file to tell, where that is asked for alone, until it can be read', async () => {
  using folder = temporaryFolder();
  const time = new VirtualClock(1000, 1000);
  const inTheWay = join(folder.path, 'folder');
  writeFileSync(inTheWay, '');
  const file = new HistoryFile(join(inTheWay, 'history.db'), tables, time);
  const visit = { id: 'v-one', room: 'lobby', browser: 'u-one' };
  const row = { minutes: [], came: [visit], ended: [] };
  file.write([{ table: 'audience', row }], null, usualLimits);
  const asked = { is: 'visits', untilMinute: 1 };
  expect(file.read('audience', asked, 0)).toMatchObject({ visits: [visit] });
  expect(file.read('audience', asked, 'file')).toBeNull();
  rmSync(inTheWay);
  await time.pass(60_000);
  expect(file.read('audience', asked, 'file')).toMatchObject({ visits: [visit] });
  file.close();
});
