import { expect, test } from 'vitest';
import { onAirLimitMs } from '../../../src/daemon/rooms/actor.ts';
import { newBroadcast } from '../../../src/daemon/rooms/room-state.ts';
import { newWishes } from '../../../src/daemon/rooms/wishes.ts';
import { plannedBroadcast } from '../../helpers/planned-broadcast.ts';
import { graceMs, noise, ScriptedRoom, sourceOf } from '../../sim/scripted-room.ts';

async function alwaysOn(): Promise<ScriptedRoom> {
  const room = new ScriptedRoom(true);
  await room.clock.pass(1000);
  return room;
}

/** Keys of what was taken in the room, and files. */
const taken = ({ actor }: ScriptedRoom) =>
  actor.state.broadcast?.wishes.wanted.chain
    .filter(({ name }) => name === 'take')
    .map(({ source }) => (source.kind === 'publisher' ? source.key : source.kind));

function onAir({ actor }: ScriptedRoom): string {
  if (!actor.broadcast) throw new Error('expected something on air');
  return actor.broadcast.id;
}

async function published(room: ScriptedRoom, key: string): Promise<void> {
  await room.publish(key);
  await room.clock.pass(1000);
}

test('An always-on room is free again when who published into it has been away for long', async () => {
  const room = await alwaysOn();
  await published(room, 'cam1');
  expect(taken(room)).toEqual(['cam1']);
  await room.leave('cam1', graceMs - 1000);
  expect(taken(room)).toEqual(['cam1']);
  await room.leave('cam1', graceMs);
  expect(taken(room)).toEqual([]);
  const started = room.start('good');
  await room.clock.pass(1000);
  expect(await started).toBe('done');
  await room.actor.close();
});

test('An always-on room goes on to the next publisher while the last one is away', async () => {
  const room = await alwaysOn();
  await published(room, 'cam1');
  await published(room, 'cam2');
  expect(taken(room)).toEqual(['cam1']);
  await room.leave('cam1', 1000);
  await published(room, 'cam2');
  expect(taken(room)).toEqual(['cam2']);
  await room.actor.close();
});

test('An always-on room goes on with the publisher who is back', async () => {
  const room = await alwaysOn();
  await published(room, 'cam1');
  const candidate = room.actor.state.broadcast?.wishes.wanted.chain[0]?.id;
  await room.leave('cam1', 1000);
  await published(room, 'cam1');
  expect(room.actor.state.broadcast?.wishes.wanted.chain.map(({ id }) => id)).toEqual([candidate]);
  await room.actor.close();
});

test('What a person took stays, however long its publisher is away', async () => {
  const room = await alwaysOn();
  const source = { kind: 'publisher', key: 'cam1' } as const;
  await room.actor.take(onAir(room), source, async () => ({ id: 'c-aaaaaaaaaa', seed: 1, prepared: null }));
  await room.clock.pass(1000);
  await room.leave('cam1', 2 * graceMs);
  await published(room, 'cam2');
  expect(taken(room)).toEqual(['cam1', 'cam2']);
  await room.actor.close();
});

test('A take that cannot be put on air for long is answered: it is wanted and waits', async () => {
  const room = await alwaysOn();
  room.process = false;
  room.kill('process');
  const answer = room.take('good');
  await room.clock.pass(onAirLimitMs + 1000);
  expect(await answer).toBe('NOT_ON_AIR_YET');
  room.process = true;
  await room.clock.pass(60_000);
  expect(taken(room)).toEqual(['file']);
  await room.actor.close();
});

test('The programme is waited for until it is on air again', async () => {
  const room = await alwaysOn();
  await published(room, 'cam1');
  room.process = false;
  room.kill('process');
  let answer = '';
  void room.control({ type: 'release' }).then((is) => {
    answer = is;
  });
  await room.clock.pass(1000);
  expect(answer).toBe('');
  room.process = true;
  await room.clock.pass(60_000);
  expect([answer, taken(room)]).toEqual(['done', ['cam1']]);
  await room.actor.close();
});

test.each(['is being opened again', 'does not follow'])(
  'A command is carried out, and a question answered, while the programme %s',
  async (how) => {
    const room = await alwaysOn();
    await published(room, 'cam1');
    if (how === 'does not follow') room.deaf = true;
    else {
      room.process = false;
      room.kill('process');
    }
    const broadcast = onAir(room);
    const answer = room.control({ type: 'volume', percent: 40 });
    // Until it would be seen.
    await room.clock.pass(2500);
    expect(await answer).toBe('done');
    const state = room.actor.programmeState(broadcast);
    const reopens = { onAir: { entry: 'nothing', words: 'the programme is being opened again' } };
    expect(state).toMatchObject({
      ...(how === 'does not follow' ? {} : reopens),
      entries: [{ entry: 'take', words: 'cam1' }, { entry: 'slate' }],
      ...{ volumePercent: 40, muted: false, paused: false },
    });
    expect(room.actor.broadcast?.id).toBe(broadcast);
    await room.actor.close();
  },
);

test('What cannot be played is refused with the reason, taken as well as started', async () => {
  const room = await alwaysOn();
  const answer = room.actor.take(onAir(room), sourceOf('noise'), async () => ({
    ...{ id: 'c-aaaaaaaaaa', seed: 1, prepared: null },
  }));
  const taken = room.actor.taken(onAir(room), await answer, sourceOf('noise'));
  const refused = expect(taken).rejects.toMatchObject({
    code: 'PIPELINE_FAILED',
    message: `expected ffmpeg to play noise.mp4: ${noise}`,
  });
  await room.clock.pass(1000);
  await refused;
  const started = room.start('noise');
  await room.clock.pass(1000);
  expect(await started).toBe('PIPELINE_FAILED');
  await room.actor.close();
});

test('A take in a broadcast that ends before it is on air is answered with that, and not as overtaken', async () => {
  const room = new ScriptedRoom(false);
  const started = room.start('good');
  await room.clock.pass(1000);
  expect(await started).toBe('done');
  const looked = room.take('slow');
  const quick = room.take('good');
  await room.clock.pass(55);
  for (const programme of room.programmes) programme.finish();
  await room.clock.pass(5000);
  expect(await Promise.all([looked, quick])).toEqual(['SUPERSEDED', 'ROOM_IDLE']);
  await room.actor.close();
  expect(room.clock.timers).toBe(0);
});

test('Whoever does not wait any more leaves nothing behind, and what he wanted stays wanted', async () => {
  const room = await alwaysOn();
  room.process = false;
  room.kill('process');
  const candidate = await room.actor.take(onAir(room), sourceOf('good'), async () => ({
    ...{ id: 'c-aaaaaaaaaa', seed: 1, prepared: null },
  }));
  const gone = new AbortController();
  const before = room.clock.timers;
  const waiting = room.actor.taken(onAir(room), candidate, sourceOf('good'), gone.signal);
  expect(room.clock.timers).toBe(before + 1);
  gone.abort(new Error('gone'));
  await expect(waiting).rejects.toThrow('gone');
  expect(room.clock.timers).toBe(before);
  expect(taken(room)).toEqual(['file']);
  await room.actor.close();
});

test('Who publishes and waits to be tried again is given up by a stop, which says what it gave up', async () => {
  const room = new ScriptedRoom(false);
  room.publishable = false;
  await published(room, 'cam1');
  const tries = room.opened.length;
  expect(await room.actor.stop()).toEqual({
    ...{ broadcast: null, start: null, source: { kind: 'publisher', key: 'cam1' } },
  });
  expect(await room.actor.stop()).toBeNull();
  await room.clock.pass(120_000);
  expect([room.opened.length, room.actor.resting, room.clock.timers]).toEqual([tries, true, 0]);
  await room.actor.close();
});

test('A stop leaves alone what only keeps a room on air, and ends what was put above it', async () => {
  const room = await alwaysOn();
  const slate = onAir(room);
  await expect(room.actor.stop()).rejects.toMatchObject({
    ...{ code: 'ROOM_IDLE', message: 'expected something to stop, room lobby is always on, on main' },
  });
  await room.clock.pass(1000);
  expect([onAir(room), room.begun.length]).toEqual([slate, 1]);
  await published(room, 'cam1');
  expect(await room.actor.stop()).toMatchObject({ broadcast: { id: slate } });
  await room.actor.close();
});

test('A stop answers what it found, whatever is there by the time that all is closed', async () => {
  const room = new ScriptedRoom(false);
  const first = room.start('good');
  await room.clock.pass(1000);
  room.closeMs = 5000;
  const stops = [room.actor.stop(), room.actor.stop()];
  const second = room.start('good');
  await room.clock.pass(10_000);
  expect(await Promise.all([first, second])).toEqual(['done', 'done']);
  expect(await Promise.all(stops)).toMatchObject([{ broadcast: { id: room.begun[0] } }, null]);
  room.closeMs = 0;
  await room.actor.close();
});

test('It is told where what was sought goes on, which may be below the slate', async () => {
  const room = new ScriptedRoom(false);
  const started = room.start('good');
  await room.clock.pass(1000);
  const covered = room.control({ type: 'slate', on: true });
  const moved = room.control({ type: 'seek', positionMs: 20_000 });
  const stepped = room.control({ type: 'seekBy', offsetMs: 5000 });
  await room.clock.pass(5000);
  expect(await Promise.all([started, covered, moved, stepped])).toEqual(Array(4).fill('done'));
  const place = { entry: 'main', words: 'good.mp4' };
  expect(room.sought).toEqual([
    { ...place, positionMs: 20_000 },
    { ...place, positionMs: 25_000 },
  ]);
  await room.actor.close();
});

test.each(['process', 'worker'] as const)(
  'Whoever watches hears that a room is back when its %s has died',
  async (home) => {
    const room = await alwaysOn();
    expect(room.back).toEqual([]);
    room.kill(home);
    await room.clock.pass(5000);
    expect(room.back).toEqual([onAir(room)]);
    await room.actor.close();
  },
);

test('Nobody hears that a room is back whose programme cannot be connected to another worker', async () => {
  const room = await alwaysOn();
  room.connectable = false;
  room.kill('worker');
  await room.clock.pass(0);
  room.connectable = true;
  await room.clock.pass(5000);
  room.connectable = false;
  room.kill('worker');
  await room.clock.pass(100);
  expect(room.back).toEqual([onAir(room)]);
  await room.actor.close();
});

test.each(['is stopped', 'is at its end'] as const)(
  'Viewers of an always-on room keep the last picture of what %s, and nothing more of it, until the next has begun',
  async (how) => {
    const room = await alwaysOn();
    const started = room.start('good');
    await room.clock.pass(1000);
    expect(await started).toBe('done');
    const last = onAir(room);
    const [programme] = room.programmes;
    if (how === 'is stopped') await room.stop();
    else programme?.finish();
    expect([room.actor.served?.broadcast.id, room.programmes.size]).toEqual([last, 0]);
    await room.clock.pass(80);
    expect([room.actor.served?.broadcast.id, room.programmes.size]).toEqual([last, 1]);
    await room.clock.pass(1000);
    expect(room.served).toEqual([room.begun[0], last, onAir(room)]);
    expect([room.unserved, room.residents.size]).toEqual([[], 2]);
    room.kill('worker');
    await room.clock.pass(5000);
    expect(room.unserved).toEqual(['interrupted']);
    await room.actor.close();
  },
);

test('Slate, volume and silence that are wanted while a start is looked at hold for it, and for what follows it', async () => {
  const room = await alwaysOn();
  const wishes = () => {
    const { slate, muted, volumePercent } = room.actor.broadcast?.wishes.wanted ?? {};
    return [slate, muted, volumePercent];
  };
  room.control({ type: 'volume', percent: 30 });
  await room.clock.pass(100);
  const started = room.start('good');
  room.control({ type: 'slate', on: true });
  room.control({ type: 'mute', on: true });
  await room.clock.pass(1000);
  expect([await started, onAir(room) === room.begun[0], wishes()]).toEqual([
    'done',
    false,
    [true, true, 100],
  ]);
  room.control({ type: 'slate', on: false });
  await room.clock.pass(100);
  for (const programme of room.programmes) programme.finish();
  await room.clock.pass(1000);
  expect([room.begun.length, wishes()]).toEqual([3, [false, true, 100]]);
  const next = room.start('good');
  await room.clock.pass(1000);
  expect([await next, room.begun.length, wishes()]).toEqual(['done', 4, [false, false, 100]]);
  await room.actor.close();
});

test('Viewers of an always-on room hear that another broadcast is to come where that fails', async () => {
  const room = await alwaysOn();
  const started = room.start('good');
  await room.clock.pass(1000);
  room.keepable = false;
  await room.stop();
  await room.clock.pass(1000);
  expect([await started, room.unserved, room.residents.size]).toEqual(['done', ['replaced'], 0]);
  await room.actor.close();
});

test('Viewers keep what is replaced until the next has begun, however often that fails', async () => {
  const room = await alwaysOn();
  const [kept] = room.served;
  const failed = room.start('noise');
  await room.clock.pass(60);
  expect(room.actor.broadcast?.id).not.toBe(kept);
  expect(room.actor.served?.broadcast.id).toBe(kept);
  room.keepable = false;
  await room.clock.pass(5000);
  expect(await failed).toBe('PIPELINE_FAILED');
  expect([room.actor.served?.broadcast.id, room.unserved]).toEqual([kept, []]);
  room.keepable = true;
  await room.clock.pass(30_000);
  expect([room.actor.served?.broadcast.id, room.unserved]).toEqual([onAir(room), []]);
  expect(room.residents.size).toBe(2);
  await room.actor.close();
});

test.each([
  { by: 'person', muted: false },
  { by: 'schedule', muted: true },
] as const)('What is put on air by a $by; the room that a person has muted is muted: $muted', async (one) => {
  const { by, muted } = one;
  const room = await alwaysOn();
  room.control({ type: 'mute', on: true });
  await room.clock.pass(100);
  const started = room.start('good', { by });
  await room.clock.pass(1000);
  expect([await started, room.actor.broadcast?.wishes.wanted.muted]).toEqual(['done', muted]);
  await room.actor.close();
});

test.each([
  { end: 'ended', muted: true },
  { end: 'taken', muted: false },
] as const)(
  'What keeps a room on air behind a muted broadcast that is $end is muted: $muted',
  async (one) => {
    const { end, muted } = one;
    const room = await alwaysOn();
    void room.start('good');
    await room.clock.pass(1000);
    room.control({ type: 'mute', on: true });
    await room.clock.pass(100);
    void room.actor.end(onAir(room), end);
    await room.clock.pass(5000);
    const { broadcast } = room.actor;
    expect([broadcast?.begunBy, broadcast?.wishes.wanted.muted]).toEqual(['alwaysOn', muted]);
    await room.actor.close();
  },
);

test('Only what comes in the place of just this broadcast replaces it, and is as silent as it was', async () => {
  const room = new ScriptedRoom(false);
  const first = room.start('good');
  await room.clock.pass(1000);
  const id = onAir(room);
  room.control({ type: 'mute', on: true });
  const refused = [room.start('good'), room.start('good', { replaces: 'b-aaaaaaaaaa' })];
  await room.clock.pass(1000);
  room.control({ type: 'mute', on: false });
  room.control({ type: 'volume', percent: 30 });
  const next = room.start('good', { replaces: id });
  await room.clock.pass(1000);
  expect([await first, await Promise.all(refused), await next]).toEqual([
    'done',
    ['ROOM_BUSY', 'ROOM_BUSY'],
    'done',
  ]);
  expect([room.ended, room.unserved, room.served.length]).toEqual([[id], [], 2]);
  expect(room.actor.broadcast?.wishes.wanted.volumePercent).toBe(30);
  await room.actor.close();
});

test.each(['process', 'worker'] as const)(
  'What is replaced is of no use once its %s has died',
  async (home) => {
    const room = await alwaysOn();
    room.hangs = true;
    const started = room.start('good');
    await room.clock.pass(1000);
    expect([room.unserved, room.residents.size]).toEqual([[], 2]);
    room.kill(home);
    await room.clock.pass(10);
    expect([room.unserved, room.residents.size]).toEqual([['replaced'], 0]);
    room.hangUp();
    expect(await started).toBe('USAGE');
    const closed = room.actor.close();
    await room.clock.pass(200_000);
    await closed;
  },
);

test('Whoever asked for what ended the broadcast is told how it was, not that there is none', async () => {
  const room = await alwaysOn();
  const broadcast = onAir(room);
  await room.actor.control(broadcast, { type: 'volume', percent: 40 });
  await room.actor.end(broadcast, 'stopped');
  const over = { onAir: { entry: 'nothing', words: 'the broadcast is over' }, volumePercent: 40 };
  expect(room.actor.programmeState(broadcast)).toMatchObject(over);
  await room.actor.close();
});

/** A broadcast of an earlier daemon, as it is read from the state. */
function earlier() {
  const { broadcast } = plannedBroadcast({});
  return newBroadcast(broadcast, 'alwaysOn', newWishes([]), Number.POSITIVE_INFINITY);
}

test('What only keeps a room on air gives way to what an earlier daemon had there, that is read late', async () => {
  const room = await alwaysOn();
  const before = onAir(room);
  const restored = earlier();
  room.actor.restore(restored);
  await room.clock.pass(1000);
  expect([onAir(room), room.ended]).toEqual([restored.id, [before]]);
  expect(room.actor.broadcast?.programme.is).toBe('open');
  await room.actor.close();
});

test('What a person has wanted of a room since holds, whatever is read late of an earlier daemon', async () => {
  const room = await alwaysOn();
  const before = onAir(room);
  const asked = room.control({ type: 'slate', on: true });
  await room.clock.pass(1000);
  expect(await asked).toBe('done');
  room.actor.restore(earlier());
  await room.clock.pass(1000);
  expect([onAir(room), room.ended]).toEqual([before, []]);
  await room.actor.close();
});

const run = { id: 'c-rrrrrrrrrr', schedule: 'talk', priority: 50, atMs: 0 };

/** What is above the programme, the topmost first. */
const above = ({ actor }: ScriptedRoom) =>
  actor.broadcast?.wishes.wanted.chain.flatMap(({ name }) => (name === 'main' ? [] : [name]));

test('A run of a schedule outdates nothing that a person is about to take, and stays below it', async () => {
  const room = new ScriptedRoom(false);
  const first = room.start('good');
  await room.clock.pass(1000);
  const taken = room.take('slow');
  await room.clock.pass(1000);
  const put = room.putRun('good', run);
  await room.clock.pass(500);
  expect(above(room)).toEqual(['run']);
  await room.clock.pass(5000);
  expect([await first, await put, await taken, above(room)]).toEqual([
    'done',
    'done',
    'done',
    ['take', 'run'],
  ]);
  await room.actor.removeRun(run.id);
  expect(above(room)).toEqual(['take']);
  await room.actor.close();
});

test('A run that is given up while its source is looked at is not put there', async () => {
  const room = new ScriptedRoom(false);
  void room.start('good');
  await room.clock.pass(1000);
  const givenUp = new AbortController();
  const put = room.putRun('slow', run, givenUp.signal);
  await room.clock.pass(1000);
  givenUp.abort();
  await room.clock.pass(5000);
  expect([await put, above(room)]).toEqual(['SUPERSEDED', []]);
  await room.actor.close();
});

test('It is told why a run is over as soon as it is, and before its broadcast', async () => {
  const room = new ScriptedRoom(false);
  void room.start('good');
  await room.clock.pass(1000);
  void room.putRun('noise', run);
  void room.putRun('good', { ...run, id: 'c-ssssssssss' });
  await room.clock.pass(1000);
  expect(room.over).toEqual([{ id: run.id, end: { is: 'failed', message: noise } }]);
  await room.actor.removeRun('c-ssssssssss');
  expect(room.over.slice(1)).toEqual([{ id: 'c-ssssssssss', end: { is: 'removed' } }]);
  await room.actor.close();
});

test.each([
  { what: 'a person has taken something', put: (room: ScriptedRoom) => room.take('good'), kept: 'take' },
  { what: 'another run was put', put: (room: ScriptedRoom) => room.putRun('good', run), kept: 'run' },
])(
  'A broadcast above which $what is not replaced by what was asked for before that',
  async ({ put, kept }) => {
    const room = new ScriptedRoom(false);
    void room.start('good');
    await room.clock.pass(1000);
    const before = onAir(room);
    const next = room.start('slow', { replaces: before, by: 'schedule' });
    await room.clock.pass(1000);
    void put(room);
    await room.clock.pass(5000);
    expect([await next, onAir(room), above(room)]).toEqual(['ROOM_BUSY', before, [kept]]);
    await room.actor.close();
  },
);

test('What can be opened once only is over before what replaces it is looked at, and no run is quicker', async () => {
  const room = new ScriptedRoom(false);
  void room.start('good');
  await room.clock.pass(1000);
  const before = onAir(room);
  const next = room.start('slow', { replaces: before, endsFirst: true });
  await room.clock.pass(10);
  expect([room.ended, room.actor.broadcast]).toEqual([[before], null]);
  const run = room.start('good', { by: 'schedule' });
  await room.clock.pass(5000);
  expect([await next, await run]).toEqual(['done', 'ROOM_BUSY']);
  await room.actor.close();
});

test('Who publishes into an always-on room is on air below what a person has taken, and after it', async () => {
  const room = await alwaysOn();
  void room.take('good');
  await room.clock.pass(1000);
  await published(room, 'cam1');
  expect(taken(room)).toEqual(['file', 'cam1']);
  void room.control({ type: 'release' });
  await room.clock.pass(1000);
  expect(taken(room)).toEqual(['cam1']);
  await room.actor.close();
});

test('To want the programme gives back what persons have put above it, however often, and no run', async () => {
  const room = new ScriptedRoom(false);
  void room.start('good');
  await room.clock.pass(1000);
  for (const put of [room.putRun('good', run), room.take('good')]) {
    await room.clock.pass(1000);
    await put;
  }
  const left: unknown[] = [];
  for (const type of ['slate', 'release', 'release', 'slate', 'release', 'release'] as const) {
    const done = room.control(type === 'slate' ? { type, on: true } : { type });
    await room.clock.pass(1000);
    await done;
    left.push([type, above(room), room.actor.broadcast!.wishes.wanted.slate]);
  }
  expect(left).toEqual([
    ['slate', ['take', 'run'], true],
    ['release', ['run'], false],
    ['release', ['run'], false],
    ['slate', ['run'], true],
    ['release', ['run'], false],
    ['release', ['run'], false],
  ]);
  await room.actor.close();
});

test.each([
  { what: 'is on air when that is over', stops: false, next: ['cam1'] },
  { what: 'is given up by a stop', stops: true, next: [] },
] as const)(
  'Who begins to publish while a run’s own broadcast has the room $what',
  async ({ stops, next }) => {
    const room = new ScriptedRoom(false);
    const begun = room.start('good', { by: 'schedule' });
    await room.clock.pass(1000);
    const id = onAir(room);
    await published(room, 'cam1');
    expect([await begun, onAir(room)]).toEqual(['done', id]);
    if (stops) void room.stop();
    else void room.actor.end(id, 'ended');
    await room.clock.pass(5000);
    const { broadcast } = room.actor;
    const keys = broadcast?.source?.kind === 'publisher' ? [broadcast.source.key] : [];
    expect(keys).toEqual(next);
    await room.actor.close();
  },
);

test('A person’s start is not beaten by the clock: it is waited for', async () => {
  const room = new ScriptedRoom(false);
  const starts = [room.start('slow'), room.start('good', { by: 'schedule' })];
  await room.clock.pass(5000);
  expect(await Promise.all(starts)).toEqual(['done', 'ROOM_BUSY']);
  expect(room.actor.broadcast?.begunBy).toBe('person');
  await room.actor.close();
});

test('What comes in the place of a run in a silent room is awaited with that one to be seen', async () => {
  const room = new ScriptedRoom(false);
  void room.start('good', { by: 'schedule' });
  await room.clock.pass(1000);
  const id = onAir(room);
  void room.control({ type: 'mute', on: true });
  await room.clock.pass(1000);
  room.served.length = 0;
  void room.start('good', { by: 'schedule', replaces: id });
  await room.clock.pass(2000);
  expect([room.unserved, room.served]).toEqual([[], [onAir(room)]]);
  expect(room.actor.broadcast?.wishes.wanted.muted).toBe(true);
  await room.actor.close();
});
