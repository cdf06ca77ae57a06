import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ScheduledRoom } from './scheduled-room.ts';

const secondMs = 1000;
/** Runs begin within so long, in s. */
const spanS = 600;
/** Longer than anything is waited for that is looked at again, in ms. */
const quietMs = 75 * secondMs;

/** By then what begins or ends is seen to, in ms. */
const settledMs = 12 * secondMs;

type Happening = { readonly afterMs: number } & (
  | { readonly what: 'start' | 'take'; readonly manner: 'good' | 'slow' }
  | { readonly what: 'slate'; readonly on: boolean }
  | { readonly what: 'kill'; readonly home: 'worker' | 'process' }
  | { readonly what: 'publish' | 'unpublish' | 'release' | 'stop' | 'daemon' }
);

const afterMs = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 1, max: 5000 }),
  fc.integer({ min: 5000, max: 60_000 }),
  fc.constant(quietMs),
);
const of = <T extends Record<string, fc.Arbitrary<unknown>>>(what: string, rest: T) =>
  fc.record({ afterMs, what: fc.constant(what), ...rest });
const manner = fc.constantFrom('good', 'slow');
const happening = fc.oneof(
  of('start', { manner }),
  { weight: 2, arbitrary: of('take', { manner }) },
  { weight: 2, arbitrary: of('release', {}) },
  of('slate', { on: fc.boolean() }),
  of('kill', { home: fc.constantFrom('worker', 'process') }),
  ...['publish', 'unpublish', 'stop', 'daemon'].map((what) => of(what, {})),
) as fc.Arbitrary<Happening>;

const schedule = fc.record({
  atS: fc.integer({ min: 1, max: spanS }),
  forS: fc.integer({ min: 2, max: 300 }),
  priority: fc.constantFrom(40, 50, 50, 60),
});

/** Runs that began, in all histories. */
let begun = 0;

const property = fc.asyncProperty(
  fc.boolean(),
  fc.array(schedule, { minLength: 1, maxLength: 5 }),
  fc.array(happening, { maxLength: 25 }),
  async (alwaysOn, schedules, history) => {
    const world = new ScheduledRoom(alwaysOn);
    const { room } = world;
    const { clock } = room;
    for (const [index, { atS, forS, priority }] of schedules.entries()) {
      const at = new Date(clock.wallMs() + atS * secondMs).toISOString().slice(0, 19).replace('T', ' ');
      world.write(`run-${index}`, { when: { at, zone: 'UTC' }, end: { forMs: forS * secondMs }, priority });
    }
    world.begin();
    const beganMs = clock.wallMs();
    const changesAtMs = schedules.flatMap(({ atS, forS }) =>
      [atS, atS + forS].map((s) => beganMs + s * secondMs),
    );
    const looked = () => {
      const agoMs = changesAtMs.map((ms) => clock.wallMs() - ms).filter((ms) => ms >= 0);
      if (Math.min(...agoMs) > settledMs) checkShown(world);
    };
    const broken: string[] = [];
    let asked = 0;
    let starts = 0;
    for (const one of history) {
      await clock.pass(one.afterMs);
      if (one.afterMs === quietMs) looked();
      const number = ++asked;
      // A start that a person asked for before may come in between.
      const isAlone = starts === 0;
      if (one.what === 'start') starts++;
      void act(world, one)?.then((answer) => {
        if (one.what === 'start') starts--;
        if (answer === 'SUPERSEDED' && asked === number && isAlone)
          broken.push(`${one.what} was outdated, and no person has wanted anything since`);
      });
    }
    await clock.pass(quietMs);
    looked();
    await clock.pass((spanS + 300) * secondMs + quietMs);
    begun += world.begun.length;
    check(broken.length === 0, String(broken[0]));
    const complaints = room.complaints.filter((one) => !one.endsWith('was replaced'));
    check(complaints.length === 0, String(complaints[0]));
    check(new Set(world.begun).size === world.begun.length, `a run began twice: ${world.begun.join(', ')}`);
    checkOver(world);
    world.close();
    const closed = room.actor.close();
    await clock.pass(quietMs);
    await closed;
    check(room.unanswered === 0, `${room.unanswered} commands are not answered`);
  },
);

test('Runs come and go among persons, publishers and crashes, and take nothing from anybody', async () => {
  await fc.assert(property, { numRuns: 150, seed: 11, endOnFailure: false });
  check(begun > 100, `expected runs to begin, ${begun} did`);
}, 240_000);

test.each(['ended', 'taken', 'failed'] as const)(
  'A slate of a schedule in a room that is always on ends at its hour, though what it was put above is %s',
  async (end) => {
    const world = new ScheduledRoom(true);
    const { room } = world;
    const { clock } = room;
    const isCovered = () => room.actor.broadcast?.wishes.wanted.slate;
    const at = new Date(clock.wallMs() + 60_000).toISOString().slice(0, 19).replace('T', ' ');
    const what = { call: 'control', params: { command: { type: 'slate', on: true } } } as const;
    world.write('pause', { when: { at, zone: 'UTC' }, end: { forMs: 60_000 }, what });
    world.begin();
    void room.start('good');
    await clock.pass(70_000);
    expect([room.actor.broadcast?.begunBy, isCovered()]).toEqual(['person', true]);
    void room.actor.end(room.actor.broadcast?.id ?? '', end);
    await clock.pass(20_000);
    expect([room.actor.broadcast?.begunBy, isCovered()]).toEqual(['alwaysOn', true]);
    await clock.pass(60_000);
    expect([isCovered(), world.runs]).toEqual([false, []]);
    world.close();
    const closed = room.actor.close();
    await clock.pass(quietMs);
    await closed;
  },
);

function act(world: ScheduledRoom, one: Happening): Promise<unknown> | null {
  const { room } = world;
  switch (one.what) {
    case 'start':
    case 'take':
      return room[one.what](one.manner);
    case 'slate':
      return room.control({ type: 'slate', on: one.on });
    case 'release':
      return room.control({ type: 'release' });
    case 'stop':
      return room.stop();
    case 'publish':
      return room.publish('cam1');
    case 'unpublish':
      room.unpublish('cam1');
      return null;
    case 'kill':
      room.kill(one.home);
      return null;
    case 'daemon':
      world.begin();
      return null;
  }
}

/** Whatever is to be seen of schedules is, unless a person covers it. */
function checkShown(world: ScheduledRoom): void {
  const { broadcast } = world.room.actor;
  const nowMs = world.room.clock.wallMs();
  const [first] = world.runs.filter(({ atMs, endsAtMs }) => atMs <= nowMs && nowMs < (endsAtMs ?? 0));
  if (!first || world.isCovered) return;
  const { put } = first;
  check(put !== null, `${first.name} has the room, and is not in it: ${first.outcome}, ${first.reason}`);
  const chain = broadcast?.wishes.wanted.chain ?? [];
  const shown = chain.find(({ id }) => id === broadcast?.seen?.onAir);
  const isSeen =
    put?.kind === 'broadcast'
      ? broadcast?.id === put.id && shown?.name === 'main'
      : shown?.id === (put as { id?: string } | null)?.id;
  check(isSeen, `${first.name} has the room, and ${shown?.name} is seen`);
}

/** When all are over nothing is left of them, but what is below what a person has above it. */
function checkOver(world: ScheduledRoom): void {
  const { broadcast } = world.room.actor;
  check(!broadcast?.wishes.wanted.chain.some(({ name }) => name === 'run'), 'a run is left in the chain');
  check(world.isCovered || broadcast?.begunBy !== 'schedule', 'a run’s broadcast is left');
  check(world.isCovered || world.runs.length === 0, `${world.runs.length} runs are not over`);
}

function check(holds: boolean, complaint: string): void {
  if (!holds) throw new Error(complaint);
}
