import { expect, test } from 'vitest';
import type { Paint } from '../../../src/cli/words/format.ts';
import { sortedViewers, viewerTable } from '../../../src/cli/words/viewer-table.ts';
import type { Viewer } from '../../../src/contract/models.ts';

const plain: Paint = (_style, text) => text;
const now = Date.parse('2026-11-30T03:00:00Z');

function viewer(id: string, of: Partial<Viewer>): Viewer {
  return {
    ...{ id, room: 'lobby', kind: 'page', state: 'playing', joinedAt: '2026-11-30T02:00:00Z' },
    ...{ picture: true, rendition: 'source', bitrateBps: 2_400_000, roundTripMs: 40, freezes: 0 },
    ...{
      firstPictureMs: 800,
      lossPercent: 0,
      suffers: null,
      address: '192.0.2.7',
      browserName: 'Firefox 140',
    },
    ...of,
  } as Viewer;
}
const viewers = [
  viewer('v-aaaaaaaaaa', { lossPercent: 9 }),
  viewer('v-bbbbbbbbbb', { suffers: 'loss', lossPercent: 21.5 }),
  viewer('v-cccccccccc', { suffers: 'frozen', freezes: 12 }),
];

test('a table of viewers tells by which link each came, where anybody came by one', () => {
  const link = 'l-k3v7qm2xay';
  const [heading = '', guest, other] = viewerTable(
    [viewer('v-aaaaaaaaaa', { link }), viewer('v-bbbbbbbbbb', { link: null })],
    now,
    plain,
  );
  expect(heading).toContain('LINK');
  expect(guest).toContain(link);
  expect(other).toContain('–');
  expect(viewerTable(viewers, now, plain)[0]).not.toContain('LINK');
});

test.each([
  { width: 45, columns: ['ID', 'SUFFERS', 'LOSS', 'RTT', 'FREEZES'] },
  { width: 60, columns: ['ID', 'SUFFERS', 'QUALITY', 'LOSS', 'RTT', 'FREEZES'] },
  { width: 38, columns: ['ID', 'SUFFERS', 'LOSS', 'FREEZES'] },
  { width: 5, columns: ['ID'] },
])('in $width columns a table of viewers tells who suffers, and how', ({ width, columns }) => {
  const [heading = '', ...rows] = viewerTable(viewers, now, plain, width);
  expect(heading.split(/ +/)).toEqual(columns);
  expect(rows.every((row) => row.length <= Math.max(width, 12))).toBe(true);
  expect(rows[0]).toContain('v-aaaaaaaaaa');
});

test('where there is no terminal all is told', () => {
  const [heading = ''] = viewerTable(viewers, now, plain);
  expect(heading.split(/ +/)).toHaveLength(14);
});

test('who suffers comes first, the worst by what is seen', () => {
  expect(sortedViewers(viewers, 'suffers').map(({ id }) => id)).toEqual([
    'v-cccccccccc',
    'v-bbbbbbbbbb',
    'v-aaaaaaaaaa',
  ]);
});

test('a table of viewers says how old the figures are where that is more than a moment', () => {
  const looked = (...seconds: number[]) =>
    viewerTable(
      seconds.map((ago) => viewer('v-aaaaaaaaaa', { lookedAt: new Date(now - ago * 1000).toISOString() })),
      now,
      plain,
    ).slice(seconds.length + 1);
  expect(looked(6, 1)).toEqual([]);
  expect(looked(0, 6, 48, 1)).toEqual(['', 'RATE, LOSS and RTT are up to 48 s old.']);
  // Of a daemon whose clock is behind, or ahead.
  expect(looked(46, 40)).toEqual([]);
  expect(looked(-40, 0)).toEqual(['', 'RATE, LOSS and RTT are up to 40 s old.']);
});
