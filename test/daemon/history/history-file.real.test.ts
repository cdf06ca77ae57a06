import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import type { EventPage, EventRow } from '../../../src/daemon/history/event-table.ts';
import { HistoryFile } from '../../../src/daemon/history/history-file.ts';
import { tables } from '../../../src/daemon/history/tables.ts';
import { usualLimits } from '../../helpers/history.ts';
import { temporaryFolder } from '../../helpers/state.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

const clock = () => new VirtualClock(1000, 1000);
const entry = (text: string, more: Partial<EventRow> = {}) => ({
  table: 'events' as const,
  row: { atMs: 1000, type: 'worker.died', room: null, shelf: 'wrong', personal: false, text, ...more },
});
const query = {
  sinceMs: 0,
  types: null,
  shelves: ['wrong'],
  whole: ['wrong'],
  room: null,
  after: 0,
  upTo: null,
};

function openIn(folder: string, time = clock()) {
  const path = join(folder, 'state', 'history.db');
  const file = new HistoryFile(path, tables, time);
  const texts = (part = 0) => (file.read('events', query, part) as EventPage | null)?.texts;
  const write = (...lines: string[]) =>
    file.write(
      lines.map((text) => entry(text)),
      null,
      usualLimits,
    );
  return { file, path, texts, write, [Symbol.dispose]: () => file.close() };
}

test('HistoryFile keeps what it is given, its owner’s alone, over its end', () => {
  using folder = temporaryFolder();
  {
    using first = openIn(folder.path);
    first.write('1', '2');
    expect(statSync(first.path).mode & 0o777).toBe(0o600);
  }
  using second = openIn(folder.path);
  second.write('3');
  expect(second.texts()).toEqual(['1', '2', '3']);
});

test.each([
  ['is damaged', (path: string) => writeFileSync(path, 'not a database'.repeat(1000))],
  ['is of another version', (path: string) => new DatabaseSync(path).exec('PRAGMA user_version = 99')],
])('HistoryFile sets a file aside that %s, and begins anew; both are forgotten in time', (_, harm) => {
  using folder = temporaryFolder();
  const time = clock();
  {
    using before = openIn(folder.path);
    before.write('lost');
  }
  harm(join(folder.path, 'state', 'history.db'));
  using file = openIn(folder.path, time);
  file.write('1');
  expect(file.texts()).toEqual(['1']);
  const aside = file.file.takeSetAside();
  expect(aside?.file).toBe(`${file.path}.damaged`);
  expect([file.file.takeSetAside(), file.file.trouble]).toEqual([null, null]);
  file.file.tidy(usualLimits);
  expect(existsSync(aside?.file ?? '')).toBe(true);
  time.putWall(statSync(aside?.file ?? '').mtimeMs + 8 * 86_400_000);
  file.file.tidy(usualLimits);
  expect(existsSync(aside?.file ?? '')).toBe(false);
});

test('HistoryFile begins anew where the file was removed, and says that what was before is missing', () => {
  using folder = temporaryFolder();
  const time = clock();
  using file = openIn(folder.path, time);
  file.write('1');
  for (const end of ['', '-wal', '-shm']) rmSync(file.path + end);
  time.putWall(5000);
  file.write('2');
  expect(file.file.read('events', query, 0)).toMatchObject({ texts: ['2'], completeMs: 6000 });
});

test('HistoryFile holds what it cannot write, tells it, and writes it when it can', async () => {
  using folder = temporaryFolder();
  const time = clock();
  const place = join(folder.path, 'state');
  writeFileSync(place, 'in the way');
  using file = openIn(folder.path, time);
  file.write('1');
  file.write('2');
  expect(file.file.trouble).toMatchObject({ failures: 1, reason: expect.stringContaining(place) });
  expect([file.texts(0), file.texts(1)]).toEqual([['1', '2'], undefined]);
  rmSync(place);
  await time.pass(60_000);
  file.write('3');
  expect(file.file.trouble).toBe(null);
  expect([file.texts(0)?.toSorted(), file.texts(1)]).toEqual([['1', '2', '3'], undefined]);
});

test('HistoryFile leaves nothing of an address in the file that it has taken out', async () => {
  using folder = temporaryFolder();
  const time = clock();
  using file = openIn(folder.path, time);
  const text = JSON.stringify({ viewer: { address: '198.51.100.77' } });
  file.file.write([entry(text, { personal: true })], null, usualLimits);
  const bytes = () =>
    Buffer.concat(['', '-wal'].map((end) => readFileSync(file.path + end))).toString('latin1');
  expect(bytes()).toContain('198.51.100.77');
  time.putWall(8 * 86_400_000);
  file.file.tidy(usualLimits);
  expect(file.texts()).toEqual(['{"viewer":{"address":"–"}}']);
  expect(bytes()).not.toContain('198.51.100.77');
});
