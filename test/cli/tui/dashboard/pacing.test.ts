import { expect, it } from 'vitest';
import { paceDrawing } from '../../../../src/cli/tui/dashboard/pacing.ts';
import { VirtualClock } from '../../../helpers/virtual-clock.ts';

/** A screen, and when it was drawn, in ms from its first time. */
function screen() {
  const clock = new VirtualClock();
  const drawn: number[] = [];
  const fromMs = clock.nowMs();
  const pacing = paceDrawing(clock, () => drawn.push(clock.nowMs() - fromMs));
  pacing.atOnce();
  return { clock, drawn, pacing };
}

it.each([0, -3_600_000, 3_600_000])(
  'a screen follows its keys and the daemon though the wall clock is put by %i ms',
  async (byMs) => {
    const { clock, drawn, pacing } = screen();
    clock.putWall(byMs);
    pacing.afterKey();
    pacing.afterKey();
    await clock.pass(200);
    expect(drawn).toEqual([0, 50]);
    pacing.afterKey();
    await clock.pass(100);
    pacing.afterNews();
    pacing.afterNews();
    await clock.pass(100);
    expect(drawn).toEqual([0, 50, 200, 400]);
  },
);

it('a screen counts on by itself, and no more once it is over', async () => {
  const { clock, drawn, pacing } = screen();
  clock.putWall(-3_600_000);
  await clock.pass(4000);
  expect(drawn).toEqual([0, 1500, 3000]);
  pacing.afterNews();
  pacing[Symbol.dispose]();
  await clock.pass(4000);
  expect(drawn).toHaveLength(3);
  expect(clock.timers).toBe(0);
});
