import { describe, expect, test } from 'vitest';
import { source as sourceSchema } from '../../../../src/contract/models.ts';
import { listDevices } from '../../../../src/ingest/sources/capture/list-devices.ts';
import { Sources } from '../../../../src/ingest/sources/sources.ts';
import { isInstalled, openWindow, startDisplay } from '../../../helpers/desktop.ts';
import { planOptions } from '../../../helpers/plan-options.ts';
import { sourcesOptions } from '../../../helpers/sources-options.ts';
import { playedFrames } from '../../played-frames.ts';

const missing = ['Xvfb', 'xwininfo', 'xmessage'].filter((program) => !isInstalled(program));
if (missing.length > 0)
  console.warn(`Screens and windows are not tested, as these are not installed: ${missing.join(', ')}`);

async function prepare(value: unknown) {
  await using sources = await Sources.create(sourcesOptions);
  return await sources.prepare(sourceSchema.parse(value), planOptions);
}

describe.skipIf(missing.length > 0)('screens and windows', () => {
  test('a screen is played as it is, at 30 pictures a second', async () => {
    await using screen = await startDisplay();
    const source = sourceSchema.parse({ kind: 'screen', display: screen.display });
    await using sources = await Sources.create(sourcesOptions);
    const { probe, plan, live } = await sources.prepare(source, planOptions);
    expect(live).toBe(true);
    expect(probe).toMatchObject({
      ...{ path: `screen ${screen.display}`, format: 'x11grab', durationMs: null, sizeBytes: null },
      ...{ video: { codec: 'rawvideo', width: 640, height: 360, fps: 30 }, audioTracks: [] },
    });
    expect(plan).toMatchObject({
      video: { action: 'transcode', reasons: ['rawvideo → h264'], width: 640, height: 360 },
      audio: null,
    });
    const frames = await playedFrames(await sources.open(source), plan, 30);
    expect(frames[0]?.key).toBe(true);
    const apartUs = frames.slice(1).map(({ ptsUs }, index) => ptsUs - (frames[index]?.ptsUs ?? 0));
    expect(Math.min(...apartUs)).toBeGreaterThan(0);
  });

  test('a region is cut out of the screen', async () => {
    await using screen = await startDisplay();
    const region = { x: 100, y: 50, width: 201, height: 101 };
    const { plan, probe } = await prepare({ kind: 'screen', display: screen.display, region });
    expect(probe.video).toMatchObject({ width: 201, height: 101 });
    expect(plan.video).toMatchObject({ width: 200, height: 100 });
  });

  test('a window is found by a part of its title, and by its id', async () => {
    await using screen = await startDisplay();
    await using window = await openWindow(screen.display, 'Slides of day 1');
    const byTitle = await prepare({ kind: 'window', display: screen.display, window: 'slides' });
    const byId = await prepare({ kind: 'window', display: screen.display, window: window.id });
    expect(byTitle.probe.video?.width).toBeGreaterThan(100);
    expect(byTitle.probe.video?.width).toBeLessThan(640);
    expect(byId.probe.video).toEqual(byTitle.probe.video);
  });

  test('what is not there is named', async () => {
    await using screen = await startDisplay();
    const { display } = screen;
    const wrong = [
      [
        { kind: 'screen', display: ':29999' },
        'there is no X display :29999 that the user of the daemon may open',
      ],
      [
        { kind: 'window', display: ':29999', window: 'x' },
        'there is no X display :29999 that the user of the daemon may open',
      ],
      [{ kind: 'window', display, window: 'x' }, 'there is no window called "x"; there are: none'],
      [
        { kind: 'window', display, window: '0x77777' },
        `the window is not on the screen ${display} any more, or hidden`,
      ],
      [
        { kind: 'screen', display, region: { x: 600, y: 0, width: 100, height: 100 } },
        `the region is not on the screen ${display}`,
      ],
    ] as const;
    for (const [source, message] of wrong) await expect(prepare(source)).rejects.toThrow(message);
  });

  test('listDevices names displays and windows', async () => {
    await using screen = await startDisplay();
    await using window = await openWindow(screen.display, 'Slides');
    const { displays, windows } = await listDevices('ffmpeg');
    expect(displays).toContainEqual({ display: screen.display, width: 640, height: 360 });
    expect(windows.find(({ display }) => display === screen.display)).toMatchObject({
      id: window.id,
      title: 'Slides',
    });
  });
});
