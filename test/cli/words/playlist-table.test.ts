import { expect, test } from 'vitest';
import { playlistTable } from '../../../src/cli/words/playlist-table.ts';
import { playlist } from '../samples.ts';

test.each([
  { durationMs: 90_000, cell: '1:30' },
  { durationMs: 0, cell: '-' },
])('the table has the length $durationMs ms as $cell', ({ durationMs, cell }) => {
  const items = playlist.items.slice(0, 1).map((item) => ({ ...item, startsAt: null, durationMs }));
  const [, , , row = ''] = playlistTable({ ...playlist, items }, 0, (_, text) => text);
  expect(row.split(/ {2,}/)).toContain(cell);
});
