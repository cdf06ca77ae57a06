import { describe, expect, test } from 'vitest';
import type { Plan } from '../../../../src/contract/plan.ts';
import { blamesEncoder } from '../../../../src/ingest/ffmpeg/complaint.ts';
import type { MediaFrame } from '../../../../src/ingest/media/media-frame.ts';
import { LivePlayer, type LivePlayerOptions } from '../../../../src/ingest/process/players/live-player.ts';
import type { Planned } from '../../../../src/ingest/process/players/played-source.ts';
import type { Slate } from '../../../../src/ingest/process/slate/slate.ts';
import type { Input } from '../../../../src/ingest/sources/input.ts';
import { VirtualClock } from '../../../helpers/virtual-clock.ts';
import { pictures, sounds, video } from '../splicer/frames.ts';
import {
  heard,
  inputOf,
  opensInTime,
  type Script,
  ScriptedPipelines,
  transcoded,
} from './scripted-pipelines.ts';

const given: readonly MediaFrame[] = [...pictures(0, 400), ...sounds(0, 400)].toSorted(
  (a, b) => a.ptsUs - b.ptsUs,
);
/** 60 Mbit/s. */
const flood = Array.from({ length: 250 }, (_, index) => video(index * 40, index % 25 === 0, 300_000));
const tooMuch = 'expected at most 50 Mbit/s and 640 frames per second (limits.sourceBitrate), got more';
const live: Planned = { plan: transcoded, replan: () => transcoded, lookMs: null };

interface Case {
  readonly scripts?: readonly Script[];
  readonly open?: () => Promise<Input>;
  readonly prepare?: () => Promise<Planned>;
  readonly once?: boolean;
  readonly volumePercent?: number;
  readonly encoderFailed?: LivePlayerOptions['encoderFailed'];
  readonly came?: LivePlayerOptions['came'];
  readonly slate?: Slate;
}

function playing({ scripts = [{ end: 'silence' }], open, prepare = async () => live, ...more }: Case) {
  const { once = false, encoderFailed = () => false, volumePercent = 100, came = null, slate } = more;
  const clock = new VirtualClock();
  const pipelines = new ScriptedPipelines(clock, scripts);
  const { words, tell } = heard();
  const plans: Plan[] = [];
  const player = LivePlayer.start({
    ...{ prepare, prepared: null, ffmpeg: 'ffmpeg' },
    open: opensInTime(clock, open ?? (async () => inputOf(() => {}, true))),
    ...{
      stallTimeoutMs: 4000,
      maxKeyframeIntervalMs: 2500,
      volumePercent,
      maxBitrateBps: 50_000_000,
      fillFor: () => () => [],
      slate: () => slate,
      ...{ expected: came && (['video', 'audio'] as const), came },
    },
    ...{ kinds: ['video', 'audio'] as const, once, encoderFailed },
    tell: (news) => {
      tell(news);
      if (news.type === 'planned') plans.push(news.plan);
    },
    ...{ startPipeline: pipelines.start, clock },
  });
  return { clock, pipelines, player, words, plans };
}

const vaapi = { name: 'vaapi', device: '/dev/dri/renderD128', instead: null } as const;
const gone = async () => {
  throw new Error('there is no such camera');
};

describe('LivePlayer tells of each loss, and tries again by its back-off', () => {
  test.each<Case & { name: string; perTryMs: number; says: string }>([
    { name: 'it cannot be looked at', ...{ prepare: gone, perTryMs: 0, says: 'there is no such camera' } },
    { name: 'it cannot be opened', ...{ open: gone, perTryMs: 0, says: 'there is no such camera' } },
    {
      name: 'opening never answers',
      open: () => new Promise(() => {}),
      ...{ perTryMs: 15_000, says: 'it was not opened within 15000 ms' },
    },
    {
      name: 'ffmpeg fails at once',
      ...{ scripts: [{ end: 'fails' }], perTryMs: 0, says: 'ffmpeg ended with code 1' },
    },
    {
      name: 'ffmpeg gives no frame',
      ...{ scripts: [{ end: 'silence' }], perTryMs: 15_000, says: 'no output for 15000 ms' },
    },
    {
      name: 'ffmpeg ends without a frame',
      ...{ scripts: [{ end: 'finishes' }], perTryMs: 0, says: 'it has ended' },
    },
  ])('$name', async ({ perTryMs, says, ...one }) => {
    const { clock, pipelines, player, words } = playing(one);
    // At once, then after 0.5, 1, 2, 4 and 8 s, less what is left to chance.
    await clock.pass(7 * perTryMs + 15_500 + 100);
    expect(new Set(words)).toEqual(new Set([`away: ${says}`]));
    expect(words.length).toBeGreaterThanOrEqual(7);
    const before = words.length;
    await clock.pass(60_000);
    expect(words.length - before).toBeLessThanOrEqual(60_000 / (8000 * 0.8 + perTryMs) + 1);
    expect(words.length - before).toBeGreaterThanOrEqual(Math.floor(60_000 / (8000 + perTryMs)) - 1);
    await player.close();
    expect({ running: pipelines.running, timers: clock.timers }).toEqual({ running: 0, timers: 0 });
  });

  test.each<{ name: string; scripts: Script[]; withinMs: number; says: string[] }>([
    {
      name: 'where ffmpeg is not there, it is over',
      ...{ scripts: [{ end: 'is not there' }], withinMs: 10 },
      says: ['over: ffmpeg cannot be started: ENOENT'],
    },
    {
      name: 'where it gives more than it may, it is over',
      ...{ scripts: [{ frames: flood, end: 'goes on' }], withinMs: 10 },
      says: [`over: ${tooMuch}`],
    },
    {
      name: 'where it stalls, it is away',
      ...{ scripts: [{ frames: given, end: 'silence' }], withinMs: 4010 },
      says: ['frames', 'away: no output for 4000 ms'],
    },
    {
      name: 'where it ends, it is away',
      ...{ scripts: [{ frames: given, end: 'finishes' }, { end: 'silence' }], withinMs: 10 },
      says: ['frames', 'away: it has ended'],
    },
  ])('$name', async ({ scripts, withinMs, says }) => {
    const { clock, player, words } = playing({ scripts });
    await clock.pass(withinMs);
    expect(words).toEqual(says);
    await player.close();
    expect(clock.timers).toBe(0);
  });

  test('where ffmpeg is killed it is begun again at once, without a look, unless that is killed too', async () => {
    const killed: Script = { frames: given, afterMs: 100, end: 'is killed' };
    let looks = 0;
    const prepare = async () => {
      looks++;
      return live;
    };
    const { clock, player, words, pipelines } = playing({
      prepare,
      scripts: [killed, killed, { end: 'silence' }],
    });
    await clock.pass(150);
    expect({ words, looks, started: pipelines.started.length }).toEqual({
      words: ['frames', 'crashed: ffmpeg was ended by SIGKILL'],
      looks: 1,
      started: 2,
    });
    await clock.pass(1000);
    expect({ last: words.at(-1), looks }).toEqual({ last: 'away: ffmpeg was ended by SIGKILL', looks: 2 });
    await player.close();
  });

  test('where ffmpeg is killed now and then, each time is the first', async () => {
    const killed: Script = { frames: given, lastsMs: 60_000, end: 'is killed' };
    const { clock, player, words } = playing({ scripts: [killed, killed, { end: 'silence' }] });
    await clock.pass(121_000);
    expect(words.filter((one) => one !== 'frames')).toEqual(
      Array(2).fill('crashed: ffmpeg was ended by SIGKILL'),
    );
    await player.close();
  });

  test('what comes, but never has a picture to begin with, is away too', async () => {
    const soundAlone: Script = { frames: sounds(0, 400), end: 'goes on' };
    const { clock, pipelines, player, words } = playing({ scripts: [soundAlone] });
    await clock.pass(30_100);
    expect(words).toEqual(['frames', 'away: nothing that can be shown came within 30000 ms']);
    expect(pipelines.started).toHaveLength(2);
    await player.close();
    expect(pipelines.running).toBe(0);
  });

  test.each<{ name: string; scripts: Script[]; says: string[] }>([
    { name: 'its end', ...{ scripts: [{ frames: given, end: 'finishes' }], says: ['frames', 'over: null'] } },
    {
      name: 'no ffmpeg',
      ...{ scripts: [{ end: 'is not there' }], says: ['over: ffmpeg cannot be started: ENOENT'] },
    },
  ])('what cannot be connected to again is over with $name', async ({ scripts, says }) => {
    const { clock, pipelines, player, words } = playing({ scripts, once: true });
    await clock.pass(60_000);
    expect(words).toEqual(says);
    expect(pipelines.started).toHaveLength(1);
    await player.close();
    expect(clock.timers).toBe(0);
  });

  test('what comes back different is played by what it is then', async () => {
    const copied = {
      ...transcoded,
      video: transcoded.video && { ...transcoded.video, action: 'copy' as const },
    };
    const plans = [copied, transcoded, transcoded];
    let looks = 0;
    const { clock, pipelines, player } = playing({
      scripts: [{ frames: given, end: 'fails' }],
      prepare: async () => {
        const plan = plans[Math.min(looks++, 2)] as typeof transcoded;
        return { plan, replan: () => plan, lookMs: null };
      },
    });
    await clock.pass(3000);
    const copies = pipelines.started.map(
      ({ args }) => args.join(' ').includes('-c:v copy') || args.includes('copy'),
    );
    expect(copies.slice(0, 3)).toEqual([true, false, false]);
    expect(player.plan).toBe(plans[1]);
    await player.close();
  });

  test('closed while it is being opened, it says nothing and starts nothing', async () => {
    const opened = Promise.withResolvers<Input>();
    let disposed = 0;
    const { clock, pipelines, player, words } = playing({ open: () => opened.promise });
    await clock.pass(1);
    await player.close();
    opened.resolve(inputOf(() => disposed++, true));
    await clock.pass(60_000);
    expect({ words, disposed, started: pipelines.started.length }).toEqual({
      ...{ words: [], disposed: 1, started: 0 },
    });
  });
});

describe('LivePlayer whose key frames are too far apart', () => {
  const { video: picture } = transcoded;
  const copied: Plan = { ...transcoded, video: picture && { ...picture, action: 'copy' } };
  const prepare = async () => ({ plan: copied, replan: () => transcoded, lookMs: null });
  const apart = [...pictures(0, 3000), ...sounds(0, 3000)].toSorted((a, b) => a.ptsUs - b.ptsUs);

  test('plays on where it cannot be connected to twice, and tells later how that ended', async () => {
    const blamed: string[] = [];
    const { clock, player, words, plans } = playing({
      scripts: [{ frames: apart, end: 'silence' }, { end: 'fails' }, { frames: given, end: 'goes on' }],
      prepare,
      encoderFailed: (plan, message) => {
        blamed.push(`${plan.video?.action}: ${message}`);
        return false;
      },
    });
    await clock.pass(3900);
    expect({ words, plans, plan: player.plan }).toEqual({ words: ['frames'], plans: [copied], plan: copied });
    await clock.pass(1000);
    expect(words).toEqual(['frames', 'away: no output for 4000 ms']);
    expect(blamed).toEqual(['copy: no output for 4000 ms']);
    // What was seen of it holds for the next connection.
    expect(plans).toEqual([copied, transcoded]);
    await player.close();
  });

  test('is no picture that is gone for a while, and comes back in the midst of its group', async () => {
    const slate = { frames: pictures(0, 1000), durationUs: 1_000_000 };
    const midst = pictures(10_000, 10_400).map((frame) => ({ ...frame, key: false }));
    const back = [...midst, ...pictures(10_400, 12_000), ...sounds(10_000, 12_000)];
    const parts = [
      { afterMs: 0, frames: given },
      ...Array.from({ length: 48 }, (_, index) => {
        const fromMs = 400 + index * 200;
        return { afterMs: fromMs, frames: sounds(fromMs, fromMs + 200) };
      }),
      { afterMs: 10_000, frames: back.toSorted((a, b) => a.ptsUs - b.ptsUs) },
    ];
    const scripts: Script[] = [{ parts, end: 'goes on' }];
    const { clock, pipelines, player, plans } = playing({ scripts, prepare, slate });
    await clock.pass(12_000);
    expect({ plans, started: pipelines.started.length }).toEqual({ plans: [copied], started: 1 });
    await player.close();
  });

  test('tells of the other plan when that takes over', async () => {
    const scripts: Script[] = [
      { frames: apart, end: 'goes on' },
      { frames: given, afterMs: 2000, end: 'goes on' },
    ];
    const { clock, pipelines, player, words, plans } = playing({ scripts, prepare });
    await clock.pass(1900);
    expect(plans).toEqual([copied]);
    await clock.pass(200);
    expect({ words, plans, running: pipelines.running }).toEqual({
      ...{ words: ['frames'], plans: [copied, transcoded], running: 1 },
    });
    await player.close();
  });
});

describe('LivePlayer whose copied picture has no key frames (intra refresh)', () => {
  const { video: picture } = transcoded;
  const copied: Plan = { ...transcoded, video: picture && { ...picture, action: 'copy' } };
  const seen: unknown[] = [];
  const prepare = async (): Promise<Planned> => ({
    plan: copied,
    replan: (other) => {
      seen.push(other);
      return transcoded;
    },
    lookMs: null,
  });
  const refreshing = [...given, { ...video(400), refreshes: true as const }, ...pictures(440, 2540).slice(1)];

  test('goes on by another plan once none has come for too long, and without a seam', async () => {
    const scripts: Script[] = [
      { frames: refreshing, end: 'goes on' },
      { frames: given, afterMs: 500, end: 'goes on' },
    ];
    const { clock, pipelines, player, words, plans } = playing({ scripts, prepare });
    await clock.pass(400);
    expect({ plans, running: pipelines.running }).toEqual({ plans: [copied], running: 2 });
    await clock.pass(200);
    expect({ words, plans, running: pipelines.running }).toEqual({
      ...{ words: ['frames'], plans: [copied, transcoded], running: 1 },
    });
    expect(seen).toEqual([{ intraRefresh: true }]);
    await player.close();
  });

  test('connects again by another plan where it cannot be opened beside itself', async () => {
    const scripts: Script[] = [
      { frames: refreshing, end: 'goes on' },
      { frames: given, end: 'goes on' },
    ];
    const open = async () => ({ ...inputOf(() => {}, true), measurable: true });
    const { clock, player, words, plans } = playing({ scripts, prepare, open });
    await clock.pass(2000);
    expect(words).toEqual(['frames', 'away: its picture cannot be passed on as it is: intra refresh']);
    expect(plans).toEqual([copied, transcoded]);
    await player.close();
  });
});

describe('LivePlayer of somebody who publishes, one track of which begins late', () => {
  const { video: picture, audio } = transcoded;
  const soundAlone: Plan = { video: null, audio };
  const plannedAs = (plan: Plan): Planned => ({ plan, replan: () => plan, lookMs: null });
  const soundOn: Script = {
    frames: sounds(0, 400),
    later: { afterMs: 4000, frames: sounds(400, 5000) },
    end: 'goes on',
  };
  const publishing = (looks: readonly Plan[], came: LivePlayerOptions['came'] = ['audio']) => {
    const prepared = [...looks];
    const prepare = async () => plannedAs((prepared.length > 1 ? prepared.shift() : prepared[0]) as Plan);
    const scripts: Script[] = [soundOn, { frames: given, afterMs: 500, end: 'goes on' }];
    return { ...playing({ scripts, prepare, came }), left: prepared };
  };

  test.each([
    { name: 'the picture', first: soundAlone, track: 'video' },
    { name: 'the sound', first: { video: picture, audio: null }, track: 'audio' },
  ] as const)('$name is taken when it comes, and what plays goes on until then', async ({ first, track }) => {
    const other = track === 'video' ? 'audio' : 'video';
    const { clock, pipelines, player, words, plans } = publishing([first, transcoded], [other]);
    await clock.pass(1000);
    player.comes([other, track]);
    await clock.pass(400);
    expect({ plans, running: pipelines.running }).toEqual({ plans: [first], running: 2 });
    await clock.pass(200);
    expect({ plans, running: pipelines.running }).toEqual({ plans: [first, transcoded], running: 1 });
    expect(words).toEqual(['frames']);
    await player.close();
  });

  test('it is looked for again where the look fails, and where what should take over does', async () => {
    let looks = 0;
    const { clock, pipelines, player, words, plans } = playing({
      scripts: [soundOn, { end: 'fails' }, { frames: given, afterMs: 100, end: 'goes on' }],
      came: ['audio'],
      prepare: async () => {
        looks++;
        if (looks === 2) throw new Error('not just now');
        return plannedAs(looks === 1 ? soundAlone : transcoded);
      },
    });
    await clock.pass(500);
    player.comes(['audio', 'video']);
    await clock.pass(3000);
    expect({ looks, started: pipelines.started.length }).toEqual({ looks: 4, started: 3 });
    expect({ words, plans }).toEqual({ words: ['frames'], plans: [soundAlone, transcoded] });
    await player.close();
    expect(pipelines.running).toBe(0);
  });

  test('a picture that ends is stood in for where all comes in bursts, too', async () => {
    const frames = [...pictures(0, 2000), ...sounds(0, 8000)].toSorted((a, b) => a.ptsUs - b.ptsUs);
    const slate = { frames: pictures(0, 1000), durationUs: 1_000_000 };
    const { clock, player } = playing({
      scripts: [{ frames, end: 'goes on' }],
      open: async () => ({ ...inputOf(() => {}, true), realTime: false }),
      slate,
    });
    await clock.pass(100);
    const shown: number[] = [];
    for (let frame = player.feed?.shift(); frame; frame = player.feed?.shift())
      if (frame.kind === 'video') shown.push(frame.ptsUs / 1000);
    const apart = shown.slice(1).map((atMs, index) => atMs - (shown[index] ?? 0));
    expect({ longestMs: Math.max(...apart) < 3200, last: (shown.at(-1) ?? 0) > 7800 }).toEqual({
      ...{ longestMs: true, last: true },
    });
    await player.close();
  });

  test('it is looked for once where it came while it was looked at, and no more where nothing can be made of it', async () => {
    const { clock, pipelines, player, plans } = publishing([soundAlone]);
    player.comes(['audio', 'video']);
    await clock.pass(1000);
    player.comes(['audio', 'video']);
    await clock.pass(1000);
    expect({ plans, started: pipelines.started.length }).toEqual({ plans: [soundAlone], started: 1 });
    await player.close();
  });
});

describe('LivePlayer whose encoder in hardware', () => {
  test.each<{ name: string; scripts: Script[]; blamed: number | null }>([
    { name: 'is silent twice is planned anew', scripts: [{ end: 'silence' }], blamed: 2 },
    {
      name: 'stalls, and is silent then, is planned anew',
      ...{ scripts: [{ frames: given, end: 'silence' }, { end: 'silence' }], blamed: 2 },
    },
    {
      name: 'gives something between two losses is not blamed',
      ...{ scripts: [{ end: 'silence' }, { frames: given, end: 'silence' }], blamed: null },
    },
    {
      name: 'is silent once, and connects late then, is not blamed',
      ...{ scripts: [{ end: 'silence' }, { end: 'fails' }, { frames: given, end: 'goes on' }], blamed: null },
    },
  ])('$name', async ({ scripts, blamed }) => {
    let starts: number | null = null;
    const { clock, pipelines, player } = playing({
      scripts,
      encoderFailed: (_, message, again) => {
        const isBlamed = blamesEncoder(vaapi, message, again);
        if (isBlamed) starts ??= pipelines.started.length;
        return isBlamed;
      },
    });
    await clock.pass(60_000);
    expect(starts).toBe(blamed);
    await player.close();
  });
});

test('LivePlayer waits for an encoder in hardware no longer than its source takes to come, and little more', async () => {
  const { video } = transcoded;
  const plan: Plan = { ...transcoded, video: video && { ...video, encoder: { ...vaapi } } };
  const looked = { plan, replan: () => plan, lookMs: 1000 };
  const { clock, player, words } = playing({ prepare: async () => looked });
  await clock.pass(8600);
  expect(words).toEqual(Array(2).fill('away: no output for 4000 ms'));
  await player.close();
});

test.each([
  { name: 'as it is due', inPieces: false, afterMs: 4000 },
  { name: 'in pieces', inPieces: true, afterMs: 10_000 },
])(
  'LivePlayer takes what comes $name for away after $afterMs ms without any',
  async ({ inPieces, afterMs }) => {
    const scripts: Script[] = [{ frames: given, end: 'silence' }];
    const { clock, player, words } = playing({ scripts, prepare: async () => ({ ...live, inPieces }) });
    await clock.pass(afterMs - 100);
    expect(words.filter((word) => word.startsWith('away'))).toEqual([]);
    await clock.pass(1000);
    expect(words.filter((word) => word.startsWith('away'))).toEqual([`away: no output for ${afterMs} ms`]);
    await player.close();
  },
);

test.each([
  { action: 'copy', volumePercent: 100, behindMs: 0 },
  { action: 'copy', volumePercent: 50, behindMs: 60 },
  { action: 'transcode', volumePercent: 100, behindMs: 60 },
] as const)(
  'LivePlayer has sound ($action, volume $volumePercent) heard $behindMs ms behind its picture',
  async ({ action, volumePercent, behindMs }) => {
    const { audio } = transcoded;
    const plan = { ...transcoded, audio: audio && { ...audio, action } };
    const scripts: Script[] = [{ frames: given, end: 'goes on' }];
    const planned = { plan, replan: () => plan, lookMs: null };
    const { clock, player } = playing({ scripts, prepare: async () => planned, volumePercent });
    await clock.pass(500);
    const frames: MediaFrame[] = [];
    for (let frame = player.feed?.shift(); frame; frame = player.feed?.shift()) frames.push(frame);
    const firstUs = (kind: MediaFrame['kind']) =>
      frames.find((frame) => frame.kind === kind)?.ptsUs ?? Number.NaN;
    expect(firstUs('audio') - firstUs('video')).toBe(behindMs * 1000);
    await player.close();
  },
);

describe('LivePlayer changes the volume', () => {
  test('of sound that is transcoded by telling the ffmpeg that runs, and those that follow', async () => {
    const { clock, pipelines, player } = playing({ scripts: [{ frames: given, end: 'silence' }] });
    await clock.pass(10);
    expect(pipelines.started[0]?.args).not.toContain('-nostdin');
    expect(pipelines.started[0]?.args.join(' ')).toContain(',volume=1,');
    player.setVolume(50);
    expect(pipelines.started[0]?.commands).toEqual(['volume volume 0.5']);
    await clock.pass(4100);
    expect(pipelines.started[1]?.args.join(' ')).toContain(',volume=0.5,');
    await player.close();
  });

  test('not of sound that is passed on as it comes', async () => {
    const { audio } = transcoded;
    const plan = { ...transcoded, audio: audio && { ...audio, action: 'copy' as const, from: 'opus' } };
    const copied = { plan, replan: () => plan, lookMs: null };
    const scripts: Script[] = [{ frames: given, end: 'silence' }];
    const { clock, pipelines, player } = playing({ scripts, prepare: async () => copied });
    await clock.pass(10);
    player.setVolume(50);
    expect(pipelines.started[0]?.commands).toEqual([]);
    await player.close();
  });
});
