import { copyFile, mkdir, utimes } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type * as z from 'zod';
import type { Client } from '../../src/cli/client.ts';
import type { control as command } from '../../src/contract/control.ts';
import { makeMedia } from '../helpers/media/sample-files.ts';

type Command = z.input<typeof command>;

/** Their sections of the configuration. */
export const roomSections = {
  channel: { alwaysOn: true },
  // A busy machine is in no hurry.
  ...Object.fromEntries(['cam', 'gone', 'whip'].map((room) => [room, { reconnectGrace: '1h' }])),
};
/** All rooms of the event, in order. */
export const names = ['cam', 'channel', 'file', 'folder', 'gone', 'held', 'list', 'taken', 'whip'];
/** Those whose publishers come back. */
export const published = ['cam', 'whip'];

/**
 * Begins what nobody publishes: a file that was sought in, one that is held, a list in an order by chance that was changed and is softer, a list under a take under the slate,
 * the files of a folder, and in a channel that is always on a take without sound.
 */
export async function beginRooms(client: Client, folder: string): Promise<void> {
  const films = await Promise.all(['one', 'two', 'three'].map(film));
  const [one = '', two = '', three = ''] = films;
  const media = join(folder, 'films');
  await mkdir(media);
  for (const path of films) {
    const copy = join(media, basename(path));
    await copyFile(path, copy);
    // One that was written just now would have to rest first.
    await utimes(copy, 0, 0);
  }
  const single = (path: string) => ({ kind: 'file' as const, path, loop: true });
  const list = (sources: readonly ({ kind: 'file'; path: string } | { kind: 'folder'; path: string })[]) => ({
    ...{ kind: 'playlist' as const, items: sources.map((source) => ({ source })) },
    ...{ shuffle: true, loop: true },
  });
  const files = list(films.map((path) => ({ kind: 'file', path })));
  const keep = { keep: true };
  await Promise.all([
    client.call('startBroadcast', { room: 'file', source: single(one), name: 'Morning', ...keep }),
    client.call('startBroadcast', { room: 'held', source: single(two), ...keep }),
    client.call('startBroadcast', { room: 'list', source: files, ...keep }),
    client.call('startBroadcast', { room: 'taken', source: files, ...keep }),
    client.call('startBroadcast', {
      room: 'folder',
      source: list([{ kind: 'folder', path: media }]),
      ...keep,
    }),
  ]);
  const control = (room: string, command: Command) => client.call('control', { room, command });
  await control('file', { type: 'seek', positionMs: 20_000 });
  await control('held', { type: 'pause' });
  await control('list', { type: 'next' });
  await control('list', { type: 'add', items: [{ source: { kind: 'file', path: three } }], at: 0 });
  const { playlist } = await client.call('getProgramme', { room: 'list' });
  const [first, last] = [playlist?.items.at(0), playlist?.items.at(-1)];
  if (first) await control('list', { type: 'move', item: first.item, to: 2 });
  if (last) await control('list', { type: 'remove', item: last.item });
  await control('list', { type: 'volume', percent: 40 });
  await control('taken', { type: 'take', source: single(two) });
  await control('taken', { type: 'slate', on: true });
  await control('channel', { type: 'take', source: single(two) });
  await control('channel', { type: 'mute', on: true });
}

function film(name: string): Promise<string> {
  const args = [
    ...['-f', 'lavfi', '-i', 'testsrc=size=320x180:rate=25:duration=120'],
    ...['-f', 'lavfi', '-i', 'sine=frequency=440:duration=120'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '25', '-bf', '0'],
    ...['-c:a', 'aac'],
  ];
  return makeMedia(`kept-${name}.mp4`, { args });
}
