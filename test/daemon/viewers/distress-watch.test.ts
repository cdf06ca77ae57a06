import { expect, test } from 'vitest';
import type { Event } from '../../../src/contract/events.ts';
import { event as eventSchema } from '../../../src/contract/events.ts';
import type { Suffering } from '../../../src/contract/models.ts';
import type { ProgrammeState } from '../../../src/contract/programme-state.ts';
import { EventHub } from '../../../src/daemon/event-hub.ts';
import { DistressWatch, type WatchedRoom } from '../../../src/daemon/viewers/distress-watch.ts';
import { programmeState } from '../../cli/samples.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

/** What some of nine viewers suffer, by their places, and what is known of the others. */
interface Look {
  readonly of: Readonly<Record<number, Suffering>>;
  readonly elsewhere?: Partial<WatchedRoom['viewers'][number]>;
}

function watched() {
  const clock = new VirtualClock();
  const hub = new EventHub(clock);
  const told: Event[] = [];
  hub.listen((event) => event.type.startsWith('viewer.') && told.push(event));
  const rooms: WatchedRoom[] = [];
  const strain = () => () => ({ lagMs: 0, workerPercent: null, cpuPercent: null, others: null });
  const watch = new DistressWatch({ rooms: () => rooms, between: () => new Map(), strain, hub, clock });
  const onAir = { entry: 'main', words: 'cam', since: '2026-01-02T03:04:05.000Z' };
  const room = (
    name: string,
    suffering: number,
    of: number,
    programme: ProgrammeState = { ...programmeState, onAir },
  ): WatchedRoom => ({
    ...{
      name,
      renditions: [],
      workerPid: 1,
      mediaPort: 29400,
      onAir: programme.onAir,
      programme: () => programme,
    },
    viewers: Array.from({ length: of }, (_, place) => ({
      ...{ id: `v-${place}`, browser: null, address: `203.0.${place}.7`, state: 'playing', rendition: null },
      ...{ suffers: place < suffering ? 'loss' : null, lossPercent: 0, frozenPercent: 0 },
    })),
  });
  const lobby = ({ of, elsewhere = {} }: Look): WatchedRoom => {
    const { viewers, ...rest } = room('lobby', 0, 9);
    const fares = (place: number) => (place in of ? { suffers: of[place] ?? null } : elsewhere);
    return { ...rest, viewers: viewers.map((viewer, place) => ({ ...viewer, ...fares(place) })) };
  };
  return { clock, hub, told, rooms, room, lobby, watch };
}

test('DistressWatch tells that many suffer, of the room where they do, and that it is over', async () => {
  const { clock, told, rooms, room, watch } = watched();
  rooms.push(room('hall', 0, 9), room('lobby', 4, 9));
  await clock.pass(12_000);
  expect(told).toMatchObject([
    {
      ...{ type: 'viewer.suffers', room: 'lobby', viewers: 9, suffering: 4, most: 'loss', by: 'all' },
      ...{ cause: 'line', hint: 'See who: mirolive viewers list --room lobby --sort loss' },
    },
  ]);
  expect(eventSchema.parse(told[0])).toEqual(told[0]);
  expect(watch.of('lobby')).toMatchObject({ cause: 'line' });
  expect(watch.of('hall')).toBeNull();
  rooms.splice(1, 1, room('lobby', 0, 9));
  await clock.pass(22_000);
  expect(told.slice(1)).toMatchObject([
    { type: 'viewer.recovered', room: 'lobby', viewers: 9, suffering: 0, reason: null },
  ]);
  expect(watch.of('lobby')).toBeNull();
  watch.close();
  expect(clock.timers).toBe(0);
});

test('DistressWatch tells that it is over where the room is gone', async () => {
  const { clock, told, rooms, room, watch } = watched();
  rooms.push(room('lobby', 4, 9));
  await clock.pass(12_000);
  rooms.pop();
  await clock.pass(1000);
  expect(told.map(({ type }) => type)).toEqual(['viewer.suffers', 'viewer.recovered']);
  expect(told[1]).toMatchObject({ viewers: 0, reason: 'nobody is left: those who had it bad have gone' });
  watch.close();
});

test('DistressWatch holds what went wrong with a source in the last minute for the cause, in its own room', async () => {
  const { clock, hub, told, rooms, room, watch } = watched();
  const gap = {
    type: 'source.gap',
    broadcast: 'b-aaaaaaaaaa',
    entry: 'main',
    words: 'cam',
    missingMs: 1,
  } as const;
  rooms.push(room('hall', 4, 9), room('lobby', 4, 9));
  hub.announce({ ...gap, room: 'lobby', reason: 'its line is full' });
  await clock.pass(12_000);
  expect(told).toMatchObject([
    { room: 'hall', cause: 'line' },
    { room: 'lobby', cause: 'source', reason: 'cam has gaps: its line is full' },
  ]);
  // What is over for a minute is no cause.
  rooms.splice(0, 2, room('lobby', 0, 9));
  await clock.pass(60_000);
  rooms.splice(0, 1, room('lobby', 4, 9));
  await clock.pass(60_000);
  expect(told.at(-1)).toMatchObject({ type: 'viewer.suffers', room: 'lobby', cause: 'line' });
  watch.close();
});

test('DistressWatch holds nothing for the cause that is of a source which stands by', async () => {
  const { clock, hub, told, rooms, room, watch } = watched();
  rooms.push(room('lobby', 4, 9));
  const away = { entry: 'fallback-1', words: 'film', reason: 'nobody publishes' };
  hub.announce({ type: 'source.away', broadcast: 'b-aaaaaaaaaa', room: 'lobby', ...away });
  await clock.pass(12_000);
  expect(told).toMatchObject([{ type: 'viewer.suffers', cause: 'line' }]);
  watch.close();
});

test('DistressWatch tells the cause as it is now, and another one once a minute', async () => {
  const { clock, told, rooms, room, watch } = watched();
  const [main, ...others] = programmeState.entries;
  if (!main) throw new Error('none');
  const lacking = { ...programmeState, entries: [{ ...main, lacks: ['video' as const] }, ...others] };
  rooms.push(room('lobby', 4, 9, lacking));
  await clock.pass(12_000);
  const isLacking = { cause: 'source', reason: 'no picture from talk.mp4' };
  expect(told).toMatchObject([{ type: 'viewer.suffers', ...isLacking }]);
  expect(watch.of('lobby')).toMatchObject(isLacking);
  rooms.splice(0, 1, room('lobby', 4, 9));
  await clock.pass(1000);
  expect(watch.of('lobby')).toMatchObject({ cause: 'line' });
  expect(told).toHaveLength(1);
  // It comes and goes: nobody is told each time.
  rooms.splice(0, 1, room('lobby', 4, 9, lacking));
  await clock.pass(30_000);
  rooms.splice(0, 1, room('lobby', 4, 9));
  await clock.pass(30_000);
  expect(told.slice(1)).toMatchObject([{ type: 'viewer.suffers', cause: 'line' }]);
  await clock.pass(300_000);
  expect(told).toHaveLength(2);
  rooms.splice(0, 1, room('lobby', 0, 9));
  await clock.pass(22_000);
  expect(told.slice(2)).toMatchObject([{ type: 'viewer.recovered' }]);
  watch.close();
});

test('DistressWatch knows why a single viewer has it bad, tells nobody, and forgets it', async () => {
  const { clock, told, rooms, room, watch } = watched();
  rooms.push(room('lobby', 1, 2));
  await clock.pass(30_000);
  expect(watch.of('lobby')).toEqual({
    ...{ of: 'few', cause: 'line', between: 0 },
    reason: 'packets are lost on the way to 203.0.0.0/24 alone, and others fare well',
    hint: 'See who: mirolive viewers list --room lobby --sort loss',
  });
  rooms.splice(0, 1, room('lobby', 0, 2));
  await clock.pass(1000);
  expect(watch.of('lobby')).toBeNull();
  expect(told).toEqual([]);
  watch.close();
});

const manyFrozen: Look = { of: { 0: 'loss', 3: 'frozen', 4: 'frozen', 5: 'frozen', 6: 'frozen' } };
const standStill = 'their pictures stand still although little is lost on the way';

test.each<{ name: string; looks: readonly Look[]; isSlow?: true; reason: string }>([
  {
    name: 'pictures stand still since the machine is slow, and one had lost packets before',
    ...{ looks: [{ of: { 0: 'loss' } }, manyFrozen], isSlow: true },
    reason: 'this machine makes its picture slower than it plays',
  },
  {
    name: 'pictures stand still, and another had lost packets before',
    looks: [{ of: { 0: 'loss' } }, manyFrozen],
    reason: standStill,
  },
  {
    name: 'the picture stands still of the one who had lost packets, and had no way meanwhile',
    looks: [{ of: { 0: 'loss' } }, { of: { 0: 'connecting' } }, { of: { 0: 'frozen' } }],
    reason: 'they all come from 203.0.0.0/24, and others fare well',
  },
  {
    name: 'a picture stands still, and elsewhere nobody says whether his does',
    looks: [{ of: { 0: 'frozen' }, elsewhere: { frozenPercent: null } }],
    reason: standStill,
  },
  {
    name: 'a picture stands still, elsewhere none does, and the machine is slow',
    ...{ looks: [{ of: { 0: 'frozen' } }], isSlow: true },
    reason: 'this machine makes its picture slower than it plays',
  },
  {
    name: 'a picture stands still, and elsewhere none does',
    looks: [{ of: { 0: 'frozen' } }],
    reason: 'pictures stand still in 203.0.0.0/24, and others fare well: its line, or the machines there',
  },
  {
    name: 'one loses packets, and of nobody elsewhere it is known yet',
    looks: [{ of: { 0: 'loss' }, elsewhere: { lossPercent: null } }],
    reason:
      'packets are lost on the way to the one network of which that is known: its line, or the line of this server',
  },
])('DistressWatch knows the cause where $name', async ({ looks, isSlow, reason }) => {
  const { clock, hub, rooms, lobby, watch } = watched();
  for (const look of looks) {
    rooms.splice(0, 1, lobby(look));
    if (isSlow && look === looks.at(-1))
      hub.announce({ type: 'pipeline.overloaded', room: 'lobby', speed: 0.7 } as Event);
    await clock.pass(2000);
  }
  expect(watch.of('lobby')).toMatchObject({ reason });
  watch.close();
});
