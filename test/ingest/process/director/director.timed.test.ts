import { describe, expect, test } from 'vitest';
import type { PlaylistEntrySource, Source } from '../../../../src/contract/models.ts';
import { freeUdpPort } from '../../../helpers/free-ports.ts';
import { aac, h264, opus, picture, tone } from '../../../helpers/media/recipes.ts';
import { makeMedia } from '../../../helpers/media/sample-files.ts';
import { sendFile, toUdp } from '../../../helpers/media/sender.ts';
import { optionsFor, PlayedProgramme, pictureSteps, soundSteps } from './played-programme.ts';
import { shows, widthsShown } from './shown.ts';

/** The width of the slate's pictures. */
const slate = 1280;

/** A file whose pictures have a width of their own. */
async function film(width: number, seconds = 20, codec: readonly string[] = h264(15)): Promise<string> {
  const name = `film-${width}-${seconds}.mp4`;
  const args = [...picture(`${width}x90`, seconds), ...tone(440, seconds), ...codec, ...aac];
  return await makeMedia(name, { args });
}

function file(path: string): Extract<PlaylistEntrySource, { kind: 'file' }> {
  return { kind: 'file', path, loop: false, audioTrack: null };
}

function playlist(paths: readonly string[], loop = false): Source {
  const items = paths.map((path, index) => ({
    ...{ id: `i-${'abcdefghij'.slice(0, 9)}${'abcdefgh'[index]}`, source: file(path), title: null },
    ...{ fromMs: 0, toMs: null, forMs: null },
  }));
  return { kind: 'playlist', items, loop, shuffle: false };
}

async function played(
  path: string,
  changes: Parameters<typeof optionsFor>[1] = {},
): Promise<PlayedProgramme> {
  return await PlayedProgramme.start(await optionsFor(path, changes));
}

/** Times grow, and no picture is longer than this, in ms, unless the machine makes it. */
function expectNoGap(programme: PlayedProgramme, mostMs: number): void {
  const steps = pictureSteps(programme.video());
  expect(Math.min(...steps)).toBeGreaterThan(0);
  const longestMs = Math.max(...steps, ...soundSteps(programme.audio()));
  expect(longestMs - programme.missedMs).toBeLessThan(mostMs);
}

describe.concurrent('Director takes a source', () => {
  test('that is another file at once, and goes back to its place', async ({ expect }) => {
    await using programme = await played(await film(160));
    await programme.untilPictures(30);
    await programme.control({ type: 'take', source: file(await film(320)) });
    await shows(programme, 320);
    await programme.untilPictures(programme.pictures + 30);
    const leftMs = programme.state().entries.find(({ entry }) => entry === 'main');
    expect(leftMs?.state).toBe('idle');
    await programme.control({ type: 'release' });
    await shows(programme, 160);
    expect(programme.state()).toMatchObject({ onAir: { entry: 'main' }, slates: 0, switches: 2 });
    expect(programme.of('programme.switched').map(({ reason }) => reason)).toEqual(['command', 'command']);
    expectNoGap(programme, 100);
    await programme.untilPictures(programme.pictures + 30);
    const { stats } = programme.of('stats').at(-1) ?? {};
    // It had played a second and a half before, at least.
    expect(stats?.positionMs ?? 0).toBeLessThan(8000);
  });
});

describe.concurrent('Director plays a playlist', () => {
  test('without a gap between files of other sizes, frame rates and codecs', async ({ expect }) => {
    const vp9 = await makeMedia('vp9-480-5s.webm', {
      args: [
        ...picture('480x90', 5, 25),
        ...tone(500, 5),
        '-c:v',
        'libvpx-vp9',
        '-deadline',
        'realtime',
        ...opus,
      ],
    });
    const first = await film(160, 6);
    const paths = [first, vp9, await film(320, 2, h264(15, 2))];
    await using programme = await played(first, { main: playlist(paths), prepared: null });
    expect((await programme.ended()).message).toBeNull();
    expect(widthsShown(programme).map(({ width }) => width)).toEqual([160, 480, 320]);
    expectNoGap(programme, 100);
    expect(programme.of('playlist.item').map(({ index }) => index)).toEqual([0, 1, 2]);
  });
});

describe.concurrent('Director is held', () => {
  test('at a picture, and goes on from there', async ({ expect }) => {
    await using programme = await played(await film(160));
    await programme.untilPictures(45);
    await programme.control({ type: 'pause' });
    const paused = programme.of('stats').at(-1)?.stats.positionMs ?? 0;
    expect(programme.state()).toMatchObject({ paused: true, onAir: { entry: 'main' } });
    await programme.untilPictures(programme.pictures + 40);
    await programme.control({ type: 'resume' });
    await programme.untilPictures(programme.pictures + 60);
    expect(programme.state()).toMatchObject({ paused: false, slates: 0 });
    expectNoGap(programme, 400);
    const after = programme.of('stats').at(-1)?.stats.positionMs ?? 0;
    expect(after).toBeGreaterThan(paused);
    expect(after).toBeLessThan(12_000);
  });

  test('and sought, and muted, and made louder, without a gap', async ({ expect }) => {
    await using programme = await played(await film(160));
    await programme.untilPictures(20);
    await programme.control({ type: 'seek', positionMs: 15_000 });
    await programme.control({ type: 'volume', percent: 50 });
    await programme.control({ type: 'mute', on: true });
    expect((await programme.ended()).stats.positionMs).toBeGreaterThan(19_000);
    expect(programme.pictures).toBeLessThan(300);
    expectNoGap(programme, 100);
    const sizes = programme
      .audio()
      .slice(-50)
      .map(({ payload }) => payload.length);
    expect(Math.max(...sizes)).toBe(3);
  });

  test('and made quieter in a long file, whose sound could be read far ahead', async () => {
    await using programme = await played(await film(160, 120));
    await programme.untilPictures(100);
    await programme.control({ type: 'volume', percent: 50 });
    await programme.untilPictures(400);
    expectNoGap(programme, 100);
  });

  test('and made louder where it comes to a port, which cannot be opened beside itself', async ({
    expect,
  }) => {
    const port = await freeUdpPort();
    await using _sender = sendFile(await film(160), ...toUdp(port));
    const url = `udp://127.0.0.1:${port}`;
    const main = { kind: 'url', url, live: null, loop: false, audioTrack: null } as const;
    await using programme = await played(await film(160), { main, prepared: null });
    await shows(programme, 160);
    const { plan } = programme.state().entries[0] ?? {};
    await programme.control({ type: 'volume', percent: 50 });
    await programme.untilPictures(programme.pictures + 30);
    expect(programme.state()).toMatchObject({ onAir: { entry: 'main' }, entries: [{ plan }, {}] });
    expect(programme.of('pipeline.started').length).toBe(1);
    expectNoGap(programme, 300);
  });

  test('and sought while it is held, but not behind its end, and gives way to the slate', async ({
    expect,
  }) => {
    await using programme = await played(await film(160));
    const control = programme.control.bind(programme);
    await programme.untilPictures(30);
    await control({ type: 'pause' });
    await programme.untilPictures(programme.pictures + 10);
    await control({ type: 'seek', positionMs: 10_000 });
    await control({ type: 'seekBy', offsetMs: 2000 });
    await expect(control({ type: 'seek', positionMs: 60_000 })).rejects.toMatchObject({
      code: 'NOT_SEEKABLE',
      message: 'expected a place before 0:20, where film-160-20.mp4 ends, got 1:00',
    });
    await control({ type: 'resume' });
    const positionMs = () => programme.of('stats').at(-1)?.stats.positionMs ?? 0;
    await programme.until(() => positionMs() > 5000);
    expect(positionMs()).toBeGreaterThanOrEqual(12_000);
    expect(positionMs()).toBeLessThan(18_000);
    await control({ type: 'pause' });
    await control({ type: 'slate', on: true });
    await shows(programme, slate);
    expect(programme.state()).toMatchObject({ paused: true, onAir: { entry: 'slate' } });
  });
});
