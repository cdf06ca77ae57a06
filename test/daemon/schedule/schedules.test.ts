import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { source } from '../../../src/contract/models.ts';
import { occurrences } from '../../../src/contract/schedule/occurrences.ts';
import { type NewScheduleSpec, scheduleSpec } from '../../../src/contract/schedule.ts';
import { daypartRow } from '../../../src/daemon/schedule/daypart-rows.ts';
import { emptyRoom } from '../../../src/daemon/schedule/room-view.ts';
import { SimulatedRooms } from './simulated.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const berlin = 'Europe/Berlin';
const at = (time: string) => ({ at: time, zone: 'UTC' });

function spec(given: Partial<NewScheduleSpec> & Pick<NewScheduleSpec, 'when'>) {
  const what = { call: 'startBroadcast', params: { source: { kind: 'test' } } } as const;
  return scheduleSpec.parse({ room: 'lobby', what, end: { forMs: hourMs }, ...given });
}

function rooms(from = '2026-12-01T08:00:00Z') {
  const simulated = new SimulatedRooms(from);
  simulated.start();
  return simulated;
}

const lines = ({ deeds }: SimulatedRooms) => deeds.map(({ at, what }) => `${at.slice(8)} ${what}`);

test('A run begins and ends at its hour', async () => {
  const world = rooms();
  world.write('talk', spec({ when: at('2026-12-01 09:00') }));
  await world.clock.pass(3 * hourMs);
  expect(lines(world)).toEqual(['01T09:00 begin talk', '01T10:00 end talk']);
  expect(world.schedules.get('talk').last).toMatchObject({ outcome: 'ended' });
});

test('What is run by hand behind the time of the day that it ends at is no longer than its next run', async () => {
  const world = rooms('2026-12-01T10:05:00Z');
  world.write('talk', spec({ when: { cron: '0 9 * * *', zone: 'UTC' }, end: { until: '10:00' } }));
  expect(world.schedules.run('talk').last).toMatchObject({ endsAt: '2026-12-01T11:05:00.000Z' });
  world.kill();
});

test('Schedules are known before what was on air is there again', () => {
  const world = new SimulatedRooms('2026-12-01T08:00:00Z');
  world.write('talk', spec({ when: at('2026-12-01 09:00') }));
  world.start({ begins: false });
  expect(world.schedules.list()).toHaveLength(1);
  const again = () => world.schedules.add('talk', spec({ when: at('2026-12-01 11:00') }), { kind: 'daemon' });
  expect(again).toThrow('there is a schedule talk already');
  world.kill();
});

test('A schedule that cannot be read is told until another one is in its place, and the others run', async () => {
  const world = rooms();
  world.write('talk', spec({ when: at('2026-12-01 09:00') }));
  world.write('later', spec({ when: at('2026-12-01 09:00') }));
  world.kill();
  const newer = { ...spec({ when: at('2026-12-01 09:00') }), mood: 'bright' };
  world.database.prepare("UPDATE schedules SET spec = ? WHERE name = 'later'").run(JSON.stringify(newer));
  world.start();
  await world.clock.pass(hourMs);
  const problem = 'expected only what the call takes, got mood';
  expect([...world.degraded]).toEqual([
    [
      'schedule later',
      `it cannot be read, and does not run: ${problem}; put another in its place (mirolive schedule add later …), or start again the version that it is of`,
    ],
  ]);
  expect(lines(world)).toEqual(['01T09:00 begin talk']);
  expect(() => world.schedules.get('later')).toThrow(`schedule later cannot be read: ${problem}`);
  world.schedules.add('later', spec({ when: at('2026-12-01 11:00') }), { kind: 'daemon' });
  expect([...world.degraded]).toEqual([]);
  expect(world.schedules.list().map(({ name }) => name)).toEqual(['later', 'talk']);
  world.database.prepare("UPDATE schedules SET spec = '{' WHERE name = 'later'").run();
  world.schedules.takeUp([]);
  expect([...world.degraded.keys()]).toEqual(['schedule later']);
  world.kill();
});

test('While the state cannot be read nothing begins, parts of the day neither, and that is told once, until it can', async () => {
  const world = new SimulatedRooms('2026-12-01T08:00:00Z');
  world.write('talk', spec({ when: at('2026-12-01 09:30') }));
  world.unreadable = true;
  world.start();
  const part = spec({ when: { cron: '0 9 * * *', zone: 'UTC' }, room: 'hall', end: { forMs: 2 * hourMs } });
  world.schedules.setDayparts([daypartRow('d-1', 'daypart-0900', part)]);
  await world.clock.pass(1.2 * hourMs);
  expect([...world.degraded]).toEqual([
    [
      'schedules',
      'nothing that is scheduled begins, nor dayparts, until it is known what has begun: the state cannot be read',
    ],
  ]);
  expect(world.logged).toHaveLength(1);
  expect(world.schedules.calendar.nextFor('hall')).not.toBeNull();
  expect(() => world.schedules.list()).toThrow('the state cannot be read');
  expect(lines(world)).toEqual([]);
  world.unreadable = false;
  await world.clock.pass(1.3 * hourMs);
  expect([...world.degraded]).toEqual([]);
  expect(lines(world)).toEqual(['01T09:13 begin daypart-0900', '01T09:30 begin talk', '01T10:30 end talk']);
  world.kill();
});

test.each([
  { name: 'is on air ends at once', broken: false, expected: ['01T09:00 begin talk', '01T09:00 end talk'] },
  { name: 'fails is not tried again', broken: true, expected: ['01T09:00 fails talk'] },
])('What $name, where its schedule is removed while it is being begun', async ({ broken, expected }) => {
  const world = rooms();
  world.write('talk', spec({ when: at('2026-12-01 09:00'), end: null }));
  world.beginning = async () => {
    world.beginning = null;
    world.schedules.remove('talk', { kind: 'daemon' });
    world.broken = broken;
  };
  await world.clock.pass(1.2 * hourMs);
  world.broken = false;
  await world.clock.pass(hourMs);
  expect(lines(world)).toEqual(expected);
  expect(world.view('lobby').broadcast).toBeNull();
  world.kill();
});

test('What is begun while its schedule is changed, and fails, is tried as it is now', async () => {
  const world = rooms();
  const what = (pattern: 'bars' | 'clock') =>
    ({ call: 'startBroadcast', params: { source: { kind: 'test', pattern } } }) as const;
  const talk = (pattern: 'bars' | 'clock') => spec({ when: at('2026-12-01 09:00'), what: what(pattern) });
  world.write('talk', talk('bars'));
  const tried: unknown[] = [];
  world.beginning = async (run) => {
    tried.push(run.what.params);
    world.broken = tried.length === 1;
    if (world.broken) world.write('talk', talk('clock'));
  };
  await world.clock.pass(1.1 * hourMs);
  expect(tried).toMatchObject([{ source: { pattern: 'bars' } }, { source: { pattern: 'clock' } }]);
  world.kill();
});

test('What is begun by hand, and fails, is tried as its schedule is by then', async () => {
  const world = rooms();
  const what = (name: string) =>
    ({ call: 'startBroadcast', params: { source: { kind: 'test' }, name } }) as const;
  world.write('talk', spec({ when: at('2026-12-02 09:00'), what: what('wrong') }));
  world.broken = true;
  world.schedules.run('talk');
  await world.clock.pass(minuteMs);
  world.broken = false;
  world.write('talk', spec({ when: at('2026-12-02 10:00'), what: what('right') }));
  await world.clock.pass(1.2 * hourMs);
  expect(lines(world)).toEqual(['01T08:00 fails talk', '01T08:01 begin talk', '01T09:00 end talk']);
  world.kill();
});

test('What is begun by hand goes on where the clock is put right', async () => {
  const world = rooms();
  world.write('talk', spec({ when: at('2026-12-02 09:00'), end: null }));
  world.clock.putWall(2 * hourMs);
  world.schedules.run('talk');
  await world.clock.pass(minuteMs);
  world.clock.putWall(-2 * hourMs);
  await world.clock.pass(1.5 * hourMs);
  expect(world.ended).toEqual([]);
  expect(world.view('lobby').broadcast).not.toBeNull();
  world.kill();
});

describe('A clock that is behind when the daemon starts', () => {
  async function behind(forMs: number) {
    const world = rooms('2026-12-01T05:00:00Z');
    world.write('daily', spec({ when: { cron: '0 6 * * *', zone: 'UTC' }, end: { forMs: 16 * hourMs } }));
    await world.clock.pass(6 * hourMs);
    world.kill();
    world.clock.putWall(-400 * 24 * hourMs);
    world.start();
    await world.clock.pass(forMs);
    return world;
  }

  test('takes nothing off air until it is put right', async () => {
    const world = await behind(50 * minuteMs);
    world.clock.putWall(400 * 24 * hourMs);
    await world.clock.pass(12 * hourMs);
    expect(world.begun).toHaveLength(1);
    expect(lines(world).at(-1)).toBe('01T22:00 end daily');
    expect(world.ended).toHaveLength(1);
    world.kill();
  });

  test('counts after an hour: what lies ahead ends, and comes at its hour', async () => {
    const world = await behind(1.2 * hourMs);
    expect(world.view('lobby').broadcast).toBeNull();
    world.clock.putWall(400 * 24 * hourMs);
    await world.clock.pass(2 * minuteMs);
    expect(world.begun).toEqual(Array(2).fill('daily 2026-12-01T06:00:00.000Z'));
    world.kill();
  });
});

test('What goes on begins in its midst, however many runs were missed', async () => {
  const world = rooms('2026-12-01T05:00:00Z');
  world.write('daily', spec({ when: { cron: '0 6 * * *', zone: 'UTC' }, end: { forMs: 16 * hourMs } }));
  world.clock.putWall((600 * 24 + 6) * hourMs);
  await world.clock.pass(minuteMs);
  expect(world.begun).toHaveLength(1);
  world.kill();
});

test.each<{ name: string; happens: (world: SimulatedRooms) => void; expected: string[] }>([
  {
    name: 'removed: it is given up',
    happens: ({ schedules }) => void schedules.remove('talk', { kind: 'daemon' }),
    expected: [],
  },
  {
    name: 'paused: it is given up',
    happens: ({ schedules }) => void schedules.pause('talk', true, { kind: 'daemon' }),
    expected: [],
  },
  {
    name: 'changed: it is tried as that is by then',
    happens: (world) => world.write('talk', spec({ when: at('2026-12-01 09:00'), end: null, room: 'hall' })),
    expected: ['01T09:12 begin talk'],
  },
])('Before it is known that a run waits its schedule is $name', async ({ happens, expected }) => {
  const world = rooms();
  world.write('talk', spec({ when: at('2026-12-01 09:00'), end: null }));
  world.broken = true;
  await world.clock.pass(1.2 * hourMs);
  world.kill();
  world.deeds.length = 0;
  world.broken = false;
  world.restored = false;
  world.start();
  happens(world);
  world.restored = true;
  await world.clock.pass(hourMs);
  expect(lines(world)).toEqual(expected);
  expect(world.view('lobby').broadcast).toBeNull();
  world.kill();
});

test('What a person has begun of a schedule that is paused is tried again behind a restart', async () => {
  const world = rooms();
  world.write('talk', spec({ when: at('2026-12-01 09:00'), end: null }));
  world.schedules.pause('talk', true, { kind: 'daemon' });
  world.broken = true;
  world.schedules.run('talk');
  await world.clock.pass(minuteMs);
  world.kill();
  world.broken = false;
  world.start();
  await world.clock.pass(minuteMs);
  expect(lines(world)).toEqual(['01T08:00 fails talk', '01T08:01 begin talk']);
  world.kill();
});

test('What a person begins before it is known what goes on is one run', async () => {
  const world = rooms();
  world.write('clip', spec({ when: at('2026-12-02 09:00'), end: null }));
  world.kill();
  world.restored = false;
  world.start();
  world.schedules.run('clip');
  await world.clock.pass(5000);
  world.restored = true;
  await world.clock.pass(minuteMs);
  world.stop('lobby', 'ended');
  await world.clock.pass(minuteMs);
  expect(lines(world)).toEqual(['01T08:00 begin clip', '01T08:01 end clip']);
  world.kill();
});

test('Nothing begins before what was on air is there again, however late that is read', async () => {
  const world = rooms();
  world.write('talk', spec({ when: at('2026-12-01 09:00') }));
  await world.clock.pass(1.2 * hourMs);
  const { broadcast } = world.view('lobby');
  world.kill();
  world.set('lobby', emptyRoom);
  world.restored = false;
  world.start();
  await world.clock.pass(5 * minuteMs);
  world.set('lobby', { broadcast, free: false });
  world.restored = true;
  await world.clock.pass(hourMs);
  expect(lines(world)).toEqual(['01T09:00 begin talk', '01T10:00 end talk']);
  world.kill();
});

test('What is over before it is known that it goes on is not begun again', async () => {
  const world = rooms();
  world.write('talk', spec({ when: at('2026-12-01 09:00') }));
  await world.clock.pass(1.2 * hourMs);
  world.kill();
  world.start({ begins: false });
  world.stop('lobby', 'ended');
  world.schedules.begin();
  await world.clock.pass(minuteMs);
  expect(lines(world)).toEqual(['01T09:00 begin talk', '01T09:12 end talk']);
  world.kill();
});

test('What cannot be taken away at its end stays a run, is told once, and ends as soon as it can', async () => {
  const world = rooms();
  world.write('talk', spec({ when: at('2026-12-01 09:00') }));
  await world.clock.pass(1.9 * hourMs);
  world.stuck = new Error('it hangs');
  await world.clock.pass(0.2 * hourMs);
  expect(world.schedules.get('talk').last?.outcome).toBe('running');
  expect(world.logged).toEqual(['what a schedule has put on air cannot be ended']);
  world.stuck = null;
  await world.clock.pass(minuteMs);
  expect(lines(world)).toEqual(['01T09:00 begin talk', '01T10:06 end talk']);
  world.kill();
});

/** The person's word for what goes on, and what it came to. */
const stopped = (world: SimulatedRooms) => world.schedules.stop('talk');
const takes = [{ id: 'c-zzzzzzzzzz', words: 'cam1', byMachine: false }];

test.each<{
  name: string;
  before: (world: SimulatedRooms) => void;
  gone?: boolean;
  expected: readonly string[];
}>([
  {
    name: 'its own broadcast',
    before: () => {},
    expected: ['01T09:00 begin talk', '01T09:30 stopped talk', '01T10:10 begin talk'],
  },
  {
    name: 'what it has above a channel, and not the channel',
    before: (world) => world.set('lobby', { broadcast: 'b-zzzzzzzzzz', free: false }),
    expected: ['01T09:00 begin talk', '01T09:30 stopped talk', '01T10:10 begin talk'],
  },
  {
    name: 'what waits for a person, for good',
    before: (world) => world.set('lobby', { broadcast: 'b-zzzzzzzzzz', free: false, takes }),
    expected: ['01T09:00 waits talk: cam1 is taken there', '01T10:10 begin talk'],
  },
  {
    name: 'what fails and is tried again',
    before: (world) => {
      world.broken = true;
    },
    expected: ['01T09:00 fails talk', '01T10:10 begin talk'],
  },
  {
    name: 'what is being looked at',
    before: (world) => {
      world.beginning = () => new Promise((done) => void world.clock.after(0.6 * hourMs, done));
    },
    expected: ['01T10:10 begin talk'],
  },
])('A person stops $name: its next run comes', async ({ before, gone = true, expected }) => {
  const world = rooms();
  before(world);
  world.write('talk', spec({ when: { everyMs: 70 * minuteMs, fromAt: '2026-12-01T09:00:00Z' }, end: null }));
  await world.clock.pass(1.5 * hourMs);
  const answer = await stopped(world);
  await world.clock.pass(0.3 * hourMs);
  expect(answer).toEqual({ schedule: 'talk', room: 'lobby', words: 'stream test bars', gone });
  await expect(stopped(world)).rejects.toMatchObject({ code: 'SCHEDULE_NOT_RUNNING' });
  Object.assign(world, { broken: false, beginning: null });
  world.set('lobby', { takes: [] });
  await world.clock.pass(0.4 * hourMs);
  expect(lines(world)).toEqual(expected);
  await expect(world.schedules.stop('talks')).rejects.toMatchObject({ code: 'SCHEDULE_NOT_FOUND' });
  world.kill();
});

test('A person stops what another one has covered: it stays below that, and is over with it', async () => {
  const world = rooms();
  world.write('talk', spec({ when: at('2026-12-01 09:00') }));
  await world.clock.pass(1.2 * hourMs);
  world.set('lobby', { takes });
  expect(await stopped(world)).toMatchObject({ gone: false });
  await world.clock.pass(hourMs / 10);
  expect(world.view('lobby').broadcast).not.toBeNull();
  world.set('lobby', { takes: [] });
  await world.clock.pass(hourMs / 10);
  expect(lines(world)).toEqual(['01T09:00 begin talk', '01T09:18 stopped talk']);
  world.kill();
});

test('What an older daemon put above a programme as a take is its run’s', async () => {
  const world = rooms();
  world.set('lobby', { broadcast: 'b-zzzzzzzzzz', free: false });
  world.write('talk', spec({ when: at('2026-12-01 09:00') }));
  await world.clock.pass(1.2 * hourMs);
  world.kill();
  const { runs } = world.view('lobby');
  const id = runs[0]?.id ?? '';
  world.set('lobby', { runs: [], takes: [{ id, words: 'talk.mp4', byMachine: false }] });
  world.database.exec(`UPDATE schedule_runs SET details = replace(details, '"kind":"run"', '"kind":"take"')`);
  world.start();
  expect(world.view('lobby')).toMatchObject({ runs, takes: [] });
  expect(await world.schedules.stop('talk')).toMatchObject({ gone: true });
  expect(world.view('lobby').runs).toEqual([]);
  world.kill();
});

test.each([
  { name: 'in a free room', room: {} },
  { name: 'above a channel', room: { broadcast: 'b-zzzzzzzzzz', free: false } },
])(
  'What cannot be played keeps no other run off air, and goes above it once it can be: $name',
  async ({ room }) => {
    const world = rooms();
    world.set('lobby', room);
    world.beginning = async ({ name }) => {
      world.broken = name === 'high' && world.clock.wallMs() < Date.parse('2026-12-01T09:20:00Z');
    };
    world.write('high', spec({ when: at('2026-12-01 09:00'), priority: 90 }));
    world.write('low', spec({ when: at('2026-12-01 09:00'), end: { forMs: 2 * hourMs } }));
    await world.clock.pass(0.3 * hourMs + hourMs);
    expect(lines(world)).toEqual(['01T09:00 fails high', '01T09:00 begin low']);
    await world.clock.pass(2 * hourMs);
    expect(lines(world).slice(2)).toEqual(['01T09:20 begin high', '01T10:00 end high', '01T11:00 end low']);
    world.kill();
  },
);

test('Of parts of the day that have one name the room says which is stopped', async () => {
  const world = rooms();
  world.schedules.setDayparts(
    ['lobby', 'hall'].map((room) =>
      daypartRow(`d-${room}`, 'daypart-0900', spec({ room, when: at('2026-12-01 09:00') })),
    ),
  );
  await world.clock.pass(1.5 * hourMs);
  await expect(world.schedules.stop('daypart-0900')).rejects.toThrow('several have a run of daypart-0900');
  expect(await world.schedules.stop('daypart-0900', 'hall')).toMatchObject({ room: 'hall', gone: true });
  expect(lines(world).at(-1)).toBe('01T09:30 stopped daypart-0900');
  world.kill();
});

const commanded = (command: Extract<NewScheduleSpec['what'], { call: 'control' }>['params']['command']) =>
  ({ end: null, what: { call: 'control', params: { command } } }) as const;
const cam = commanded({ type: 'take', source: { kind: 'test' } });

interface Case {
  readonly name: string;
  readonly schedules: Readonly<Record<string, Partial<NewScheduleSpec> & Pick<NewScheduleSpec, 'when'>>>;
  readonly happens?: (world: SimulatedRooms) => Promise<void>;
  readonly expected: readonly string[];
}

test.each<Case>([
  ...[true, false].map((busy) => ({
    name: `take programme ends what was taken at an hour before, in a ${busy ? 'busy' : 'free'} room, and not what comes with it`,
    schedules: {
      cam1: { when: at('2026-12-01 09:00'), ...cam },
      cam2: { when: at('2026-12-01 10:00'), ...cam },
      off: { when: at('2026-12-01 10:00'), ...commanded({ type: 'release' }) },
      'off-again': { when: at('2026-12-01 11:00'), ...commanded({ type: 'release' }) },
    },
    happens: async (world: SimulatedRooms) => {
      if (busy) world.set('lobby', { broadcast: 'b-zzzzzzzzzz', free: false });
    },
    // Its own broadcast stays below what comes with its end.
    expected: [
      ...['01T09:00 begin cam1', '01T10:00 begin cam2'],
      ...[`01T1${busy ? 0 : 1}:00 end cam1`, '01T11:00 end cam2'],
    ],
  })),
  {
    name: 'take programme ends streams of schedules above a channel, leaves what persons took, and what waits for them is missed',
    schedules: {
      talk: { when: at('2026-12-01 09:00'), end: { forMs: 3 * hourMs } },
      late: { when: at('2026-12-01 09:40'), ...cam },
      off: { when: at('2026-12-01 10:00'), ...commanded({ type: 'release' }) },
    },
    happens: async (world) => {
      world.set('lobby', { broadcast: 'b-zzzzzzzzzz', free: false });
      await world.clock.pass(1.5 * hourMs);
      world.set('lobby', { takes });
      await world.clock.pass(1.5 * hourMs);
      expect(world.view('lobby')).toMatchObject({ takes, runs: [] });
    },
    expected: [
      '01T09:00 begin talk',
      '01T09:40 waits late: cam1 is taken there',
      '01T10:00 missed late 1',
      '01T10:00 end talk',
    ],
  },
  {
    name: 'of two the one with the higher priority is on air, and gives the room back',
    schedules: {
      low: { when: at('2026-12-01 09:00'), end: { forMs: 2 * hourMs }, priority: 10 },
      high: { when: at('2026-12-01 09:30'), end: { forMs: hourMs / 2 }, priority: 90 },
    },
    expected: ['01T09:00 begin low', '01T09:30 begin high', '01T10:00 end high', '01T11:00 end low'],
  },
  {
    name: 'the lower one begins when the higher one is over',
    schedules: {
      high: { when: at('2026-12-01 09:00'), priority: 90 },
      low: { when: at('2026-12-01 09:30'), end: { forMs: hourMs } },
    },
    expected: ['01T09:00 begin high', '01T10:00 end high', '01T10:00 begin low', '01T10:30 end low'],
  },
  {
    name: 'of equals the later one is on air',
    schedules: {
      first: { when: at('2026-12-01 09:00'), end: { forMs: 2 * hourMs } },
      second: { when: at('2026-12-01 09:30'), end: { forMs: hourMs / 2 } },
    },
    expected: ['01T09:00 begin first', '01T09:30 begin second', '01T10:00 end second', '01T11:00 end first'],
  },
  {
    name: 'of two above a channel the lower one is back when the higher one is over',
    schedules: {
      low: { when: at('2026-12-01 09:00'), end: { forMs: 2 * hourMs } },
      high: { when: at('2026-12-01 09:30'), end: { forMs: hourMs / 2 }, priority: 90 },
    },
    happens: async (world) => world.set('lobby', { broadcast: 'b-zzzzzzzzzz', free: false }),
    expected: ['01T09:00 begin low', '01T09:30 begin high', '01T10:00 end high', '01T11:00 end low'],
  },
  {
    name: 'the slate of a person keeps a run on air behind its end, and the next one off',
    schedules: {
      first: { when: at('2026-12-01 09:00') },
      second: { when: at('2026-12-01 10:00'), end: { forMs: hourMs } },
    },
    happens: async (world) => {
      await world.clock.pass(1.9 * hourMs);
      world.set('lobby', { slate: true, slateCommand: 1 });
      await world.clock.pass(0.5 * hourMs);
      world.set('lobby', { slate: false, slateCommand: 2 });
    },
    expected: [
      '01T09:00 begin first',
      '01T10:00 waits second: the slate is on there',
      '01T10:24 end first',
      '01T10:24 begin second',
      '01T11:00 end second',
    ],
  },
  {
    name: 'a slate without an end does not join: what would take it away may have been missed too',
    schedules: {
      on: {
        when: at('2026-12-01 09:00'),
        end: null,
        what: { call: 'control', params: { command: { type: 'slate', on: true } } },
      },
    },
    happens: async (world) => {
      world.kill();
      await world.clock.pass(1.5 * hourMs);
      world.start();
    },
    expected: ['01T09:30 missed on 1'],
  },
  {
    name: 'what cannot be played at its hour is mended by another file',
    schedules: { talk: { when: at('2026-12-01 09:00') } },
    happens: async (world) => {
      world.broken = true;
      await world.clock.pass(1.1 * hourMs);
      world.broken = false;
      const what = {
        call: 'startBroadcast',
        params: { source: { kind: 'test', pattern: 'clock' } },
      } as const;
      world.write('talk', spec({ when: at('2026-12-01 09:00'), what }));
      await world.clock.pass(1000);
      world.write('talk', spec({ when: at('2026-12-01 09:00'), what, priority: 60 }));
    },
    expected: ['01T09:00 fails talk', '01T09:06 begin talk', '01T10:00 end talk'],
  },
  {
    name: 'what waits for another hour now is given up',
    schedules: { talk: { when: at('2026-12-01 09:00') } },
    happens: async (world) => {
      world.broken = true;
      await world.clock.pass(1.1 * hourMs);
      world.broken = false;
      world.write('talk', spec({ when: at('2026-12-01 11:00') }));
    },
    expected: ['01T09:00 fails talk', '01T11:00 begin talk'],
  },
  {
    name: 'the clock is put back while a run is tried again and again',
    schedules: { talk: { when: at('2026-12-01 09:00') } },
    happens: async (world) => {
      world.broken = true;
      await world.clock.pass(1.1 * hourMs);
      world.clock.putWall(-hourMs / 2);
      world.broken = false;
      await world.clock.pass(2 * minuteMs);
      expect(world.view('lobby').broadcast).not.toBeNull();
    },
    expected: ['01T09:00 fails talk', '01T08:36 begin talk', '01T10:00 end talk'],
  },
  {
    name: 'what fails as soon as it is on air is begun less and less often',
    schedules: { talk: { when: at('2026-12-01 09:00') } },
    happens: async (world) => {
      await world.clock.pass(hourMs);
      for (let second = 0; second < 120; second++) {
        world.stop('lobby', 'failed');
        await world.clock.pass(1000);
      }
      expect(world.begun.length).toBeLessThan(9);
      world.deeds.splice(0);
    },
    expected: ['01T09:02 begin talk', '01T10:00 end talk'],
  },
  {
    name: 'of two, one after the other, the second has the place of the first',
    schedules: {
      first: { when: at('2026-12-01 09:00') },
      second: { when: at('2026-12-01 10:00'), end: { forMs: hourMs / 2 } },
    },
    expected: ['01T09:00 begin first', '01T10:00 end first', '01T10:00 begin second', '01T10:30 end second'],
  },
  {
    name: 'the next run of what has no end has the place of the one before',
    schedules: { hourly: { when: { cron: '0 * * * *', zone: 'UTC' }, end: null } },
    happens: async (world) => {
      await world.clock.pass(2.5 * hourMs);
      world.stop('lobby', 'ended');
    },
    expected: [
      '01T09:00 begin hourly',
      '01T10:00 end hourly',
      '01T10:00 begin hourly',
      '01T10:30 end hourly',
      '01T11:00 begin hourly',
    ],
  },
  {
    name: 'what a machine has taken above a run stays above the next one’s broadcast, which goes above it',
    schedules: { first: { when: at('2026-12-01 09:00') }, second: { when: at('2026-12-01 10:00') } },
    happens: async (world) => {
      await world.clock.pass(1.5 * hourMs);
      world.set('lobby', { takes: [{ id: 'c-zzzzzzzzzz', words: 'cam1', byMachine: true }] });
      await world.clock.pass(1.7 * hourMs);
      world.set('lobby', { takes: [] });
    },
    expected: ['01T09:00 begin first', '01T10:00 begin second', '01T11:00 end second', '01T11:12 end first'],
  },
  {
    name: 'what a person stops is over',
    schedules: { talk: { when: at('2026-12-01 09:00') } },
    happens: async (world) => {
      await world.clock.pass(1.5 * hourMs);
      world.stop('lobby', 'stopped');
    },
    expected: ['01T09:00 begin talk', '01T09:30 stopped talk'],
  },
  {
    name: 'what fails is begun again',
    schedules: { talk: { when: at('2026-12-01 09:00') } },
    happens: async (world) => {
      await world.clock.pass(1.5 * hourMs);
      world.stop('lobby', 'failed');
    },
    expected: ['01T09:00 begin talk', '01T09:30 fails talk', '01T09:30 begin talk', '01T10:00 end talk'],
  },
  {
    name: 'what cannot be played above a channel is begun again',
    schedules: { talk: { when: at('2026-12-01 09:00') } },
    happens: async (world) => {
      world.set('lobby', { broadcast: 'b-zzzzzzzzzz', free: false });
      await world.clock.pass(hourMs + 2000);
      world.over('lobby', { is: 'failed', message: 'it is damaged' });
      expect(world.schedules.get('talk').last).toMatchObject({ outcome: 'waiting', reason: 'it is damaged' });
    },
    expected: ['01T09:00 begin talk', '01T09:00 fails talk', '01T09:00 begin talk', '01T10:00 end talk'],
  },
  {
    name: 'what was seen whole above a channel is over, though the channel ends with it',
    schedules: { talk: { when: at('2026-12-01 09:00') } },
    happens: async (world) => {
      world.set('lobby', { broadcast: 'b-zzzzzzzzzz', free: false });
      await world.clock.pass(1.5 * hourMs);
      world.over('lobby', { is: 'ended' });
      world.stop('lobby', 'ended');
    },
    expected: ['01T09:00 begin talk', '01T09:30 end talk'],
  },
  {
    name: 'what a person takes away above a channel is stopped, and is not begun again',
    schedules: { talk: { when: at('2026-12-01 09:00') } },
    happens: async (world) => {
      world.set('lobby', { broadcast: 'b-zzzzzzzzzz', free: false });
      await world.clock.pass(1.5 * hourMs);
      world.over('lobby', { is: 'removed' });
    },
    expected: ['01T09:00 begin talk', '01T09:30 stopped talk'],
  },
  ...(['ended', 'failed', 'replaced'] as const).map((reason) => ({
    name: `a run goes on by itself where the channel below it has ${reason}, and has not failed by that`,
    schedules: { talk: { when: at('2026-12-01 09:00') } },
    happens: async (world: SimulatedRooms) => {
      world.set('lobby', { broadcast: 'b-zzzzzzzzzz', free: false });
      await world.clock.pass(1.5 * hourMs);
      world.stop('lobby', reason);
    },
    expected: ['01T09:00 begin talk', '01T09:30 begin talk', '01T10:00 end talk'],
  })),
  {
    name: 'what is not there at its hour begins when it is',
    schedules: { talk: { when: at('2026-12-01 09:00') } },
    happens: async (world) => {
      world.broken = true;
      await world.clock.pass(1.5 * hourMs);
      world.broken = false;
    },
    expected: ['01T09:00 fails talk', '01T09:30 begin talk', '01T10:00 end talk'],
  },
  {
    name: 'what a person has taken stays, and what waits for it joins',
    schedules: { talk: { when: at('2026-12-01 09:00') } },
    happens: async (world) => {
      world.set('lobby', { broadcast: 'b-zzzzzzzzzz', free: false, takes });
      await world.clock.pass(1.5 * hourMs);
      world.set('lobby', { takes: [] });
    },
    expected: ['01T09:00 waits talk: cam1 is taken there', '01T09:30 begin talk', '01T10:00 end talk'],
  },
  {
    name: 'what a person takes above it stays behind its end',
    schedules: { talk: { when: at('2026-12-01 09:00') } },
    happens: async (world) => {
      await world.clock.pass(1.5 * hourMs);
      world.set('lobby', { takes: [{ id: 'c-zzzzzzzzzz', words: 'cam1', byMachine: false }] });
      await world.clock.pass(hourMs);
      world.set('lobby', { takes: [] });
    },
    expected: ['01T09:00 begin talk', '01T10:30 end talk'],
  },
  {
    name: 'a restart in the midst of a run begins nothing again, and it ends',
    schedules: { talk: { when: at('2026-12-01 09:00') } },
    happens: async (world) => {
      await world.clock.pass(1.2 * hourMs);
      world.kill();
      await world.clock.pass(hourMs / 10);
      world.start();
    },
    expected: ['01T09:00 begin talk', '01T10:00 end talk'],
  },
  {
    name: 'its end comes while the daemon is dead',
    schedules: { talk: { when: at('2026-12-01 09:00') } },
    happens: async (world) => {
      await world.clock.pass(1.2 * hourMs);
      world.kill();
      await world.clock.pass(1.5 * hourMs);
      world.start();
    },
    expected: ['01T09:00 begin talk', '01T10:42 end talk'],
  },
  {
    name: 'its end comes while the daemon is dead, and what it was above is gone with that: it is no missed one',
    schedules: { talk: { when: at('2026-12-01 09:00') } },
    happens: async (world) => {
      await world.clock.pass(1.2 * hourMs);
      world.kill();
      world.set('lobby', emptyRoom);
      await world.clock.pass(1.5 * hourMs);
      world.start();
    },
    expected: ['01T09:00 begin talk', '01T10:42 end talk'],
  },
  {
    name: 'a daemon that is dead at its hour joins, where its end lies ahead',
    schedules: {
      talk: { when: at('2026-12-01 09:00') },
      short: { when: at('2026-12-01 09:00'), end: { forMs: minuteMs }, room: 'hall' },
    },
    happens: async (world) => {
      world.kill();
      await world.clock.pass(1.5 * hourMs);
      world.start();
    },
    expected: ['01T09:30 missed short 1', '01T09:30 begin talk', '01T10:00 end talk'],
  },
  {
    name: 'what is to be skipped does not join',
    schedules: { talk: { when: at('2026-12-01 09:00'), onMissed: 'skip' } },
    happens: async (world) => {
      world.kill();
      await world.clock.pass(1.5 * hourMs);
      world.start();
    },
    expected: ['01T09:30 missed talk 1'],
  },
  {
    name: 'a command that comes too late is not done',
    schedules: {
      off: {
        when: at('2026-12-01 09:00'),
        end: null,
        what: { call: 'control', params: { command: { type: 'slate', on: false } } },
      },
    },
    happens: async (world) => {
      world.kill();
      await world.clock.pass(1.5 * hourMs);
      world.start();
      expect(world.reasons).toEqual([
        'the daemon, or its machine, did not run at its hour; if it is still wanted: mirolive schedule run off',
      ]);
    },
    expected: ['01T09:30 missed off 1'],
  },
  ...(['idle', 'channel'] as const).map((where) => ({
    name: `what begins in an ${where} room while nothing can be written is written later, and goes on over a restart`,
    schedules: { talk: { when: at('2026-12-01 09:00') } },
    happens: async (world: SimulatedRooms) => {
      if (where === 'channel') world.set('lobby', { broadcast: 'b-zzzzzzzzzz', free: false });
      world.full = true;
      await world.clock.pass(hourMs + 5 * minuteMs);
      world.full = false;
      await world.clock.pass(2 * minuteMs);
      world.kill();
      await world.clock.pass(minuteMs);
      world.start();
      expect(world.logged).toEqual([
        'a run of a schedule cannot be written down',
        'how runs of schedules are cannot be written down; it is when it can be',
      ]);
    },
    expected: ['01T09:00 begin talk', '01T10:00 end talk'],
  })),
  ...(['idle', 'channel'] as const).map((where) => ({
    name: `what a daemon has begun in an ${where} room and could never write down goes on with the next one`,
    schedules: { talk: { when: at('2026-12-01 09:00') } },
    happens: async (world: SimulatedRooms) => {
      if (where === 'channel') world.set('lobby', { broadcast: 'b-zzzzzzzzzz', free: false });
      world.full = true;
      await world.clock.pass(hourMs + 5 * minuteMs);
      world.kill();
      world.full = false;
      world.start();
    },
    expected: ['01T09:00 begin talk', '01T10:00 end talk'],
  })),
  {
    name: 'what is left of a run that is over ends at the start, and nothing else does',
    happens: async (world) => {
      world.kill();
      const [gone, stays] = ['c-aaaaaaaaaa', 'c-bbbbbbbbbb'];
      const left = { id: gone, schedule: 'talk', atMs: 1 };
      const takes = [{ id: stays, words: 'cam1', byMachine: false }];
      world.set('lobby', { broadcast: 'b-zzzzzzzzzz', free: false, takes, runs: [left] });
      world.set('hall', {
        broadcast: 'b-yyyyyyyyyy',
        free: false,
        scheduled: source.parse({ kind: 'test' }),
      });
      world.start();
      await world.clock.pass(1000);
      expect(world.view('lobby')).toMatchObject({ broadcast: 'b-zzzzzzzzzz', takes, runs: [] });
      expect(world.view('hall')).toMatchObject({ broadcast: null });
      expect(world.logged).toEqual(
        Array(2).fill('what a schedule has put on air is of no run that goes on: it ends now'),
      );
    },
    schedules: {},
    expected: ['01T08:00 end talk', '01T08:00 end ownerless'],
  },
  {
    name: 'the machine sleeps for a day',
    schedules: { daily: { when: { cron: '0 9 * * *', zone: 'UTC' } } },
    happens: async (world) => {
      world.clock.putWall(24.5 * hourMs);
      await world.clock.pass(2 * hourMs);
    },
    expected: ['02T08:31 missed daily 1', '02T09:00 begin daily', '02T10:00 end daily'],
  },
  {
    name: 'the clock is put back in the midst of a run, and it is not begun again',
    schedules: { daily: { when: { cron: '0 9 * * *', zone: 'UTC' } } },
    happens: async (world) => {
      await world.clock.pass(1.5 * hourMs);
      world.clock.putWall(-hourMs);
    },
    expected: ['01T09:00 begin daily', '01T10:00 end daily'],
  },
  ...[2, 24 * 400 + 2].map((hours) => ({
    name: `what a clock that is ${hours} h ahead has begun ends when that is put right, and comes at its hour`,
    schedules: { daily: { when: { cron: '0 11 * * *', zone: 'UTC' } } },
    happens: async (world: SimulatedRooms) => {
      world.clock.putWall(hours * hourMs);
      await world.clock.pass(hourMs + minuteMs);
      expect(world.begun).toHaveLength(1);
      world.clock.putWall(-hours * hourMs);
      await world.clock.pass(minuteMs);
      expect(world.view('lobby').broadcast).toBeNull();
      world.deeds.length = 0;
    },
    expected: ['01T11:00 begin daily'],
  })),
  {
    name: 'the clock is put on by a year and back: what was told as missed comes yet',
    schedules: { talk: { when: at('2026-12-01 09:00') } },
    happens: async (world) => {
      world.clock.putWall(365 * 24 * hourMs);
      await world.clock.pass(2 * minuteMs);
      world.clock.putWall(-365 * 24 * hourMs);
    },
    expected: ['01T08:01 missed talk 1', '01T09:00 begin talk', '01T10:00 end talk'],
  },
  {
    name: 'one that is paused does not begin, and what came meanwhile is of the past',
    schedules: { daily: { when: { cron: '0 * * * *', zone: 'UTC' }, end: { forMs: minuteMs } } },
    happens: async (world) => {
      world.schedules.pause('daily', true, { kind: 'daemon' });
      await world.clock.pass(2.5 * hourMs);
      world.schedules.pause('daily', false, { kind: 'daemon' });
    },
    expected: ['01T11:00 begin daily', '01T11:01 end daily'],
  },
])('$name', async ({ schedules, happens, expected }) => {
  const world = rooms();
  for (const [name, given] of Object.entries(schedules)) world.write(name, spec(given));
  await happens?.(world);
  await world.clock.pass(Math.max(0, Date.parse('2026-12-01T11:20:00Z') - world.clock.wallMs()));
  expect(lines(world)).toEqual(expected);
  world.kill();
});

test('A clock that is put back by hours has no minute done again', async () => {
  const world = rooms();
  world.write('tick', spec({ when: { cron: '* * * * *', zone: 'UTC' }, end: { forMs: 1000 } }));
  await world.clock.pass(1.5 * hourMs + 30_000);
  world.clock.putWall(-hourMs);
  await world.clock.pass(1.25 * hourMs);
  expect(new Set(world.begun).size).toBe(world.begun.length);
  expect(world.begun).toHaveLength(1.75 * 60);
  world.kill();
});

test.each([
  { zone: berlin, from: '2026-03-28T00:00:00Z', cron: '30 2 * * *' },
  { zone: berlin, from: '2026-10-24T00:00:00Z', cron: '30 2 * * *' },
  { zone: 'America/New_York', from: '2026-03-07T00:00:00Z', cron: '30 2 * * *' },
  { zone: 'America/New_York', from: '2026-10-31T00:00:00Z', cron: '30 1 * * *' },
])('Three nights over a jump of the clocks in $zone have three runs', async ({ zone, from, cron }) => {
  const world = rooms(from);
  world.write('night', spec({ when: { cron, zone }, end: { forMs: 10 * minuteMs } }));
  await world.clock.pass(72 * hourMs);
  expect(world.begun).toHaveLength(3);
  expect(new Set(world.begun).size).toBe(3);
  expect(world.ended).toEqual(world.begun);
  expect(world.missed).toEqual([]);
});

/** How far the clock is before the run that began last. */
function aheadMs({ begun, clock }: SimulatedRooms): number {
  return Date.parse(begun.at(-1)?.split(' ')[1] ?? '') - clock.wallMs();
}

/** What may happen to a daemon in a week. */
const fate = fc.oneof(
  fc.record({ type: fc.constant('pass' as const), ms: fc.integer({ min: 1000, max: 30 * hourMs }) }),
  fc.record({ type: fc.constant('jump' as const), ms: fc.integer({ min: -3 * hourMs, max: 30 * hourMs }) }),
  fc.record({ type: fc.constant('dead' as const), ms: fc.integer({ min: 1000, max: 10 * hourMs }) }),
  fc.record({ type: fc.constant('slow' as const), ms: fc.integer({ min: 1, max: 90_000 }) }),
  fc.record({ type: fc.constantFrom('taken', 'stopped'), ms: fc.integer({ min: 1000, max: hourMs }) }),
);

/** Daemons that die in the moment in which they begin a run. */
const diesAtOnce = [
  { type: 'pass' as const, ms: 10_774_061 },
  { type: 'slow' as const, ms: 16_265 },
  ...[34_208_665, 1009, 1000, 16_265].map((ms) => ({ type: 'dead' as const, ms })),
];

test('Whatever clocks and daemons do, no run begins twice, and none is skipped in silence', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fate, { maxLength: 12 }), async (fates) => {
      const from = '2026-10-23T12:00:00Z';
      const world = rooms(from);
      const nightly = spec({ when: { cron: '30 2,14 * * *', zone: berlin }, end: { forMs: 20 * minuteMs } });
      world.write('night', nightly);
      let furthestMs = world.clock.wallMs();
      for (const { type, ms } of fates) {
        const isOn = world.view('lobby').broadcast !== null;
        if (type === 'jump') world.clock.putWall(ms);
        // What the clock was put back before by more than an hour is taken away, and comes at its hour.
        if (isOn && aheadMs(world) > hourMs) world.begun.pop();
        if (type === 'slow') world.lookMs = ms;
        if (type === 'stopped') world.stop('lobby', 'stopped');
        if (type === 'taken')
          world.set('lobby', { takes: [{ id: 'c-zzzzzzzzzz', words: 'cam1', byMachine: false }] });
        if (type === 'dead') world.kill();
        await world.clock.pass(type === 'jump' ? 2 * minuteMs : ms);
        if (type === 'dead') world.start();
        world.set('lobby', { takes: [] });
        furthestMs = Math.max(furthestMs, world.clock.wallMs());
      }
      await world.clock.pass(2 * minuteMs);
      const endMs = world.clock.wallMs();
      await world.clock.pass(1.5 * hourMs);
      if (world.view('lobby').broadcast !== null) await world.clock.pass(0.5 * hourMs);
      expect(world.view('lobby').broadcast).toBeNull();
      world.kill();
      expect(new Set(world.begun).size).toBe(world.begun.length);
      const due = occurrences(nightly, Date.parse(from), Math.min(furthestMs, endMs), 500);
      const known = new Set(
        world.database
          .prepare('SELECT at FROM schedule_runs')
          .all()
          .map(({ at: ms }) => Number(ms)),
      );
      for (const { atMs } of due.slice(-20)) expect(known).toContain(atMs);
    }),
    { numRuns: 60, examples: [[diesAtOnce]] },
  );
});
