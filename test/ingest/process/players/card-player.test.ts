import { describe, expect, test } from 'vitest';
import { type Card, isFilled } from '../../../../src/contract/card-words.ts';
import type { Clock } from '../../../../src/contract/clock.ts';
import type { PlaylistEntrySource } from '../../../../src/contract/models.ts';
import type { DirectorParts } from '../../../../src/ingest/process/director/director-parts.ts';
import { CardPlayer } from '../../../../src/ingest/process/players/card-player.ts';
import { ScriptedProgramme } from '../../../sim/scripted-programme.ts';
import { clip, ScriptedSources } from '../../../sim/scripted-sources.ts';
import { file, item, list } from '../director/scripted.ts';

/** How long ffmpeg takes to draw. */
const drawMs = 300;
const card = (title: string, text = ''): PlaylistEntrySource => ({ kind: 'card', title, text });
const counting = card('{next}', '{startsIn}');
const words = ({ title, text }: Card) => `${title} ${text}`;

/** Sources of a script, and cards that are drawn by one. */
function makerOf(clock: Clock, drawn: string[][], fails: () => boolean): DirectorParts['maker'] {
  const { maker } = new ScriptedSources(clock);
  const draw = async (cards: readonly Card[]) => {
    drawn.push(cards.map(words));
    await new Promise<void>((resolve) => clock.after(drawMs, resolve));
    if (fails()) throw new Error('no fonts');
    return cards.map((one) => clip(words(one)));
  };
  return {
    ...maker,
    prepare: async (source, signal) => {
      if (source.kind !== 'card') return await maker.prepare(source, signal);
      const unseen = { planned: null, live: true, exclusive: false, durationMs: null, probe: null };
      return { ...unseen, source, picture: clip('bare') };
    },
    start: (prepared, place) => {
      const { source } = prepared;
      return source.kind === 'card' && isFilled(source)
        ? new CardPlayer({ ...place, card: source, bare: clip('bare'), draw, clock })
        : maker.start(prepared, place);
    },
  };
}

async function playing(main: ReturnType<typeof list>, fails = () => false) {
  const drawn: string[][] = [];
  const programme = new ScriptedProgramme({
    ...{ main, fallbacks: [], failback: 'auto', alwaysOn: false },
    maker: (clock) => makerOf(clock, drawn, fails),
  });
  await programme.open();
  return { programme, drawn, pass: (ms: number) => programme.clock.pass(ms) };
}

/** `two 0:20` … `two 0:01`. */
function countdown(next: string, from: number, to = 1): string[] {
  return Array.from({ length: from - to + 1 }, (_, at) => `${next} 0:${String(from - at).padStart(2, '0')}`);
}

describe('a card that counts down', () => {
  test('between two files says each second once, and nothing is missing before, in or behind it', async () => {
    const { programme, drawn, pass } = await playing(
      list(
        item('a', file('one'), { toMs: 12_000 }),
        item('b', counting, { forMs: 20_000 }),
        item('c', file('two.mp4')),
      ),
    );
    await pass(40_000);
    expect(programme.shown.filter((one) => one !== 'slate')).toEqual([
      'source one',
      // Until the file has begun.
      ...countdown('two', 20, 0),
      'source two.mp4',
    ]);
    expect(programme.longestGapMs).toBeLessThanOrEqual(300);
    // Several at once, none twice.
    expect(drawn.length).toBeLessThanOrEqual(5);
    expect(drawn.flat()).toEqual([...new Set(drawn.flat())]);
    await programme.close();
  });

  test('follows changes of the list', async () => {
    const { programme, pass } = await playing(
      list(item('a', counting, { forMs: 30_000 }), item('b', file('two.mp4'))),
    );
    await pass(10_000);
    programme.control({ type: 'add', items: [item('c', file('three.mkv'))], at: 1 });
    await pass(5000);
    expect(programme.left?.words).toMatch(/^three 0:1[56]$/);
    programme.control({ type: 'remove', item: 'i-aaaaaaaaac' });
    programme.control({ type: 'remove', item: 'i-aaaaaaaaab' });
    await pass(5000);
    // Nothing comes: neither line has anything to say.
    expect(programme.left?.words).toBe(' ');
    await programme.close();
  });

  test('that was covered, or whose process died, goes on by the clock', async () => {
    const { programme, pass } = await playing(
      list(item('a', counting, { forMs: 59_000 }), item('b', file('two'))),
    );
    await pass(3000);
    const atMs = programme.clock.nowMs();
    const [, seconds] = /^two 0:(\d\d)$/.exec(programme.left?.words ?? '') ?? [];
    const shouldBe = () => Math.round(Number(seconds) - (programme.clock.nowMs() - atMs) / 1000);
    const isRight = () => {
      const [, now] = /^two 0:(\d\d)$/.exec(programme.left?.words ?? '') ?? [];
      expect(Math.abs(Number(now) - shouldBe())).toBeLessThanOrEqual(1);
    };
    programme.control({ type: 'slate', on: true });
    await pass(15_000);
    programme.control({ type: 'slate', on: false });
    await pass(2000);
    isRight();
    await programme.die();
    await programme.open();
    await pass(3000);
    isRight();
    await programme.close();
  });

  test('is shown with nothing filled in where it cannot be drawn, which is told', async () => {
    const { programme, pass } = await playing(
      list(item('a', counting, { forMs: 20_000 }), item('b', file('two'))),
      () => true,
    );
    await pass(5000);
    expect(programme.shown.filter((one) => one !== 'slate')).toEqual(['bare']);
    expect(programme.of('pipeline.failed').map(({ message }) => message)).toContain('no fonts');
    await programme.close();
  });

  test('is drawn no more once it is over', async () => {
    const { programme, drawn, pass } = await playing(
      list(item('a', counting, { forMs: 5000 }), item('b', file('two'))),
    );
    await pass(8000);
    const count = drawn.length;
    await pass(15_000);
    expect(drawn.length).toBe(count);
    await programme.close();
  });
});

test('a card of which no time is said is shown for ten seconds, and one alone without end', async () => {
  const { programme, pass } = await playing(list(item('a', card('{next}')), item('b', file('two'))));
  await pass(15_000);
  expect(programme.shown.filter((one) => one !== 'slate')).toEqual(['two ', 'source two']);
  await programme.close();
  const alone = await playing(list(item('a', card('Break', 'Next: {next}'))));
  await alone.pass(60_000);
  expect(alone.programme.left?.words).toBe('Break ');
  expect(alone.programme.ended).toBe(false);
  await alone.programme.close();
});
