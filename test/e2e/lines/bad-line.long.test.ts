import { expect, test } from 'vitest';
import { eventually, received } from '../../helpers/browser.ts';
import { goodLine } from '../../helpers/software-line.ts';
import { play, twoPlaces } from '../../helpers/two-places.ts';
import { hideGaps } from '../../helpers/watched-room.ts';

const places = twoPlaces(['source', '240p']);

test('a viewer whose line loses and delays packets is the one that is named', async () => {
  const [well, bad] = [await places.near(), await places.far()];
  await play(well, bad);
  await places.line.become({ ...goodLine, lossPercent: 12, delayMs: 80 });
  const { far } = await eventually(places.viewers, (all) => all.far[0]?.suffers === 'loss');
  expect(far).toHaveLength(1);
  expect(far[0]?.lossPercent).toBeLessThan(25);
  // Both ways, and what a busy machine adds.
  expect(far[0]?.roundTripMs).toBeGreaterThanOrEqual(160);
  // Where the machine has no time, the one beside it has it bad as well, for a while.
  const network = places.line.address.replace(/\.1$/, '.0/24');
  const named = `1 of 2 viewers have it bad: packets are lost on the way to ${network} alone, and others fare well. See who: `;
  expect(await eventually(places.health, (words) => words.includes(named), 180_000)).toMatch(
    /^strained +lobby: 1 /,
  );
  expect(
    (await eventually(places.viewers, (all) => all.near[0]?.suffers === null, 180_000)).near,
  ).toHaveLength(1);
  await places.line.become(goodLine);
  await eventually(places.viewers, (all) => all.far[0]?.lossPercent === 0);
  await Promise.all([well, bad].map((page) => page.close()));
});

test('a viewer whose line is slow gets a lower rendition, and sees it move', async () => {
  // Where sound stood still while the line became slow, a page may join anew once: that is not what is looked at here.
  const page = await places.far(hideGaps);
  await play(page);
  await eventually(
    () => received(page),
    ({ video }) => video?.height === 360,
  );
  await places.line.become({ ...goodLine, kbit: 400 });
  const lower = await eventually(
    () => received(page),
    ({ video }) => video?.height === 240,
  );
  expect((await places.viewers()).far).toMatchObject([{ rendition: '240p', state: 'playing' }]);
  // It moves for as long as the line is slow, by the same connection.
  const on = await eventually(
    () => received(page),
    ({ video }) => (video?.framesDecoded ?? 0) > (lower.video?.framesDecoded ?? 0) + 60,
  );
  expect(on.connections).toBe(lower.connections);
  await places.line.become(goodLine);
});
