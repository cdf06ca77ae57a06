import { describe, expect, test } from 'vitest';
import { MiroliveError } from '../../../../src/contract/errors.ts';
import type { MediaFrame } from '../../../../src/ingest/media/media-frame.ts';
import { FilePlayer, type FilePlayerOptions } from '../../../../src/ingest/process/players/file-player.ts';
import { Progress } from '../../../../src/ingest/process/players/progress.ts';
import type { Input } from '../../../../src/ingest/sources/input.ts';
import { VirtualClock } from '../../../helpers/virtual-clock.ts';
import { drain, pictures, sounds, video } from '../splicer/frames.ts';
import {
  heard,
  inputOf,
  opensInTime,
  type Script,
  ScriptedPipelines,
  transcoded,
} from './scripted-pipelines.ts';

function given(fromMs: number, toMs: number): MediaFrame[] {
  return [...pictures(fromMs, toMs), ...sounds(fromMs, toMs)].toSorted((a, b) => a.ptsUs - b.ptsUs);
}

interface Case {
  readonly scripts?: readonly Script[];
  readonly open?: () => Promise<Input>;
  readonly awaited?: boolean;
  readonly maxBitrateBps?: number | null;
  readonly startUs?: number;
  readonly stopUs?: number | null;
  readonly lengthUs?: number | null;
  readonly fillFor?: FilePlayerOptions['fillFor'];
  readonly planned?: FilePlayerOptions['planned'];
  readonly seen?: FilePlayerOptions['seen'];
  readonly encoderFailed?: FilePlayerOptions['encoderFailed'];
  /** Hears for each start whether it goes on behind something. */
  readonly opens?: boolean[];
}

function playing({
  scripts = [{ end: 'silence' }],
  open,
  awaited = true,
  opens = [],
  maxBitrateBps = 50_000_000,
  startUs = 0,
  stopUs = null,
  lengthUs = null,
  fillFor = () => () => [],
  planned = { plan: transcoded, replan: () => transcoded, lookMs: null },
  seen = { endedUs: null, tries: new Map() },
  encoderFailed = () => false,
}: Case) {
  const clock = new VirtualClock();
  const pipelines = new ScriptedPipelines(clock, scripts);
  const { words, tell } = heard();
  const player = FilePlayer.start({
    slate: () => undefined,
    ...{ planned, encoderFailed, ffmpeg: 'ffmpeg' },
    open: (signal, behind) => {
      opens.push(behind);
      return opensInTime(clock, open ?? (async () => inputOf()))(signal);
    },
    ...{
      stallTimeoutMs: 3000,
      startUs,
      stopUs,
      isLocal: false,
      identity: undefined,
      lengthUs,
      maxKeyframeIntervalMs: 2500,
      volumePercent: 100,
      maxBitrateBps,
      fillFor,
      seen,
    },
    ...{ kinds: ['video', 'audio'] as const, awaited, progress: new Progress(), tell },
    ...{ startPipeline: pipelines.start, clock },
  });
  return { clock, pipelines, player, words };
}

const missing = async () => {
  throw new Error('there is no such file');
};
const some = given(0, 400);
const code1 = 'ffmpeg ended with code 1';
/** 60 Mbit/s. */
const flood = Array.from({ length: 250 }, (_, index) => video(index * 40, index % 25 === 0, 300_000));
const tooMuch = 'expected at most 50 Mbit/s and 640 frames per second (limits.sourceBitrate), got more';

describe('FilePlayer tells once, in bounded time, what its source came to', () => {
  test.each<Case & { name: string; withinMs: number; says: string[] }>([
    {
      name: 'it cannot be opened, and somebody waits',
      ...{ open: missing, withinMs: 500 },
      says: ['failed: there is no such file', 'over: there is no such file'],
    },
    {
      name: 'it cannot be opened, and nobody waits',
      ...{ open: missing, awaited: false, withinMs: 10_000 },
      says: [...Array(4).fill('failed: there is no such file'), 'over: there is no such file'],
    },
    {
      name: 'opening throws at once',
      open: () => {
        throw new Error('wrong');
      },
      ...{ withinMs: 500, says: ['failed: wrong', 'over: wrong'] },
    },
    {
      name: 'opening never answers',
      open: () => new Promise(() => {}),
      withinMs: 31_000,
      says: ['failed: it was not opened within 15000 ms', 'over: it was not opened within 15000 ms'],
    },
    {
      name: 'ffmpeg is not there',
      ...{ scripts: [{ end: 'is not there' }], withinMs: 500 },
      says: ['failed: ffmpeg cannot be started: ENOENT', 'over: ffmpeg cannot be started: ENOENT'],
    },
    {
      name: 'ffmpeg fails at once',
      ...{ scripts: [{ end: 'fails' }], withinMs: 500 },
      says: ['failed: ffmpeg ended with code 1', 'over: ffmpeg ended with code 1'],
    },
    {
      name: 'ffmpeg fails once, and plays then',
      ...{ scripts: [{ end: 'fails' }, { frames: some, end: 'finishes' }], withinMs: 500 },
      says: ['failed: ffmpeg ended with code 1', 'frames', 'over: null'],
    },
    {
      name: 'ffmpeg gives no frame',
      ...{ scripts: [{ end: 'silence' }], withinMs: 31_000 },
      says: ['failed: no output for 15000 ms', 'over: no output for 15000 ms'],
    },
    {
      name: 'ffmpeg ends without a frame',
      ...{ scripts: [{ end: 'finishes' }], withinMs: 500, says: ['over: ffmpeg gave no frame of it'] },
    },
    {
      name: 'ffmpeg fails at the same place again and again',
      ...{ scripts: [{ frames: some, end: 'fails' }], withinMs: 10_000 },
      says: [
        'frames',
        ...Array(4).fill('failed: ffmpeg ended with code 1'),
        'over: ffmpeg ended with code 1',
      ],
    },
    {
      name: 'ffmpeg stalls at the same place again and again',
      ...{ scripts: [{ frames: some, end: 'silence' }], withinMs: 25_000 },
      says: ['frames', ...Array(4).fill('failed: no output for 3000 ms'), 'over: no output for 3000 ms'],
    },
    {
      name: 'it gives more than it may: it is not tried again',
      ...{ scripts: [{ frames: flood, end: 'goes on' }], withinMs: 500 },
      says: [`over: ${tooMuch}`],
    },
    {
      name: 'it gives more than that, and may: it is a file',
      ...{ scripts: [{ frames: flood, end: 'finishes' }], maxBitrateBps: null, withinMs: 500 },
      says: ['frames', 'over: null'],
    },
    {
      name: 'it is read to its end',
      ...{ scripts: [{ frames: some, end: 'finishes' }], withinMs: 500, says: ['frames', 'over: null'] },
    },
  ])('$name', async ({ withinMs, says, ...one }) => {
    const { clock, pipelines, player, words } = playing(one);
    await clock.pass(withinMs);
    expect(words).toEqual(says);
    await clock.pass(600_000);
    expect(words).toEqual(says);
    await player.close();
    expect({ running: pipelines.running, timers: clock.timers }).toEqual({ running: 0, timers: 0 });
  });

  test('closed while it is being opened: nothing is said, nothing is started, and what was opened is closed', async () => {
    const opened = Promise.withResolvers<Input>();
    let closed = 0;
    const { clock, pipelines, player, words } = playing({ open: () => opened.promise });
    await player.close();
    opened.resolve(inputOf(() => closed++));
    await clock.pass(60_000);
    expect({ words, closed, started: pipelines.started.length }).toEqual({
      words: [],
      closed: 1,
      started: 0,
    });
  });

  test('opened too late: it is closed', async () => {
    const opened = Promise.withResolvers<Input>();
    let closed = 0;
    const { clock, words } = playing({ open: () => opened.promise });
    await clock.pass(40_000);
    opened.resolve(inputOf(() => closed++));
    await clock.pass(1);
    expect(words.at(-1)).toBe('over: it was not opened within 15000 ms');
    expect(closed).toBe(2);
  });
});

describe('FilePlayer whose ffmpeg ends without a complaint, before the end of its source,', () => {
  const refused = new MiroliveError('SOURCE_UNREACHABLE', 'the server answered 503');
  const part: Script = { frames: given(0, 20_000), end: 'finishes' };
  const whole: Script = { frames: given(0, 60_000), end: 'finishes' };
  const lengthUs = 60_000_000;

  test('goes on where it was', async () => {
    const { clock, player, words, pipelines } = playing({ scripts: [part, whole], lengthUs });
    await clock.pass(1000);
    expect(words).toEqual(['frames', 'failed: it ended at 0:20 of 1:00', 'over: null']);
    expect(pipelines.started).toHaveLength(2);
    expect(drain(player.feed).filter((word) => word.startsWith('audio'))).toHaveLength(3000);
  });

  test('is over where it comes no further, and is not played again from memory', async () => {
    const short: Script = { frames: given(0, 400), end: 'finishes' };
    const { clock, player, words, pipelines } = playing({ scripts: [short], lengthUs });
    await clock.pass(60_000);
    expect(words).toEqual(['frames', 'failed: it ended at 0:00 of 1:00', 'over: null']);
    expect(pipelines.started.length).toBeLessThan(4);
    expect(player.feed.again()).toBeUndefined();
  });

  test('is over at once where it ended before, in a later round', async () => {
    const short: Script = { frames: given(0, 20_000), end: 'finishes' };
    const seen = { endedUs: null, tries: new Map() };
    await playing({ scripts: [short], lengthUs, seen }).clock.pass(60_000);
    const { clock, words, pipelines } = playing({ scripts: [short], lengthUs, seen });
    await clock.pass(60_000);
    expect([words, pipelines.started.length]).toEqual([['frames', 'over: null'], 1]);
    const earlier = playing({
      scripts: [{ frames: given(0, 10_000), end: 'finishes' }, whole],
      lengthUs,
      seen,
    });
    await earlier.clock.pass(60_000);
    expect(earlier.words).toEqual(['frames', 'failed: it ended at 0:10 of 1:00', 'over: null']);
    expect(seen.endedUs).toBeNull();
  });

  test.each([
    { name: 'twice near each other', missing: [8, 12, 16, 20] },
    { name: 'for long', missing: [8, 24] },
    { name: 'for longer than a jump of times', missing: [8, 50] },
  ])(
    'is asked for the same place twice more where it is refused $name, goes on behind it, and says so once',
    async ({ missing }) => {
      const edges = [0, ...missing, 60].map((atS) => atS * 1000);
      const frames = edges.flatMap((fromMs, at) => (at % 2 === 0 ? given(fromMs, edges[at + 1] ?? 0) : []));
      const { video: picture } = transcoded;
      const copied = { ...transcoded, video: picture && { ...picture, action: 'copy' as const } };
      const { clock, player, words } = playing({
        ...{ scripts: [{ frames, end: 'finishes' }], lengthUs },
        open: async () => ({ ...inputOf(), explain: () => refused }),
        planned: { plan: copied, replan: () => copied, lookMs: null },
      });
      await clock.pass(10_000);
      const told = (type: string) => words.filter((word) => word.startsWith(type)).length;
      expect([told('failed'), told('gap')]).toEqual([missing.length, missing.length / 2]);
      expect(words.at(-1)).toBe('over: null');
      const expected = frames.filter(({ kind }) => kind === 'video').map(({ data }) => data.toString());
      expect(drain(player.feed).filter((word) => word.startsWith('video'))).toEqual(expected);
    },
  );

  test('goes on as if nothing was between where its times jump, and nothing was refused', async () => {
    const frames = [...given(0, 20_000), ...given(40_000, 80_000)];
    const { clock, player, words, pipelines } = playing({ scripts: [{ frames, end: 'finishes' }], lengthUs });
    await clock.pass(1000);
    expect(words).toEqual(['frames', 'over: null']);
    expect(Math.abs(player.feed.endUs - lengthUs)).toBeLessThan(50_000);
    expect(pipelines.started[0]?.args).toContain('-dts_delta_threshold');
    const { audio: _, ...picture } = transcoded;
    const silent = { ...picture, audio: null };
    const alone = playing({ planned: { plan: silent, replan: () => silent, lookMs: null } });
    await alone.clock.pass(1);
    expect(alone.pipelines.started[0]?.args).not.toContain('-dts_delta_threshold');
  });

  test('is begun there once more where something could not be had, and it is not known how long it is', async () => {
    const open = async () => ({ ...inputOf(), explain: () => refused });
    const { clock, words } = playing({ scripts: [part], open });
    await clock.pass(60_000);
    expect(words).toEqual(['frames', 'failed: the server answered 503', 'over: null']);
  });

  test('is not blamed where what leads to it died', async () => {
    const died = new MiroliveError('INGEST_UNAVAILABLE', 'the process that had it open has died');
    const open = async () => ({ ...inputOf(), explain: () => died });
    const scripts = [...Array(7).fill(part), whole];
    const { clock, words } = playing({ scripts, open, lengthUs });
    await clock.pass(30_000);
    expect(words).toEqual(['frames', ...Array(7).fill(`failed: ${died.message}`), 'over: null']);
  });

  test('goes on where its sound, which is read apart, was cut off', async () => {
    let opened = 0;
    const open = async () => {
      const isSound = ++opened === 2;
      return { ...inputOf(), explain: () => (isSound ? refused : null) };
    };
    const scripts: Script[] = [
      { frames: given(0, 10_000), end: 'goes on' },
      { frames: sounds(0, 10_000), end: 'finishes' },
      whole,
    ];
    const { clock, player, words } = playing({ scripts, open, lengthUs });
    await clock.pass(1);
    player.setVolume(50);
    await clock.pass(1000);
    expect(words).toEqual(['frames', 'failed: the server answered 503', 'over: null']);
    expect(drain(player.feed).filter((word) => word.startsWith('audio'))).toHaveLength(3000);
  });

  test('fails where something could not be had', async () => {
    const open = async () => ({ ...inputOf(), explain: () => refused });
    const { clock, words } = playing({ scripts: [part], open, lengthUs });
    await clock.pass(60_000);
    expect(words).toEqual([
      'frames',
      ...Array(4).fill('failed: the server answered 503'),
      'over: the server answered 503',
    ]);
  });

  test.each(['nowhere', 'to its beginning'] as const)(
    'is read up to its place, where a seek leads %s',
    async (seeks) => {
      const scripts = [{ ...whole, seeks }];
      const { clock, player, words, pipelines } = playing({ scripts, startUs: 30_000_000, lengthUs });
      await clock.pass(1000);
      expect(words).toEqual(['frames', 'over: null']);
      expect(pipelines.started).toHaveLength(2);
      expect(pipelines.started[1]?.args.join(' ')).toMatch(/ -i source .* -ss 30\.000 /);
      expect(player.feed.startUs).toBe(30_000_000);
      expect(drain(player.feed).filter((word) => word.startsWith('audio'))).toHaveLength(1500);
    },
  );

  test('is not, where that is far', async () => {
    const scripts: Script[] = [{ frames: given(0, 400), seeks: 'nowhere', end: 'finishes' }];
    const { clock, words } = playing({ scripts, startUs: 3_600_000_000, lengthUs: 7_200_000_000 });
    await clock.pass(1000);
    expect(words).toEqual([
      'over: nothing comes from 1:00:00 on: nothing can be sought in it, and that is too far to read up to',
    ]);
  });

  test.each([35_000, 3_600_000])(
    'is not needed, at %i ms, where key frames are far apart',
    async (placeMs) => {
      const scripts: Script[] = [
        { frames: given(placeMs - 20_000, placeMs + 400), seeks: 'to its beginning', end: 'goes on' },
      ];
      const { clock, player, words, pipelines } = playing({
        scripts,
        startUs: placeMs * 1000,
        lengthUs: null,
      });
      await clock.pass(1000);
      expect([words, pipelines.started.length]).toEqual([['frames'], 1]);
      await player.close();
    },
  );

  test('is not read up to a place where it fails far from its beginning', async () => {
    const far: Script = { frames: given(0, 700_000), end: 'fails' };
    const scripts: Script[] = [{ ...far, seeks: 'nowhere', end: 'finishes' }, far];
    const { clock, words, pipelines } = playing({ scripts, startUs: 300_000_000, lengthUs: 7_200_000_000 });
    await clock.pass(10_000);
    expect(words.slice(0, 2)).toEqual(['frames', `failed: ${code1}`]);
    expect(words[2]).toMatch(/^over: nothing comes from 11:39 on: nothing can be sought in it/);
    expect(pipelines.started).toHaveLength(2);
  });

  test('goes on where it was killed, although a seek leads nowhere', async () => {
    const killed: Script = { ...part, end: 'fails' };
    const { clock, player, words } = playing({ scripts: [killed, { ...whole, seeks: 'nowhere' }], lengthUs });
    await clock.pass(1000);
    expect(words).toEqual(['frames', `failed: ${code1}`, 'over: null']);
    expect(drain(player.feed).filter((word) => word.startsWith('audio'))).toHaveLength(3000);
  });
});

test('What waits while it is found out why something is missing is worked on marked, as all that comes of a source', async () => {
  let slices = 0;
  const slice = (work: () => void) => {
    slices++;
    work();
  };
  const scripts: Script[] = [{ frames: [...given(0, 400), ...given(3000, 3400)], end: 'goes on' }];
  const { clock, player } = playing({ scripts, open: async () => ({ ...inputOf(), slice }) });
  await clock.pass(100);
  expect(slices).toBe(1);
  expect(player.feed.endUs).toBeGreaterThan(3_000_000);
  await player.close();
});

describe('FilePlayer whose ffmpeg fails', () => {
  /** Comes so much further each time, in ms. */
  const failing = (furtherMs: number) =>
    Array.from(
      { length: 6 },
      (_, at): Script => ({
        frames: given(0, (at + 1) * furtherMs),
        end: at === 5 ? 'finishes' : 'fails',
      }),
    );

  test('five times is begun anew at once, where each came at least 250 ms further', async () => {
    const { clock, pipelines, words } = playing({ scripts: failing(280) });
    await clock.pass(0);
    expect(pipelines.started.length).toBe(6);
    expect(words).toEqual(['frames', ...Array(5).fill(`failed: ${code1}`), 'over: null']);
  });

  test('is begun anew later and later, where it comes no further than that', async () => {
    const { clock, pipelines } = playing({ scripts: failing(80) });
    await clock.pass(100);
    expect(pipelines.started.length).toBe(2);
  });

  test('waits for others only before its first frame, and only where nothing plays before it', async () => {
    const opens: boolean[] = [];
    const scripts: Script[] = [{ end: 'fails' }, ...failing(280)];
    await playing({ scripts, opens }).clock.pass(1000);
    expect(opens).toEqual([false, false, true, true, true, true, true]);
    const following: boolean[] = [];
    await playing({ scripts: [{ end: 'finishes' }], awaited: false, opens: following }).clock.pass(0);
    expect(following).toEqual([true]);
  });
});

test('FilePlayer waits for an encoder in hardware no longer than its source takes to come, and little more', async () => {
  const { video: picture } = transcoded;
  const encoder = { name: 'vaapi', device: '/dev/dri/renderD128', instead: null } as const;
  const plan = { ...transcoded, video: picture && { ...picture, encoder } };
  const { clock, player, words } = playing({ planned: { plan, replan: () => plan, lookMs: 4000 } });
  await clock.pass(6900);
  expect(words).toEqual([]);
  await clock.pass(200);
  expect(words).toEqual(['failed: no output for 7000 ms']);
  await player.close();
});

test.each([
  { startMs: 0, onceMs: 15_000 },
  { startMs: 240_000, onceMs: 45_000 },
  { startMs: 20 * 3_600_000, onceMs: 60_000 },
])(
  'FilePlayer waits 15 s for what is encoded from $startMs ms on, and once $onceMs ms: it may have to be decoded from its beginning',
  async ({ startMs, onceMs }) => {
    const { clock, words } = playing({ startUs: startMs * 1000, awaited: false });
    await clock.pass(600_000);
    const waitsMs = [15_000, onceMs, 15_000, 15_000];
    expect(words).toEqual([
      ...waitsMs.map((ms) => `failed: no output for ${ms} ms`),
      'over: no output for 15000 ms',
    ]);
  },
);

test('FilePlayer goes on where what leads to its source dies, however often', async () => {
  const died = new MiroliveError('INGEST_UNAVAILABLE', 'the process that had it open has died');
  let opened = 0;
  const open = async () => {
    const isDead = ++opened <= 7;
    return { ...inputOf(), explain: () => (isDead ? died : null) };
  };
  const scripts: Script[] = [...Array(7).fill({ end: 'fails' }), { frames: some, end: 'finishes' }];
  const { clock, player, words } = playing({ scripts, open });
  await clock.pass(15_000);
  expect(words).toEqual([...Array(7).fill(`failed: ${died.message}`), 'frames', 'over: null']);
  await player.close();
});

describe('FilePlayer changes the volume of what plays', () => {
  const first: Script = { frames: given(0, 2000), end: 'silence' };

  test('with the sound of a second ffmpeg, from a place ahead, and leaves the picture alone', async () => {
    const louder = sounds(0, 1400).map((frame) => ({ ...frame, data: Buffer.from('louder') }));
    const { clock, pipelines, player } = playing({ scripts: [first, { frames: louder, end: 'silence' }] });
    await clock.pass(1);
    player.setVolume(50);
    await clock.pass(1);
    expect(pipelines.started).toHaveLength(2);
    expect(pipelines.started[1]?.args.join(' ')).toMatch(
      / -ss 0\.406500 -i source -filter:a \S+,volume=0\.5,.* -map 0:1 /,
    );
    const played = drain(player.feed);
    expect(played.filter((word) => word.startsWith('video'))).toHaveLength(50);
    // 400 ms ahead it begins, 200 ms it runs up.
    expect(played.filter((word) => word.startsWith('audio')).at(-1)).toBe('audio 580');
    expect(played.filter((word) => word === 'louder')).toHaveLength(40);
    await player.close();
    expect(pipelines.running).toBe(0);
  });

  test('once more only when the first has joined, at the volume of then', async () => {
    const { clock, pipelines, player } = playing({ scripts: [first, { end: 'silence' }] });
    await clock.pass(1);
    for (const percent of [90, 80, 70]) player.setVolume(percent);
    await clock.pass(1);
    expect(pipelines.started).toHaveLength(2);
    await player.close();
  });

  test.each<{ name: string; louder: Script }>([
    { name: 'fails', louder: { afterMs: 100, end: 'fails' } },
    { name: 'has nothing', louder: { afterMs: 100, end: 'finishes' } },
  ])('once more where the first $name when all has been read', async ({ louder }) => {
    const scripts: Script[] = [{ frames: given(0, 2000), end: 'finishes' }, louder];
    const { clock, pipelines, player } = playing({ scripts });
    await clock.pass(1);
    for (const percent of [90, 80, 70]) player.setVolume(percent);
    await clock.pass(1000);
    expect(pipelines.started).toHaveLength(3);
    expect(pipelines.started[2]?.args.join(' ')).toContain(',volume=0.7,');
    await player.close();
  });

  test('by beginning anew behind what was read, where the sound cannot be had', async () => {
    const again: Script = { frames: given(0, 1000), end: 'silence' };
    const { clock, pipelines, player, words } = playing({ scripts: [first, { end: 'fails' }, again] });
    await clock.pass(1);
    player.setVolume(50);
    await clock.pass(1);
    expect(words).toEqual(['frames', 'failed: ffmpeg ended with code 1']);
    expect(pipelines.started.map(({ closed }) => closed)).toEqual([true, true, false]);
    expect(pipelines.started[2]?.args.join(' ')).toContain(',volume=0.5,');
    await player.close();
  });

  test('and is over when both have been read', async () => {
    const { clock, player, words } = playing({
      scripts: [
        { frames: given(0, 2000), end: 'finishes' },
        { frames: sounds(0, 2000), end: 'finishes' },
      ],
    });
    await clock.pass(1);
    player.setVolume(50);
    await clock.pass(1);
    expect(words).toEqual(['frames', 'over: null']);
    await player.close();
  });

  test('and what is filled in goes on', async () => {
    const filled = (frame: MediaFrame) => [{ ...video(frame.ptsUs / 1000, true), ptsUs: frame.ptsUs }];
    const { clock, pipelines, player } = playing({
      scripts: [
        { frames: sounds(0, 1000), later: { afterMs: 100, frames: sounds(1000, 2000) }, end: 'goes on' },
        { frames: sounds(0, 2000), end: 'finishes' },
      ],
      fillFor: () => filled,
    });
    await clock.pass(1);
    player.setVolume(50);
    await clock.pass(200);
    expect(pipelines.started).toHaveLength(2);
    expect(drain(player.feed).filter((word) => word.startsWith('video'))).toHaveLength(100);
    await player.close();
  });

  test('of what is still to begin, with its first start', async () => {
    const { clock, pipelines, player } = playing({ scripts: [first] });
    player.setVolume(30);
    await clock.pass(1);
    expect(pipelines.started).toHaveLength(1);
    expect(pipelines.started[0]?.args.join(' ')).toContain(',volume=0.3,');
    await player.close();
  });
});

describe('FilePlayer with pictures in its copy that ffmpeg calls key frames, and that are none (intra refresh)', () => {
  const { video: picture } = transcoded;
  const copied = { ...transcoded, video: picture && { ...picture, action: 'copy' as const } };
  const planned: FilePlayerOptions['planned'] = {
    ...{ plan: copied, lookMs: null },
    replan: (seen) => (seen?.intraRefresh ? transcoded : copied),
  };
  const anew = (): FilePlayerOptions['seen'] => ({ endedUs: null, tries: new Map() });
  const withRefreshes = (frames: readonly MediaFrame[], isOne: (atMs: number) => boolean) =>
    frames.map((frame) =>
      frame.kind === 'video' && !frame.key && isOne(frame.ptsUs / 1000)
        ? { ...frame, refreshes: true as const }
        : frame,
    );
  const refreshing = withRefreshes(given(0, 3200), (atMs) => atMs % 400 === 0);
  const encoded = given(0, 3200).map((frame) => (frame.kind === 'video' ? { ...frame, key: true } : frame));
  const shownOf = (player: FilePlayer) => drain(player.feed).filter((word) => word.startsWith('video'));
  const all = Array.from({ length: 80 }, (_, index) => `video ${index * 40}`);

  test('goes on by another plan where none is one, without a seam; the next time it is begun by that', async () => {
    const seen = anew();
    const scripts: Script[] = [
      { frames: refreshing, end: 'goes on' },
      { frames: encoded, end: 'finishes' },
    ];
    const first = playing({ scripts, planned, seen });
    await first.clock.pass(500);
    expect(first.words).toEqual(['frames', 'over: null']);
    expect(first.player.plan).toEqual(transcoded);
    expect(first.pipelines.started.map(({ closed }) => closed)).toEqual([true, true]);
    expect(shownOf(first.player)).toEqual(all);
    await first.player.close();
    const second = playing({ scripts: scripts.slice(1), planned, seen });
    await second.clock.pass(500);
    expect(second.player.plan).toEqual(transcoded);
    expect(second.pipelines.started).toHaveLength(1);
    expect(shownOf(second.player)).toEqual(all);
    await second.player.close();
  });

  test('goes on by that plan where an encoder fails', async () => {
    const scripts: Script[] = [
      { frames: refreshing, end: 'goes on' },
      { end: 'fails' },
      { frames: encoded, end: 'finishes' },
    ];
    const { clock, player } = playing({ scripts, planned, encoderFailed: () => true });
    await clock.pass(5000);
    expect(player.plan).toEqual(transcoded);
    expect(shownOf(player)).toEqual(all);
    await player.close();
  });

  test('is copied where key frames are near enough beside them', async () => {
    const frames = withRefreshes([...given(0, 2000), ...given(2000, 3200)], (atMs) => atMs === 1000);
    const { clock, player, pipelines } = playing({ scripts: [{ frames, end: 'finishes' }], planned });
    await clock.pass(500);
    expect(player.plan).toEqual(copied);
    expect(pipelines.started).toHaveLength(1);
    expect(shownOf(player)).toEqual(all);
    await player.close();
  });

  test('is made anew at once where it is begun at one, for that time', async () => {
    const seen = anew();
    const behind = (frames: readonly MediaFrame[]) => frames.filter(({ ptsUs }) => ptsUs >= 1_200_000);
    const scripts: Script[] = [
      { frames: behind(refreshing), end: 'goes on' },
      { frames: behind(encoded), end: 'finishes' },
    ];
    const { clock, player } = playing({ scripts, planned, seen, startUs: 1_200_000 });
    await clock.pass(500);
    expect({ plan: player.plan, picture: seen.picture }).toEqual({ plan: transcoded, picture: undefined });
    expect(shownOf(player)).toEqual(all.slice(30));
    await player.close();
  });
});
