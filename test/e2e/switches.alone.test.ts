import { expect, test } from 'vitest';
import type { Control } from '../../src/contract/control.ts';
import { playlistItem, type Source } from '../../src/contract/models.ts';
import { motion } from '../helpers/browser.ts';
import { daemonAndBrowser } from '../helpers/daemon-and-browser.ts';
import { aac, h264, opus, picture, tone } from '../helpers/media/recipes.ts';
import { makeMedia } from '../helpers/media/sample-files.ts';
import { fileSource, type Mark, WatchedRoom } from '../helpers/watched-room.ts';

/** The width of the slate. */
const slate = 1280;
/**
 * Between two files neither picture nor sound may be away for longer on the screen, in ms, however busy the machine. That
 * what is sent has no gap at all is judged where it is sent, by its time stamps: test/ingest/process/director.
 */
const gapMs = 500;

/** Pictures of a still differ by less, as the mean of a colour value; those of the files by more, half a second apart. */
const heldStill = 1;

const here = daemonAndBrowser();

test('Between files of other sizes, frame rates and codecs there is no gap', async () => {
  const paths = [
    await clip('first.mp4', 160, 8, 30, [...h264(15), ...aac]),
    await clip('vp9.webm', 320, 4, 25, ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', ...opus]),
    await clip('fifty.ts', 480, 4, 50, [...h264(25, 2), '-c:a', 'mp2']),
    await clip('cinema.mkv', 240, 4, 24, [...h264(48), '-c:a', 'flac', '-ar', '44100']),
    await clip('old.avi', 352, 4, 15, ['-c:v', 'mpeg4', '-b:v', '500k', '-c:a', 'libmp3lame']),
    await clip('last.mp4', 160, 20, 30, [...h264(30), ...aac]),
  ];
  await using watched = await WatchedRoom.open(here, 'playlist', playlist(...paths));
  await watched.played(1000);
  const begun = await watched.mark();
  for (const width of [320, 480, 240, 352, 160]) {
    const mark = await watched.mark();
    await watched.shows(width, mark, 20_000);
    await watched.played(1000);
    const { unbroken, freezeMs, madeUpMs, shots } = await watched.since(mark);
    const [before, after] = shots;
    const seen = { width, unbroken, freezeMs, madeUpMs, gap: (after?.fromMs ?? 0) - (before?.toMs ?? 0) };
    expect(seen, JSON.stringify(seen)).toMatchObject({ unbroken: true, width: after?.width });
    expect(Math.max(seen.freezeMs, seen.madeUpMs, seen.gap), JSON.stringify(seen)).toBeLessThan(gapMs);
  }
  expect(watched.told('playlist.item', begun.events).map(({ index }) => index)).toEqual([1, 2, 3, 4, 5]);
  expect(watched.told('pipeline.failed')).toEqual([]);
});

test('An operator changes what is on air, and viewers see no gap', async () => {
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
    await watched.played(1000);
    const { freezeMs, madeUpMs, longestGapMs } = await watched.since(mark);
    const what = JSON.stringify({ command: command.type, freezeMs, madeUpMs, longestGapMs });
    expect(freezeMs, what).toBeLessThan(gapMs);
    expect(madeUpMs, what).toBeLessThan(gapMs);
    return mark;
  };

  await shows({ type: 'take', source: other }, 320);
  await shows({ type: 'release' }, 160);
  await shows({ type: 'slate', on: true }, slate);
  expect(await corners(watched)).toEqual(Array(4).fill('dark'));
  await shows({ type: 'slate', on: false }, 160);
  const sought = await shows({ type: 'seek', positionMs: 30_000 }, 160);
  await shows({ type: 'next' }, 240);
  await shows({ type: 'previous' }, 160);
  await shows({ type: 'mute', on: true }, 160);
  await shows({ type: 'volume', percent: 50 }, 160);
  const paused = await shows({ type: 'pause' }, 160);
  expect((await watched.since(paused)).pictures).toBeGreaterThan(10);
  expect(await motion(watched.page)).toBeLessThan(heldStill);
  await shows({ type: 'resume' }, 160);
  expect(await motion(watched.page)).toBeGreaterThan(heldStill);

  const { unbroken } = await watched.since(begun);
  expect(unbroken).toBe(true);
  expect(watched.switches(begun.events)).toEqual([
    'take command',
    'main command',
    'slate command',
    'main command',
  ]);
  expect(watched.told('playlist.item', sought.events).map(({ index }) => index)).toEqual([1, 0]);
  expect(watched.told('source.away')).toEqual([]);
});

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
