import { describe, expect, test } from 'vitest';
import type { Source } from '../../../../src/contract/models.ts';
import type { Plan } from '../../../../src/contract/plan.ts';
import type { MediaFrame } from '../../../../src/ingest/media/media-frame.ts';
import { PlayerMaker } from '../../../../src/ingest/process/players/player-maker.ts';
import { Publications } from '../../../../src/ingest/process/players/publications.ts';
import { Routes } from '../../../../src/ingest/process/players/routes.ts';
import { silence } from '../../../../src/ingest/process/slate/silence.ts';
import type { Slate } from '../../../../src/ingest/process/slate/slate.ts';
import { planOptions } from '../../../helpers/plan-options.ts';
import { ScriptedProgramme, type Setting } from '../../../sim/scripted-programme.ts';
import { clip } from '../../../sim/scripted-sources.ts';
import { inputOf, type Script, ScriptedPipelines, transcoded } from '../players/scripted-pipelines.ts';
import { ScriptedDaemon } from '../scripted-daemon.ts';

const main = { kind: 'file', path: 'talk', loop: false, audioTrack: null } as const;
const looped: Source = { ...main, loop: true };
/** Pictures without a seam are so far apart, in ms. */
const stepMs = 40;

/** So much of a file. An encoder begins anywhere with a key frame. */
function film(ms: number): MediaFrame[] {
  return Array.from({ length: ms / stepMs }, (_, at) => ({
    ...({ kind: 'video', layer: 0, ptsUs: at * stepMs * 1000, key: true } as const),
    data: Buffer.from('film'),
  }));
}

/** A programme of a file that is played by real players, and by what these scripts say in place of ffmpeg. */
async function playing(
  scripts: readonly Script[],
  setting: Partial<Setting> & { durationMs?: number | null; sound?: { cover: () => Promise<Slate> } } = {},
) {
  const { durationMs = 1600, sound, ...rest } = setting;
  let pipelines: ScriptedPipelines | undefined;
  const programme = new ScriptedProgramme({
    ...{ main, fallbacks: [], failback: 'auto', alwaysOn: false, ...rest },
    maker: (clock) => {
      pipelines = new ScriptedPipelines(clock as ScriptedProgramme['clock'], scripts);
      const plan: Plan = sound ? { ...transcoded, video: null } : { ...transcoded, audio: null };
      const probe = { format: 'mov', durationMs, ...(sound && { cover: 1 }) } as never;
      return new PlayerMaker({
        ...{
          room: 'lobby',
          ffmpeg: 'ffmpeg',
          stallTimeoutMs: 3000,
          liveStallTimeoutMs: 3000,
          maxSourceBps: 50_000_000,
        },
        ...{
          rules: planOptions,
          kinds: sound ? ['video', 'audio'] : ['video'],
          clock,
          startPipeline: pipelines.start,
        },
        sources: {
          open: async () => inputOf(),
          prepare: async () => ({ plan, live: false, probe, lookMs: 0 }),
          durationMs: async () => durationMs,
          loudnessOf: () => undefined,
          callers: () => expect.fail('nobody calls'),
        },
        ...{ publications: new Publications(), routes: new Routes(new ScriptedDaemon().asker) },
        slate: async () => clip('slate'),
        picture: async () => clip('picture'),
        cover: async (_, track) => (track === 1 && sound ? await sound.cover() : clip('none')),
        card: async () => clip('card'),
        cards: async (cards) => cards.map(() => clip('card')),
      });
    },
  });
  await programme.open();
  return { programme, started: () => pipelines?.started.length ?? 0 };
}

const code1 = 'ffmpeg ended with code 1';

const publisher = (key: string) => ({ kind: 'publisher', key }) as const;

describe('Director whose main source is away for long', () => {
  const graceMs = 10_000;
  const begun = async () => {
    const setting = { main: publisher('main'), fallbacks: [publisher('backup')], failback: 'auto' } as const;
    const programme = new ScriptedProgramme({ ...setting, alwaysOn: false, graceMs });
    await programme.open();
    await programme.clock.pass(3000);
    programme.sources.set('main', 'gone');
    return programme;
  };

  test('waits for it from when what was shown instead is gone, too', async () => {
    const programme = await begun();
    await programme.clock.pass(6 * graceMs);
    programme.sources.set('backup', 'gone');
    await programme.clock.pass(graceMs - 1000);
    expect([programme.left?.words, programme.ended]).toEqual(['slate', false]);
    await programme.clock.pass(3000);
    expect(programme.of('ended')).toMatchObject([
      { message: 'nothing came of main for 10 s: nobody sends main' },
    ]);
  });

  test('counts the time that it was away before it was opened again', async () => {
    const programme = await begun();
    programme.sources.set('backup', 'gone');
    await programme.clock.pass(graceMs / 2);
    await programme.die();
    await programme.clock.pass(graceMs / 4);
    await programme.open();
    await programme.clock.pass(graceMs / 2);
    expect(programme.of('ended')).toMatchObject([
      { message: 'nothing came of main for 10 s: nobody sends main' },
    ]);
  });

  test('begins to count anew where it was there since, opened again or not', async () => {
    const programme = await begun();
    programme.sources.set('backup', 'gone');
    await programme.clock.pass(graceMs / 2);
    await programme.die();
    programme.sources.set('main', 'well');
    await programme.open();
    await programme.clock.pass(graceMs);
    programme.sources.set('main', 'gone');
    await programme.clock.pass(graceMs - 2000);
    expect([programme.left?.words, programme.ended]).toEqual(['slate', false]);
    await programme.close();
  });

  test('waits for it when the slate that was put on by hand is ended', async () => {
    const programme = await begun();
    programme.sources.set('backup', 'gone');
    programme.control({ type: 'slate', on: true });
    await programme.clock.pass(6 * graceMs);
    programme.control({ type: 'slate', on: false });
    await programme.clock.pass(graceMs - 1000);
    programme.sources.set('main', 'well');
    await programme.clock.pass(3000);
    expect([programme.left?.words, programme.ended]).toEqual(['source main', false]);
    await programme.close();
  });

  test('does not say that it is away while nobody looks for it, opened again or not', async () => {
    const programme = await begun();
    await programme.clock.pass(1000);
    programme.control({
      type: 'take',
      source: { kind: 'file', path: 'other', loop: true, audioTrack: null },
    });
    await programme.clock.pass(3000);
    const told = () => programme.state().entries.map(({ entry, state, reason }) => [entry, state, reason]);
    const before = told();
    expect(before.slice(0, 2)).toEqual([
      ['take', 'onAir', null],
      ['main', 'idle', null],
    ]);
    await programme.die();
    await programme.open();
    await programme.clock.pass(3000);
    expect(told()).toEqual(before);
    await programme.close();
  });
});

describe('Director whose source is sound alone', () => {
  const notes = silence(0, 1_600_000);

  test.each([
    { name: 'its cover', cover: async () => clip('cover'), expected: ['cover'] },
    {
      name: 'the slate where its cover cannot be shown',
      cover: () => Promise.reject(new Error('damaged')),
      expected: ['slate'],
    },
  ])('shows $name', async ({ cover, expected }) => {
    const { programme, started } = await playing([{ frames: notes, end: 'finishes' }], { sound: { cover } });
    await programme.clock.pass(5000);
    expect(programme.shown).toEqual(expected);
    expect([started(), programme.of('ended')]).toMatchObject([1, [{ message: null }]]);
  });
});

describe('Director whose ffmpeg fails', () => {
  test('at the same place shows the slate after what there is was played, and gives up in the end', async () => {
    const { programme, started } = await playing([{ frames: film(1600), end: 'fails' }], { graceMs: 2000 });
    await programme.clock.pass(1600 + 800);
    expect(programme.shown).toEqual(['film', 'slate']);
    expect(programme.of('source.away').map(({ reason }) => reason)).toEqual([code1]);
    await programme.clock.pass(2500);
    expect(programme.of('ended')).toMatchObject([{ message: `nothing came of talk for 2 s: ${code1}` }]);
    expect(programme.shown.at(-1)).toBe('slate');
    expect(started()).toBeGreaterThanOrEqual(4);
    expect(started()).toBeLessThanOrEqual(10);
  });

  test('says why it is away as soon as that is known', async () => {
    const scripts: Script[] = [{ frames: film(1600), end: 'silence' }, { end: 'fails' }];
    const { programme } = await playing(scripts, { graceMs: 60_000 });
    await programme.clock.pass(4000);
    expect(programme.of('source.away').map(({ reason }) => reason)).toEqual(['nothing came for 700 ms']);
    expect(programme.state().entries[0]?.reason).toBe(code1);
  });

  test('after each picture more is not given up: it comes further each time', async () => {
    const scripts = Array.from(
      { length: 20 },
      (_, at): Script => ({
        ...{ frames: film(1600 + at * 400), afterMs: at === 0 ? 0 : 1500, end: 'fails' },
      }),
    );
    const { programme } = await playing(scripts, { graceMs: 3000, durationMs: 10_000 });
    await programme.clock.pass(20_000);
    expect(programme.of('source.away').length).toBeGreaterThan(3);
    expect(programme.ended).toBe(false);
    await programme.close();
  });

  test.each(['nowhere', 'to its beginning'] as const)(
    'at a place that it cannot come to, as it seeks %s, begins a loop again',
    async (seeks) => {
      const frames = film(760_000).filter((_, at) => at % 10 === 0);
      const { programme } = await playing([{ frames, seeks, end: 'finishes' }], {
        ...{ main: looped, durationMs: null, alwaysOn: true },
      });
      await programme.clock.pass(660_000);
      await programme.die();
      await programme.open();
      await programme.clock.pass(30_000);
      expect(programme.left?.words).toBe('film');
      expect(programme.state().onAir.entry).toBe('main');
    },
  );

  test('before the first frame gives up soon', async () => {
    const { programme, started } = await playing([{ end: 'fails' }]);
    await programme.clock.pass(1000);
    expect(programme.of('ended')).toMatchObject([{ message: code1 }]);
    expect([started(), programme.pictures]).toEqual([2, []]);
  });

  test('to start says so', async () => {
    const { programme } = await playing([{ end: 'is not there' }]);
    await programme.clock.pass(1000);
    expect(programme.of('ended')).toMatchObject([{ message: 'ffmpeg cannot be started: ENOENT' }]);
    expect(programme.of('live')).toEqual([]);
  });

  test('to give a single frame says so', async () => {
    const { programme, started } = await playing([{ end: 'finishes' }], { main: looped });
    await programme.clock.pass(1000);
    expect(programme.of('ended')).toMatchObject([{ message: 'ffmpeg gave no frame of it' }]);
    expect(started()).toBe(1);
  });

  test('now and then goes on for ever, if it loops', async () => {
    // The first one dies in the midst; the third and fourth, of the second round, give nothing.
    const [whole, nothing]: Script[] = [{ frames: film(1600), end: 'finishes' }, { end: 'fails' }];
    const scripts = [
      { frames: film(800), end: 'fails' } as const,
      whole,
      nothing,
      nothing,
      whole,
    ] as Script[];
    const { programme } = await playing(scripts, { main: looped });
    await programme.clock.pass(10_000);
    expect(programme.ended).toBe(false);
    expect(programme.of('pipeline.failed').map(({ restarts }) => restarts)).toEqual([1, 2, 3]);
    expect(programme.shown).toEqual(['film']);
    expect(programme.longestGapMs).toBeCloseTo(stepMs);
  });

  test('to start for three seconds is started early enough for what follows', async () => {
    const whole: Script = { frames: film(11_000), end: 'finishes' };
    const scripts = [whole, whole, { ...whole, afterMs: 3000 }, whole];
    const { programme, started } = await playing(scripts, { main: looped, durationMs: 11_000 });
    await programme.clock.pass(200);
    programme.control({ type: 'seek', positionMs: 6500 });
    await programme.clock.pass(10_000);
    expect(started()).toBeGreaterThanOrEqual(3);
    expect(programme.state()).toMatchObject({ slates: 0 });
    expect(programme.seen?.candidates[0]?.round).toBe(1);
    expect(programme.longestGapMs).toBeLessThan(100);
  });

  test('to come to the end of a file that was cut says in the end where that was', async () => {
    const whole: Script = { frames: film(4000), end: 'finishes' };
    const { programme } = await playing([whole], { durationMs: 20_000 });
    await programme.clock.pass(10_000);
    expect(programme.of('ended')).toMatchObject([{ message: 'talk: it ended at 0:04 of 0:20' }]);
    expect(programme.pictures.filter(({ words }) => words === 'film').length).toBe(100);
  });

  test('because it is stuck is given another', async () => {
    const scripts: Script[] = [
      { frames: film(4000).slice(0, 50), end: 'silence' },
      { frames: film(4000), end: 'finishes' },
    ];
    const { programme } = await playing(scripts, { durationMs: 4000 });
    await programme.clock.pass(10_000);
    expect(programme.of('ended')).toMatchObject([{ message: null }]);
    expect(programme.pictures.filter(({ words }) => words === 'film').length).toBe(100);
  });
});
