import { expect, test } from 'vitest';
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
