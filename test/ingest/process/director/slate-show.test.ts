import { describe, expect, test } from 'vitest';
import { SlateShow } from '../../../../src/ingest/process/director/slate-show.ts';
import type { Slate } from '../../../../src/ingest/process/slate/slate.ts';
import { VirtualClock } from '../../../helpers/virtual-clock.ts';

test('SlateShow has the card and its reason where the slate fails, until it can be made', async () => {
  const clock = new VirtualClock();
  const card: Slate = { frames: [], durationUs: 1_000_000, problem: 'there is no file slate.png' };
  const image: Slate = { frames: [], durationUs: 2_000_000 };
  let isThere = false;
  let asked = 0;
  const made: (string | null)[] = [];
  const show: SlateShow = new SlateShow({
    ...{ clock, random: () => 0.5, before: { count: 0, totalMs: 0 } },
    make: async () => {
      asked++;
      return isThere ? image : card;
    },
    onMade: () => made.push(show.problem),
  });
  show.prepare();
  await clock.pass(120_000);
  show.prepare();
  expect(made).toEqual(['there is no file slate.png']);
  expect(show.clip).toBe(card);
  expect(asked).toBeLessThan(14);
  isThere = true;
  await clock.pass(40_000);
  expect(made).toEqual(['there is no file slate.png', null]);
  expect([show.clip, clock.timers]).toEqual([image, 0]);
  show.close();
});

describe('SlateShow that is closed while its slate is made asks no more', () => {
  test.each<{ name: string; outcome: Slate | Error }>([
    { name: 'where that gives the card', outcome: { frames: [], durationUs: 1, problem: 'there is none' } },
    { name: 'where that gives the slate', outcome: { frames: [], durationUs: 1 } },
    { name: 'where that fails', outcome: new Error('no ffmpeg') },
  ])('$name', async ({ outcome }) => {
    const clock = new VirtualClock();
    const making = Promise.withResolvers<Slate>();
    let [asked, made] = [0, 0];
    const show = new SlateShow({
      ...{ clock, random: () => 0.5, before: { count: 0, totalMs: 0 } },
      make: () => {
        asked++;
        return making.promise;
      },
      onMade: () => made++,
    });
    show.prepare();
    show.close();
    if (outcome instanceof Error) making.reject(outcome);
    else making.resolve(outcome);
    await clock.pass(3_600_000);
    show.prepare();
    expect([asked, made, clock.timers]).toEqual([1, 0, 0]);
  });
});
