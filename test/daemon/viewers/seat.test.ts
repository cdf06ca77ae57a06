import { expect, test } from 'vitest';
import type { Viewer } from '../../../src/contract/models.ts';
import { EventHub } from '../../../src/daemon/event-hub.ts';
import type { LineFigures } from '../../../src/daemon/rooms/line-figures.ts';
import type { Room } from '../../../src/daemon/rooms/room.ts';
import { Attendance, type AttendanceOptions } from '../../../src/daemon/viewers/attendance.ts';
import type { ViewerTransport } from '../../../src/daemon/viewers/viewer-transport.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

/** Somebody who is sent something over a line that is asked when the test lets it. */
function watching() {
  const clock = new VirtualClock();
  const attendance = new Attendance({
    admission: { admit: () => () => {} },
    bans: { find: () => null },
    links: { isVoid: () => false },
    desk: { tidy: () => {}, entry: () => 'open' } as unknown as AttendanceOptions['desk'],
    hands: { of: () => null, here: () => {}, away: () => {} },
    audience: { seen: () => {}, left: () => {} },
    ...{ hub: new EventHub(clock), clock },
  });
  const seat = attendance.admit({ address: '203.0.113.7', browser: null, room: 'lobby' }, () => null);
  let listed: Viewer | undefined;
  const room = {
    name: 'lobby',
    setViewer: (viewer: Viewer) => {
      listed = viewer;
    },
    removeViewer: () => {},
  } as unknown as Room;
  const questions: PromiseWithResolvers<LineFigures | null>[] = [];
  const figures = () => {
    const question = Promise.withResolvers<LineFigures | null>();
    questions.push(question);
    return question.promise;
  };
  const watch = () => seat.watch({ figures, on: () => {} } as unknown as ViewerTransport, []);
  seat.join(
    room,
    { kind: 'page', state: 'playing', userAgent: 'x' },
    { out: () => {}, again: () => {}, tell: null, changed: () => {}, replaced: () => {} },
  );
  watch();
  return { clock, seat, questions, watch, listed: () => listed };
}

const line = { bitrateBps: 2_000_000, lossPercent: 1, roundTripMs: 30 };

test('Seat lists how its line is with the time of the look, and has one look for all who want it at once', async () => {
  const { clock, seat, questions, listed } = watching();
  expect(listed()).toMatchObject({ bitrateBps: null, lookedAt: null });
  const looks = [seat.sample(), seat.sample()];
  await clock.pass(3000);
  expect(questions).toHaveLength(1);
  questions[0]?.resolve(line);
  await Promise.all(looks);
  expect(listed()).toMatchObject({ ...line, lookedAt: '2026-01-01T00:00:03.000Z' });
  const again = seat.sample();
  expect(questions).toHaveLength(2);
  questions[1]?.resolve({ ...line, lossPercent: 2 });
  await again;
  expect(listed()).toMatchObject({ lossPercent: 2 });
});

test('Seat lists nothing of a line over which nothing goes any more', async () => {
  const { seat, questions, listed } = watching();
  const look = seat.sample();
  seat.become('waiting');
  questions[0]?.resolve(line);
  await look;
  expect(listed()).toMatchObject({ state: 'waiting', bitrateBps: null, lookedAt: null });
});

test.each<{ name: string; isAnother?: true; answer: LineFigures | null }>([
  { name: 'that nobody answers for', answer: null },
  {
    ...{ name: 'in whose place another has come meanwhile', isAnother: true },
    answer: { bitrateBps: null, lossPercent: null, roundTripMs: null },
  },
])(
  'Seat keeps what it knows, and when it looked last, where it has asked a transport $name',
  async ({ isAnother, answer }) => {
    const { clock, seat, questions, watch, listed } = watching();
    const first = seat.sample();
    questions[0]?.resolve(line);
    await first;
    const known = { ...line, lookedAt: listed()?.lookedAt };
    expect(known.lookedAt).toBe('2026-01-01T00:00:00.000Z');
    await clock.pass(5000);
    const look = seat.sample();
    if (isAnother) watch();
    questions[1]?.resolve(answer);
    await look;
    expect(listed()).toMatchObject(known);
  },
);
