import { expect, test } from 'vitest';
import { type PlaylistSource, playlistSource } from '../../../src/contract/models.ts';
import { largestItem } from '../../../src/daemon/rooms/largest-item.ts';
import { startDaemon } from '../../helpers/daemon.ts';
import { h264, opus, picture, tone } from '../../helpers/media/recipes.ts';
import { makeMedia } from '../../helpers/media/sample-files.ts';

const file = (name: string, size: string) =>
  makeMedia(name, { args: [...picture(size, 1), ...tone(440, 1), ...h264(30), ...opus] });
const small = await file('small.mkv', '426x240');
const large = await file('large.mkv', '1280x720');
const sound = await makeMedia('sound.opus', { args: [...tone(440, 1), ...opus] });

function playlist(...paths: string[]): PlaylistSource {
  const items = paths.map((path) => ({ source: { kind: 'file' as const, path } }));
  return playlistSource.parse({ kind: 'playlist', items, loop: true });
}

test('a playlist that begins with a small file has the renditions that were asked for', async () => {
  await using server = await startDaemon({ rtmp: { enabled: false } });
  const source = playlist(small, large);
  const { desk } = server.daemon;
  await desk.start({
    ...{ room: 'lobby', source, renditions: ['240p', 'source', '480p'] },
  });
  const { renditions, output } = desk.findRoom('lobby')?.broadcast ?? {};
  expect(renditions).toEqual(['240p', '480p', 'source']);
  expect(output?.video.identities).toHaveLength(3);
});

test.each<[name: string, paths: string[], roots: string[], largest: string | null]>([
  ['wherever it stands', [small, large, small], [], large],
  ['passing over what is missing or has no picture', ['/nowhere/x.mp4', sound, small], [], small],
  ['of those that may be read', [small, large], ['/nowhere'], null],
  ['of the first sixteen', [...Array.from({ length: 16 }, () => small), large], [], small],
])('the largest file of a playlist is found %s', async (_, paths, roots, largest) => {
  const options = { ffprobe: 'ffprobe', timeoutMs: 60_000, roots };
  const found = await largestItem(playlist(...paths), options);
  expect(found).toEqual(largest === null ? null : expect.objectContaining({ path: largest }));
});
