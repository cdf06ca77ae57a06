// The pictures of docs/tui.md, of a real terminal: `node test/cli/tui/dashboard/make-pictures.ts`, after a build.
import { writeFile } from 'node:fs/promises';
import type { Viewer } from '../../../../src/contract/models.ts';
import type { ViewedRoom } from '../../../../src/contract/view/viewed-room.ts';
import { openTerminal } from '../../../helpers/terminal.ts';
import { openDesk } from '../../desk.ts';
import { viewer } from '../../samples.ts';
import { hall, lobby, viewOf } from './sample-view.ts';
import { terminalPicture } from './terminal-picture.ts';

const [columns, rows] = [140, 34];
const bin = new URL('../../../../bin/mirolive', import.meta.url).pathname;
const folder = new URL('../../../../docs/images/', import.meta.url);

/** A few hours before: what is on air has begun not long ago. */
const at = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
const onAir = (words: string, entry = 'main') => ({ entry, words, since: at(-12) });
const watched = (viewers: number, more: Partial<ViewedRoom['audience']> = {}) => ({
  ...lobby.audience,
  ...{ viewers, playing: viewers, bitrateBps: viewers * 2_100_000, ...more },
});
const browsers = [
  'Chrome 126 on Android',
  'Safari 17 on iPhone',
  'Firefox 128 on Windows',
  'Edge 126 on Windows',
];
const names = ['opening.mp4', 'keynote.mp4', 'cam1', 'closing.mp4'];
const main: ViewedRoom = {
  ...lobby,
  onAir: onAir('keynote.mp4'),
  item: { item: 'i-bbbbbbbbbb', index: 1, count: 4, words: 'keynote.mp4' },
  next: { from: 'playlist', words: 'cam1', at: at(11) },
  audience: watched(412, { renditions: { source: 371, '480p': 41 } }),
  publishers: lobby.publishers.map((one) => ({ ...one, since: at(-5) })),
  programme: lobby.programme && {
    ...lobby.programme,
    entries: lobby.programme.entries.map((entry) => ({
      ...entry,
      words: entry.entry === 'main' ? 'keynote.mp4' : entry.words,
      lost: entry.lost && { ...entry.lost, at: at(-70) },
    })),
  },
  playlist: lobby.playlist && {
    ...lobby.playlist,
    items: lobby.playlist.items.map((item, place) => ({
      ...item,
      ...{ words: names[place] ?? item.words, startsAt: at([-13, -12, 1, 11][place] ?? 0) },
      ...(place === 2 ? { state: 'next' as const, reason: null, durationMs: 600_000 } : {}),
      ...(place === 3 ? { state: 'waiting' as const } : {}),
    })),
  },
};
const plainRoom = { ...lobby, item: null, next: null, publishers: [] };
const rooms: ViewedRoom[] = [
  main,
  { ...hall, onAir: onAir('slate', 'slate'), audience: watched(38, { suffering: 38 }), figures: null },
  {
    ...{
      ...plainRoom,
      name: 'workshop',
      onAir: onAir('cam2', 'fallback-1'),
      audience: watched(64, { lossPercent: 3.4 }),
    },
    health: { word: 'strained', reason: 'cam1 is away: nobody publishes; cam2 is on air' },
  },
  {
    ...plainRoom,
    name: 'channel',
    onAir: onAir('evening.yaml'),
    audience: watched(9),
    next: { from: 'schedule', words: 'news.mp4', at: at(48) },
  },
  { ...plainRoom, name: 'garden', onAir: onAir('rtsp://camera.example/1'), audience: watched(3) },
  {
    ...{
      ...plainRoom,
      name: 'stage',
      health: { word: 'idle', reason: null },
      broadcast: null,
      onAir: null,
      figures: null,
    },
    ...{ audience: watched(2, { bitrateBps: 0 }), programme: null, playlist: null },
  },
];
/** Those who watch, two of them badly. */
const watching: Viewer[] = Array.from({ length: 40 }, (_, place) => ({
  ...viewer,
  id: `v-${((place + 7) ** 9)
    .toString(36)
    .replace(/[0189]/g, 'q')
    .padStart(10, 'k')
    .slice(-10)}`,
  ...{ address: `192.0.2.${20 + place}`, joinedAt: at(-place - 1), browserName: browsers[place % 4] ?? null },
  ...(place % 5 === 0
    ? {}
    : { rendition: 'source', bitrateBps: 2_100_000, lossPercent: (place % 7) / 10, freezes: place % 3 }),
  ...{ roundTripMs: 18 + ((place * 13) % 60), frozenPercent: 0 },
  ...(place === 3 && { suffers: 'loss' as const, lossPercent: 11.8, roundTripMs: 340, freezes: 9 }),
  ...(place === 8 && { suffers: 'frozen' as const, frozenPercent: 34, freezes: 17, lossPercent: 4.2 }),
}));

await using desk = await openDesk({
  version: () => ({ version: '0.1.0', api: 2, node: '24', mediasoup: '3' }),
});
const view = viewOf(rooms);
desk.show({
  ...{ ...view, daemon: { ...view.daemon, startedAt: at(-400) } },
  viewers: { lobby: Object.fromEntries(watching.map((one) => [one.id, one])) },
});
await using terminal = await openTerminal(`${bin} tui --socket ${desk.socket}`, { columns, rows });
await terminal.shows(/● well +lobby/);
const events = [
  { type: 'publisher.silent', id: 'p-aaaaaaaaaa', key: 'cam2' },
  { type: 'source.back', broadcast: 'b-aaaaaaaaaa', entry: 'main', words: 'keynote.mp4' },
] as const;
for (const event of events) desk.emit({ ...event, at: at(-2), room: 'lobby' } as never);
const take = async (name: string, title: string) => {
  const lines = await terminal.screen({ colours: true });
  await writeFile(new URL(`tui-${name}.svg`, folder), terminalPicture(lines, columns, title));
};
await take('rooms', 'All rooms, those in trouble first');
await terminal.type('/lobby');
await terminal.shows(/^\/lobby/m);
await terminal.press('Enter', 'Enter');
await terminal.shows(/item 2 of 4/);
await take('room', 'One room: what is on air, its playlist and what has happened');
await terminal.press('Tab');
await terminal.shows('11.8');
await take('viewers', 'Who watches a room, those first who have it bad');
await terminal.press('2');
await terminal.shows('usually');
await take('machine', 'The machine and the processes of the daemon');
