import { copyFile, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { PlaylistEntrySource, Source } from '../../../../src/contract/models.ts';
import { aac, h264, opus, picture, tone } from '../../../helpers/media/recipes.ts';
import { makeMedia } from '../../../helpers/media/sample-files.ts';
import { freeUdpPort, sendFile, toUdp } from '../../../helpers/media/sender.ts';
import { heavy, noisy, optionsFor, PlayedProgramme, pictureSteps, soundSteps } from './played-programme.ts';
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

/** Sequence numbers go on, times grow, and no picture is longer than this, in ms. */
function expectNoGap(programme: PlayedProgramme, mostMs: number): void {
  const steps = pictureSteps(programme.video());
  expect(Math.min(...steps)).toBeGreaterThan(0);
  expect(Math.max(...steps)).toBeLessThan(mostMs);
  expect(Math.max(...soundSteps(programme.audio()))).toBeLessThan(mostMs);
}

describe('Director takes a source', () => {
  test('that is another file at once, and goes back to its place', async () => {
    await using programme = await played(await film(160));
    await programme.untilPictures(30);
    await programme.control({ type: 'take', source: file(await film(320)) });
    await shows(programme, 320);
    await programme.untilPictures(programme.pictures + 30);
    const leftMs = programme.programme.state().entries.find(({ entry }) => entry === 'main');
    expect(leftMs?.state).toBe('idle');
    await programme.control({ type: 'release' });
    await shows(programme, 160);
    expect(programme.programme.state()).toMatchObject({ onAir: { entry: 'main' }, slates: 0, switches: 2 });
    expect(programme.of('programme.switched').map(({ reason }) => reason)).toEqual(['command', 'command']);
    expectNoGap(programme, 100);
    await programme.untilPictures(programme.pictures + 30);
    const { stats } = programme.of('stats').at(-1) ?? {};
    // It had played a second and a half before, at least.
    expect(stats?.positionMs ?? 0).toBeLessThan(8000);
  });

  test('that ends, and goes back by itself', async () => {
    await using programme = await played(await film(160));
    await programme.untilPictures(15);
    await programme.control({ type: 'take', source: file(await film(320, 1)) });
    await shows(programme, 320);
    await shows(programme, 160);
    expect(programme.of('programme.switched').map(({ to, reason }) => [to.entry, reason])).toEqual([
      ['take', 'command'],
      ['main', 'ended'],
    ]);
    expectNoGap(programme, 100);
  });

  test('that nobody sends yet, and keeps what was taken before', async () => {
    await using programme = await played(await film(160));
    await programme.untilPictures(15);
    await programme.control({ type: 'take', source: file(await film(320)) });
    expect(programme.programme.state().onAir.entry).toBe('take');
    await programme.control({ type: 'take', source: { kind: 'publisher', key: 'nobody' } });
    await programme.untilPictures(programme.pictures + 30);
    expect(programme.programme.state().onAir.words).toBe('film-320-20.mp4');
    expect(programme.of('source.away').map(({ reason }) => reason)).toEqual(['nobody publishes with nobody']);
    await programme.control({ type: 'release' });
    await shows(programme, 160);
    expect(widthsShown(programme).map(({ width }) => width)).toEqual([160, 320, 160]);
    expect(programme.programme.state().entries.map(({ entry }) => entry)).toEqual(['main', 'slate']);
  });

  test('that is not there, and says so, and plays on', async () => {
    await using programme = await played(await film(160));
    await programme.untilPictures(15);
    const take = programme.control({ type: 'take', source: file('/nowhere/else.mp4') });
    await expect(take).rejects.toMatchObject({ code: 'SOURCE_NOT_FOUND' });
    await programme.untilPictures(45);
    expect(programme.programme.state().onAir.entry).toBe('main');
    expectNoGap(programme, 100);
  });
});

describe('Director shows the slate', () => {
  test('when an operator wants it, and goes on where it was', async () => {
    await using programme = await played(await film(160));
    await programme.untilPictures(30);
    await programme.control({ type: 'slate', on: true });
    await shows(programme, slate);
    await programme.untilPictures(programme.pictures + 20);
    expect(programme.programme.state()).toMatchObject({ onAir: { entry: 'slate' }, slates: 1 });
    await programme.control({ type: 'slate', on: false });
    await shows(programme, 160);
    expectNoGap(programme, 100);
  });

  test('within a second when ffmpeg is stuck, and comes back when it is started anew', async () => {
    const args = [...noisy(20), ...tone(440, 20), ...h264(15), ...heavy, ...aac];
    const path = await makeMedia('noisy-20.mp4', { args });
    await using programme = await played(path, { stallTimeoutMs: 4000 });
    await programme.untilPictures(20);
    process.kill(programme.pid, 'SIGSTOP');
    await shows(programme, slate);
    const [before, slateAt] = widthsShown(programme);
    expect(before?.width).toBe(320);
    await shows(programme, 320);
    const [away] = programme.of('source.away');
    expect(away).toMatchObject({ entry: 'main', reason: 'nothing came for 700 ms' });
    expect(programme.of('programme.switched').map(({ to, reason }) => [to.entry, reason])).toEqual([
      ['slate', 'away'],
      ['main', 'back'],
    ]);
    // From the last picture of the source to the first of the slate.
    const pictures = programme
      .video()
      .filter(({ marker }) => marker)
      .map(({ timestamp }) => timestamp / 90);
    const last = pictures.filter((at) => at < (slateAt?.atMs ?? 0)).at(-1) ?? 0;
    expect((slateAt?.atMs ?? 0) - last).toBeLessThan(1000);
  });

  test('between the failure of its source and a fallback, and goes back after the hold time', async ({
    expect,
  }) => {
    const folder = await mkdtemp(join(tmpdir(), 'mirolive-director-'));
    await using cleaning = new AsyncDisposableStack();
    cleaning.defer(() => rm(folder, { recursive: true }));
    const [main, hidden] = [join(folder, 'main.mp4'), join(folder, 'hidden.mp4')];
    await copyFile(await film(160), main);
    await using programme = await played(main, {
      fallbacks: [{ ...file(await film(320)), loop: true }],
      holdMs: 1000,
    });
    await programme.untilPictures(20);
    await rename(main, hidden);
    process.kill(programme.pid, 'SIGKILL');
    await shows(programme, 320);
    expect(programme.programme.state().onAir.entry).toBe('fallback-1');
    await rename(hidden, main);
    await shows(programme, 160);
    expect(programme.programme.state().onAir.entry).toBe('main');
    expectNoGap(programme, 1000);
  });

  test('for ever, where a room is always on', async () => {
    const path = await film(160, 1);
    await using programme = await played(path, { alwaysOn: true });
    await shows(programme, 160);
    await shows(programme, slate);
    await programme.untilPictures(programme.pictures + 30);
    expect(programme.of('ended')).toEqual([]);
    await programme.control({ type: 'take', source: file(await film(320, 1)) });
    await shows(programme, 320);
    await shows(programme, slate);
    await programme.control({ type: 'take', source: file(await film(240)) });
    await shows(programme, 240);
    await programme.control({ type: 'release' });
    await shows(programme, slate);
    expect(
      programme.of('programme.switched').map(({ from, to, reason }) => [from.entry, to.entry, reason]),
    ).toEqual([
      ['main', 'slate', 'ended'],
      ['slate', 'take', 'command'],
      ['take', 'slate', 'ended'],
      ['slate', 'take', 'command'],
      ['take', 'slate', 'command'],
    ]);
    expectNoGap(programme, 1000);
  });
});

describe('Director plays a playlist', () => {
  test('without a gap between files of other sizes, frame rates and codecs', async () => {
    const vp9 = await makeMedia('vp9-480.webm', {
      args: [
        ...picture('480x90', 2, 25),
        ...tone(500, 2),
        '-c:v',
        'libvpx-vp9',
        '-deadline',
        'realtime',
        ...opus,
      ],
    });
    const first = await film(160, 2);
    const paths = [first, vp9, await film(320, 2, h264(15, 2))];
    await using programme = await played(first, { main: playlist(paths), prepared: null });
    expect((await programme.ended()).message).toBeNull();
    expect(widthsShown(programme).map(({ width }) => width)).toEqual([160, 480, 320]);
    expectNoGap(programme, 100);
    expect(programme.of('playlist.item').map(({ index }) => index)).toEqual([0, 1, 2]);
  });

  test('and passes an item that is broken', async () => {
    const first = await film(160, 2);
    const paths = [first, '/nowhere/film.mp4', await film(320, 2)];
    await using programme = await played(first, { main: playlist(paths), prepared: null });
    expect((await programme.ended()).message).toBeNull();
    expect(widthsShown(programme).map(({ width }) => width)).toEqual([160, 320]);
    expect(programme.of('playlist.skipped').length).toBe(1);
    expectNoGap(programme, 100);
  });

  test('and goes on where a live item does not come, or its time is over', async () => {
    const path = await film(160, 2);
    const list = playlist([path, path, path]) as Extract<Source, { kind: 'playlist' }>;
    const items = list.items.map((item, index) =>
      index === 1 ? { ...item, source: { kind: 'publisher' as const, key: 'nobody' } } : item,
    );
    const main = {
      ...list,
      items: [...items.slice(0, 2), { ...items[2], source: file(await film(320, 2)) }],
    };
    await using programme = await played(path, { main: main as Source, prepared: null, graceMs: 1500 });
    expect((await programme.ended()).message).toBeNull();
    expect(widthsShown(programme).map(({ width }) => width)).toEqual([160, slate, 320]);
    expectNoGap(programme, 1000);
  });

  test('and ends with what was wrong, where no item can be played', async () => {
    const main = playlist(['/nowhere/a.mp4', '/nowhere/b.mp4']);
    await using programme = await played(await film(160, 2), { main, prepared: null });
    expect((await programme.ended()).message).toMatch(/no file \/nowhere/);
  });

  test('from the place to the place that its first item names', async () => {
    const path = await film(160);
    const main = playlist([path]) as Extract<Source, { kind: 'playlist' }>;
    const items = main.items.map((item) => ({ ...item, fromMs: 10_000, toMs: 12_000 }));
    await using programme = await played(path, { main: { ...main, items }, prepared: null });
    const { stats } = await programme.ended();
    expect(stats.positionMs).toBeGreaterThan(11_500);
    expect(programme.pictures).toBeLessThan(90);
  });

  test('and goes where an operator wants it', async () => {
    const paths = [await film(160), await film(240), await film(320)];
    const main = playlist(paths);
    await using programme = await played(paths[0] ?? '', { main, prepared: null });
    const control = programme.control.bind(programme);
    await shows(programme, 160);
    await control({ type: 'next' });
    await shows(programme, 240);
    await control({ type: 'previous' });
    await shows(programme, 160);
    const { playlist: before } = programme.programme.state();
    await control({ type: 'jump', item: before?.items[2]?.item ?? '' });
    await shows(programme, 320);
    await expect(control({ type: 'next' })).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
    expectNoGap(programme, 100);
    expect(programme.programme.state().playlist).toMatchObject({ index: 2, round: 0 });
  });

  test('and puts in what is added, before it is too late, and loses nothing', async () => {
    const paths = [await film(160, 3), await film(240, 3)];
    await using programme = await played(paths[0] ?? '', { main: playlist(paths), prepared: null });
    await shows(programme, 160);
    const [added] = (playlist([await film(320, 3)]) as Extract<Source, { kind: 'playlist' }>).items;
    if (!added) throw new Error('expected an item');
    const items = [{ ...added, id: 'i-zzzzzzzzzz' }];
    await programme.control({ type: 'add', items, at: 1 });
    expect((await programme.ended()).message).toBeNull();
    expect(widthsShown(programme).map(({ width }) => width)).toEqual([160, 320, 240]);
    expectNoGap(programme, 100);
  });
});

describe('Director is held', () => {
  test('at a picture, and goes on from there', async () => {
    await using programme = await played(await film(160));
    await programme.untilPictures(45);
    await programme.control({ type: 'pause' });
    const paused = programme.of('stats').at(-1)?.stats.positionMs ?? 0;
    expect(programme.programme.state()).toMatchObject({ paused: true, onAir: { entry: 'main' } });
    await programme.untilPictures(programme.pictures + 40);
    await programme.control({ type: 'resume' });
    await programme.untilPictures(programme.pictures + 60);
    expect(programme.programme.state()).toMatchObject({ paused: false, slates: 0 });
    expectNoGap(programme, 400);
    const after = programme.of('stats').at(-1)?.stats.positionMs ?? 0;
    expect(after).toBeGreaterThan(paused);
    expect(after).toBeLessThan(12_000);
  });

  test('and sought, and muted, and made louder, without a gap', async () => {
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

  test('and made louder where it comes to a port, which cannot be opened beside itself', async () => {
    const port = await freeUdpPort();
    await using _sender = sendFile(await film(160), ...toUdp(port));
    const url = `udp://127.0.0.1:${port}`;
    const main = { kind: 'url', url, live: null, loop: false, audioTrack: null } as const;
    await using programme = await played(await film(160), { main, prepared: null });
    await programme.untilPictures(20);
    const { plan } = programme.programme.state().entries[0] ?? {};
    await programme.control({ type: 'volume', percent: 50 });
    await programme.untilPictures(programme.pictures + 30);
    expect(programme.programme.state()).toMatchObject({ onAir: { entry: 'main' }, entries: [{ plan }, {}] });
    expect(programme.of('pipeline.started').length).toBe(1);
    expectNoGap(programme, 300);
  });

  test('and sought while it is held, but not behind its end, and gives way to the slate', async () => {
    await using programme = await played(await film(160));
    const control = programme.control.bind(programme);
    await programme.untilPictures(30);
    await control({ type: 'pause' });
    await programme.untilPictures(programme.pictures + 10);
    await control({ type: 'seek', positionMs: 10_000 });
    await control({ type: 'seekBy', offsetMs: 2000 });
    await expect(control({ type: 'seek', positionMs: 60_000 })).rejects.toMatchObject({
      code: 'NOT_SEEKABLE',
      message: 'expected a place before 20 s, where film-160-20.mp4 ends, got 60 s',
    });
    await control({ type: 'resume' });
    await programme.untilPictures(programme.pictures + 60);
    const { positionMs = 0 } = programme.of('stats').at(-1)?.stats ?? {};
    expect(positionMs).toBeGreaterThanOrEqual(12_000);
    expect(positionMs).toBeLessThan(18_000);
    await control({ type: 'pause' });
    await control({ type: 'slate', on: true });
    await shows(programme, slate);
    expect(programme.programme.state()).toMatchObject({ paused: true, onAir: { entry: 'slate' } });
  });
});
