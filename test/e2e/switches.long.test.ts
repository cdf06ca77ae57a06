import { expect, test } from 'vitest';
import { type Control, control } from '../../src/contract/control.ts';
import { playlistItem, type Source } from '../../src/contract/models.ts';
import { moves, standsStill } from '../helpers/browser.ts';
import { daemonAndBrowser } from '../helpers/daemon-and-browser.ts';
import { aac, h264, opus, picture, tone } from '../helpers/media/recipes.ts';
import { makeMedia } from '../helpers/media/sample-files.ts';
import { seamMs } from '../helpers/sent-frames.ts';
import { shotsOf } from '../helpers/shown-frames.ts';
import { fileSource, type Mark, WatchedRoom } from '../helpers/watched-room.ts';

const mpeg4 = ['-c:v', 'mpeg4', '-b:v', '500k'];
/** Else ffmpeg puts the picture behind the beginning of MP3, and AVI, which counts pictures, lacks its second one. */
const wholeAvi = ['-avoid_negative_ts', 'disabled'];
/** The width of the slate. */
const slate = 1280;

const here = daemonAndBrowser({ rtmp: { enabled: false } });

test('Between files of other sizes, frame rates and codecs there is no gap', async () => {
  const paths = [
    await clip('first.mp4', 160, 5, 30, [...h264(15), ...aac]),
    await clip('vp9.webm', 320, 4, 25, ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', ...opus]),
    await clip('fifty.ts', 480, 4, 50, [...h264(25, 2), '-c:a', 'mp2']),
    await clip('cinema.mkv', 240, 4, 24, [...h264(48), '-c:a', 'flac', '-ar', '44100']),
    await clip('old.avi', 352, 4, 15, [...mpeg4, '-c:a', 'libmp3lame', ...wholeAvi]),
    await clip('last.mp4', 160, 20, 30, [...h264(30), ...aac]),
  ];
  await using watched = await WatchedRoom.open(here, 'playlist', playlist(...paths));
  await watched.played(1000);
  const begun = await watched.mark();
  for (const width of [320, 480, 240, 352, 160]) {
    const mark = await watched.mark();
    await watched.shows(width, mark, 20_000);
    await watched.played(500);
    await expectNoGap(watched, mark, `${width}`);
  }
  expect(watched.told('playlist.item', begun.events).map(({ index }) => index)).toEqual([1, 2, 3, 4, 5]);
  expect(watched.told('pipeline.failed')).toEqual([]);
});

test('What a playlist has that cannot be played is skipped without a gap, and viewers see what follows', async () => {
  const [one, , three] = await threeClips();
  await using watched = await WatchedRoom.open(
    here,
    'skipping',
    playlist(one, '/nowhere/missing.mp4', three),
  );
  const mark = await watched.mark();
  await watched.shows(240, mark);
  const { playlist: list } = await watched.programme();
  expect(list?.items.map(({ state }) => state)).toEqual(['played', 'skipped', 'playing']);
  expect(list?.items[1]?.reason).toBe('there is no file /nowhere/missing.mp4');
  await expectNoGap(watched, mark);
});

test('A playlist can be changed while it plays, and viewers notice nothing', async () => {
  const [one, two, three] = await threeClips();
  // So long that it is still on air when all is changed.
  const long = await clip('long.mp4', 160, 12, 25, [...h264(25), ...aac]);
  await using watched = await WatchedRoom.open(here, 'changed', playlist(long, one, three));
  const mark = await watched.mark();
  const change = (command: Record<string, unknown>) => watched.control(control.parse(command));
  const [, second, third] = (await watched.programme()).playlist?.items ?? [];
  await change({ type: 'add', items: [{ source: { kind: 'file', path: two } }], at: 1 });
  await change({ type: 'move', item: third?.item, to: 3 });
  const { playlist: list } = await change({ type: 'remove', item: second?.item });
  expect(list?.items.map(({ words, state }) => [words, state])).toEqual([
    ['switches-long.mp4', 'playing'],
    ['switches-two.mkv', 'next'],
    ['switches-three.mkv', 'waiting'],
  ]);
  const shown = await watched.shows(240, mark);
  expect(shotsOf(shown).map(({ width }) => width)).toEqual([160, 320, 240]);
  await expectNoGap(watched, mark);
});

test('An operator changes what is on air, and viewers see no gap', async ({ expect }) => {
  const copied = [...h264(15), ...aac];
  const main = playlist(
    await clip('one.mp4', 160, 60, 30, copied),
    await clip('two.mp4', 240, 60, 30, copied),
  );
  const other = fileSource(await clip('other.mp4', 320, 60, 30, copied));
  await using watched = await WatchedRoom.open(here, 'control', main);
  const begun = await watched.mark();

  const shows = async (command: Control, width: number): Promise<Mark> => {
    const mark = await watched.mark();
    await watched.control(command);
    await watched.shows(width, mark);
    await watched.played(500);
    await expectNoGap(watched, mark, command.type);
    return mark;
  };

  await shows({ type: 'take', source: other }, 320);
  await shows({ type: 'release' }, 160);
  await shows({ type: 'slate', on: true }, slate);
  await expect.poll(() => corners(watched)).toEqual(Array(4).fill('dark'));
  await shows({ type: 'slate', on: false }, 160);
  const sought = await shows({ type: 'seek', positionMs: 30_000 }, 160);
  await shows({ type: 'next' }, 240);
  await shows({ type: 'previous' }, 160);
  await shows({ type: 'mute', on: true }, 160);
  await shows({ type: 'volume', percent: 50 }, 160);
  const paused = await shows({ type: 'pause' }, 160);
  expect((await watched.since(paused)).pictures).toBeGreaterThan(10);
  await standsStill(watched.page);
  await shows({ type: 'resume' }, 160);
  await moves(watched.page);

  expect(watched.switches(begun.events)).toEqual([
    'take command',
    'main command',
    'slate command',
    'main command',
  ]);
  expect(watched.told('playlist.item', sought.events).map(({ index }) => index)).toEqual([1, 0]);
  expect(watched.told('source.away')).toEqual([]);
});

/** Same tracks, same connection, nothing lost, and neither picture nor sound away between two of them. */
async function expectNoGap(watched: WatchedRoom, mark: Mark, what?: string): Promise<void> {
  const { broken, gapsMs } = await watched.since(mark);
  expect(broken, what).toEqual([]);
  expect(Math.max(gapsMs.video, gapsMs.audio), what).toBeLessThan(seamMs);
}

/** Of different size, frame rate, codecs and plan. */
function threeClips(): Promise<[string, string, string]> {
  const x265 = ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=error', '-c:a', 'flac'];
  return Promise.all([
    clip('one.mp4', 160, 5, 25, [...h264(25), ...aac]),
    clip('two.mkv', 320, 4, 30, x265),
    clip('three.mkv', 240, 20, 15, [...h264(15), ...opus]),
  ]);
}

/** Whether the corners of the picture are dark, as the slate's are; as text otherwise. */
function corners({ page }: WatchedRoom): Promise<string[]> {
  return page.evaluate(() => {
    const canvas = new OffscreenCanvas(64, 36);
    const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
    context.drawImage(document.querySelector('video') as HTMLVideoElement, 0, 0, 64, 36);
    return [1, 62].flatMap((x) =>
      [1, 34].map((y) => {
        const [red = 0, green = 0, blue = 0] = context.getImageData(x, y, 1, 1).data;
        return red < 60 && green < 60 && blue < 80 ? 'dark' : `${red},${green},${blue}`;
      }),
    );
  });
}

function playlist(...paths: string[]): Source {
  const items = paths.map((path) => playlistItem.parse({ source: fileSource(path) }));
  return { kind: 'playlist', items, loop: false, shuffle: false };
}

async function clip(
  name: string,
  width: number,
  seconds: number,
  fps: number,
  codecs: readonly string[],
): Promise<string> {
  const size = `${width}x${Math.round((width * 9) / 32) * 2}`;
  return await makeMedia(`switches-${name}`, {
    args: [...picture(size, seconds, fps), ...tone(440, seconds), ...codecs],
  });
}
