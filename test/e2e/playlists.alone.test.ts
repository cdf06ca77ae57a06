import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { control } from '../../src/contract/control.ts';
import { type Source, source as sourceSchema } from '../../src/contract/models.ts';
import type { ProgrammeState } from '../../src/contract/programme-state.ts';
import type { Broadcast } from '../../src/daemon/rooms/broadcast.ts';
import { eventually, openRoom, type ReceivedMedia, received } from '../helpers/browser.ts';
import { daemonAndBrowser } from '../helpers/daemon-and-browser.ts';
import { aac, h264, opus, picture, tone } from '../helpers/media/recipes.ts';
import { makeMedia } from '../helpers/media/sample-files.ts';
import { frozenMs } from '../helpers/shown-frames.ts';

const here = daemonAndBrowser({ rtmp: { enabled: false } });

/** Three files of different size, frame rate, codecs and plan, of 3 s each. */
async function threeFiles(): Promise<string[]> {
  const x265 = ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=error', '-c:a', 'flac'];
  return await Promise.all([
    makeMedia('one.mp4', { args: [...picture('640x360', 3, 25), ...tone(440, 3), ...h264(25), ...aac] }),
    makeMedia('two.mkv', { args: [...picture('854x480', 3, 30), ...tone(660, 3), ...x265] }),
    makeMedia('three.mkv', { args: [...picture('480x270', 3, 15), ...tone(880, 3), ...h264(15), ...opus] }),
  ]);
}

describe.concurrent('a playlist in a browser', () => {
  test('skips what cannot be played, and shows what viewers see', async () => {
    const [one = '', two = ''] = await threeFiles();
    await using played = await play('skipping', listOf([one, '/nowhere/missing.mp4', two]));
    const first = await received(played.page);
    const { playlist } = await eventually(played.state, (state) => state.playlist?.index === 2);
    expect(playlist?.items.map(({ state }) => state)).toEqual(['played', 'skipped', 'playing']);
    expect(playlist?.items[1]?.reason).toBe('there is no file /nowhere/missing.mp4');
    const last = await eventually(
      () => received(played.page),
      ({ video }) => video?.height === 480,
    );
    expectUnbroken(first, last);
  });

  test('can be changed while it plays, and viewers notice nothing', async () => {
    const [one = '', two = '', three = ''] = await threeFiles();
    await using played = await play('changed', listOf([one, one, three]));
    const first = await received(played.page);
    const ids = () => played.state().then(({ playlist }) => playlist?.items.map(({ item }) => item) ?? []);
    const [, second = '', third = ''] = await ids();
    await played.control({ type: 'add', items: [{ source: { kind: 'file', path: two } }], at: 1 });
    await played.control({ type: 'move', item: third, to: 3 });
    const { playlist } = await played.control({ type: 'remove', item: second });
    expect(playlist?.items.map(({ words, state }) => [words, state])).toEqual([
      ['one.mp4', 'playing'],
      ['two.mkv', 'next'],
      ['three.mkv', 'waiting'],
    ]);
    const last = await eventually(
      () => received(played.page),
      ({ video }) => video?.height === 270,
    );
    expectUnbroken(first, last);
  });
});

function listOf(paths: readonly string[], loop = false): Source {
  const items = paths.map((path) => ({ source: { kind: 'file', path } }));
  return sourceSchema.parse({ kind: 'playlist', loop, items });
}

/** A source on air, and a page that plays it. */
interface Played extends AsyncDisposable {
  readonly page: Page;
  readonly state: () => Promise<ProgrammeState>;
  /** As the control API takes it. */
  readonly control: (command: Record<string, unknown> & { type: string }) => Promise<ProgrammeState>;
}

async function play(room: string, source: Source): Promise<Played> {
  const page = await openRoom(here.browser, `${here.server.url}/${room}`);
  const { desk } = here.server.daemon;
  const broadcast: Broadcast = await desk.start({ room, source });
  await page.keyboard.press('m');
  await eventually(
    () => received(page),
    ({ video, audio }) => (video?.framesDecoded ?? 0) > 15 && (audio?.energy ?? 0) > 0,
  );
  return {
    page,
    state: () => desk.programme(room),
    control: (command) => desk.control(room, control.parse(command)),
    async [Symbol.asyncDispose]() {
      await broadcast.close('stopped');
      await page.close();
    },
  };
}

/** The same tracks on the same connection, nothing lost, and no freeze. */
function expectUnbroken(first: ReceivedMedia, last: ReceivedMedia): void {
  expect(last.connections).toBe(first.connections);
  expect(last.video?.trackId).toBe(first.video?.trackId);
  expect(last.audio?.trackId).toBe(first.audio?.trackId);
  expect(last.video?.packetsLost).toBe(0);
  expect(last.audio?.packetsLost).toBe(0);
  expect((last.video?.freezeMs ?? 0) - (first.video?.freezeMs ?? 0)).toBeLessThan(frozenMs);
}
