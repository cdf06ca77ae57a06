import { expect, test } from 'vitest';
import { MiroliveError } from '../../../src/contract/errors.ts';
import { reduceLine } from '../../../src/contract/view/reduce.ts';
import type { View } from '../../../src/contract/view/view.ts';
import type { ViewLine } from '../../../src/contract/view/view-line.ts';
import type { Lens } from '../../../src/daemon/view/lens.ts';
import { figuresMs, type Looked, Observer, type Sight } from '../../../src/daemon/view/observer.ts';
import { silentLog } from '../../helpers/state.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

const all: Lens = { allowed: null, isAdmin: true, room: null, detail: 'glance', viewers: false };

/** A daemon of which one figure is seen, which grows with each look at figures, and a state. */
class ScriptedSight implements Sight {
  readonly looks: Looked[] = [];
  state = 'one';
  figure = 0;
  watchers = 0;
  fails = false;
  changed: (room: string | null) => void = () => {};

  watch(changed: (room: string | null) => void): () => void {
    this.watchers++;
    this.changed = changed;
    return () => this.watchers--;
  }

  look(_before: View | null, looked: Looked): View {
    this.looks.push(looked);
    if (this.fails) throw new Error('nobody foresaw this');
    if (looked.figures) this.figure++;
    const daemon = { version: this.state };
    return { daemon, machine: { load1: this.figure }, processes: {}, rooms: {}, viewers: {} } as never;
  }
}

function observed(keepAddressesMs?: () => number) {
  const clock = new VirtualClock();
  const sight = new ScriptedSight();
  const observer = new Observer({
    sight,
    clock,
    log: silentLog,
    epoch: 'now',
    ...(keepAddressesMs && { keepAddressesMs }),
  });
  return { clock, sight, observer };
}

async function next(lines: AsyncIterator<ViewLine>): Promise<ViewLine> {
  const { value, done } = await lines.next();
  if (done) throw new Error('expected a line');
  return value;
}

test('Observer looks at nothing while nobody observes, and once for all who do', async () => {
  const { clock, sight, observer } = observed();
  await clock.pass(10 * figuresMs);
  expect([sight.looks.length, clock.timers]).toEqual([0, 0]);
  const leaving = Array.from({ length: 100 }, () => new AbortController());
  const streams = leaving.map(({ signal }) => observer.observe(all, null, signal));
  await Promise.all(streams.map(next));
  const told = streams.map(next);
  await clock.pass(figuresMs);
  const lines = await Promise.all(told);
  expect(new Set(lines).size).toBe(1);
  expect([sight.looks.length, sight.watchers]).toEqual([2, 1]);
  const over = streams.map((stream) => stream.next());
  for (const each of leaving) each.abort();
  expect((await Promise.all(over)).every(({ done }) => done)).toBe(true);
  await clock.pass(10 * figuresMs);
  expect([sight.looks.length, sight.watchers, clock.timers, observer.readers]).toEqual([2, 0, 0, 0]);
});

test('Observer tells states at once, and those that change together as one', async () => {
  const { clock, sight, observer } = observed();
  const stream = observer.observe(all, null, new AbortController().signal);
  await next(stream);
  const told = next(stream);
  sight.state = 'two';
  sight.changed('lobby');
  sight.state = 'three';
  sight.changed('hall');
  await clock.pass(100);
  expect(await told).toEqual({ type: 'change', seq: 1, changes: { daemon: { version: 'three' } } });
  expect(sight.looks.at(-1)).toMatchObject({ rooms: new Set(['lobby', 'hall']), figures: false });
  await stream.return(undefined);
});

test('Observer gives who reads slowly all that was missed as one change, or a snapshot, and keeps nothing for him', async () => {
  const { clock, sight, observer } = observed();
  const [slow, slower] = [1, 2].map(() => observer.observe(all, null, new AbortController().signal));
  const first = await next(slow as AsyncGenerator<ViewLine>);
  await next(slower as AsyncGenerator<ViewLine>);
  await clock.pass(60 * figuresMs);
  const line = await next(slow as AsyncGenerator<ViewLine>);
  expect(line).toEqual({ type: 'change', seq: 60, changes: { machine: { load1: 61 } } });
  expect(reduceLine(reduceLine(null, first), line)?.machine.load1).toBe(sight.figure);
  await clock.pass(600 * figuresMs);
  expect(await next(slower as AsyncGenerator<ViewLine>)).toMatchObject({
    ...{ type: 'snapshot', seq: 660 },
    view: { machine: { load1: 661 } },
  });
});

test.each([
  { name: 'goes on where he was', epoch: 'now', after: 1, told: ['resumed 1', 'change 3'] },
  { name: 'is told all anew after a restart', epoch: 'before', after: 1, told: ['snapshot 3', 'change 4'] },
  {
    name: 'is told all anew where he knows what has not been',
    epoch: 'now',
    after: 99,
    told: ['snapshot 3', 'change 4'],
  },
])('Observer: who comes back $name', async ({ epoch, after, told }) => {
  const { clock, sight, observer } = observed();
  const stream = observer.observe(all, null, new AbortController().signal);
  await next(stream);
  await clock.pass(2 * figuresMs);
  await stream.return(undefined);
  sight.state = 'unseen';
  const again = observer.observe(all, { epoch, after }, new AbortController().signal);
  const lines = [await next(again)];
  const change = next(again);
  await clock.pass(figuresMs);
  lines.push(await change);
  expect(lines.map(({ type, seq }) => `${type} ${seq}`)).toEqual(told);
});

test('Observer looks anew for who wants more than all the others', async () => {
  const { sight, observer } = observed();
  const streams = [all, { ...all, room: 'lobby', detail: 'whole' } as const, all].map((lens) =>
    observer.observe(lens, null, new AbortController().signal),
  );
  for (const stream of streams) await next(stream);
  expect(sight.looks.map(({ wants: { whole } }) => whole)).toEqual([new Set(), new Set(['lobby'])]);
});

test('Observer ends all streams by the error that a look fails with, and begins again for the next', async () => {
  const { clock, sight, observer } = observed();
  const stream = observer.observe(all, null, new AbortController().signal);
  await next(stream);
  sight.fails = true;
  const failed = next(stream);
  const caught = expect(failed).rejects.toMatchObject({ code: 'INTERNAL' });
  await clock.pass(figuresMs);
  await caught;
  sight.fails = false;
  expect(await next(observer.observe(all, null, new AbortController().signal))).toMatchObject({
    type: 'snapshot',
  });
});

test('Observer gives who was there before a look failed a snapshot: what changed meanwhile was never told', async () => {
  const { clock, sight, observer } = observed();
  const stream = observer.observe(all, null, new AbortController().signal);
  const first = await next(stream);
  sight.fails = true;
  const slow = observer.observe(all, null, new AbortController().signal);
  sight.fails = false;
  await next(slow);
  sight.fails = true;
  const caught = expect(next(stream)).rejects.toMatchObject({ code: 'INTERNAL' });
  await clock.pass(figuresMs);
  await caught;
  Object.assign(sight, { fails: false, state: 'two' });
  const after = 'seq' in first ? first.seq : 0;
  const again = observer.observe(all, { epoch: 'now', after }, new AbortController().signal);
  expect(await next(again)).toMatchObject({ type: 'snapshot', view: { daemon: { version: 'two' } } });
  await clock.pass(figuresMs);
  expect(await next(again)).toMatchObject({ type: 'change' });
  expect(await next(slow)).toMatchObject({ type: 'snapshot', view: { daemon: { version: 'two' } } });
});

test('Observer ends by the reason that its daemon gives', async () => {
  const { observer } = observed();
  const gone = new AbortController();
  const stream = observer.observe(all, null, gone.signal);
  await next(stream);
  const ended = expect(next(stream)).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
  gone.abort(new MiroliveError('SHUTTING_DOWN', 'the daemon is ending'));
  await ended;
});

test('Observer forgets who was seen once nobody has observed for two minutes', async () => {
  const { clock, sight, observer } = observed();
  const stream = observer.observe(all, null, new AbortController().signal);
  await next(stream);
  await clock.pass(figuresMs);
  observer.tidy();
  expect(await next(stream)).toMatchObject({ type: 'change', seq: 1 });
  await stream.return(undefined);
  await clock.pass(119_000);
  observer.tidy();
  const again = observer.observe(all, { epoch: 'now', after: 1 }, new AbortController().signal);
  expect(await next(again)).toMatchObject({ type: 'resumed', seq: 1 });
  await again.return(undefined);
  await clock.pass(120_000);
  observer.tidy();
  const befores: (View | null)[] = [];
  const look = sight.look.bind(sight);
  sight.look = (before, looked) => {
    befores.push(before);
    return look(before, looked);
  };
  const last = observer.observe(all, { epoch: 'now', after: 1 }, new AbortController().signal);
  expect(await next(last)).toMatchObject({ type: 'snapshot' });
  expect(befores).toEqual([null]);
});

test.each([
  { keptMs: 0, type: 'snapshot' },
  { keptMs: 600_000, type: 'resumed' },
])(
  'Observer remembers nothing once everybody has gone where addresses are kept for $keptMs ms',
  async ({ keptMs, type }) => {
    const { observer } = observed(() => keptMs);
    const one = new AbortController();
    const lines = observer.observe(all, null, one.signal);
    const first = await next(lines);
    await lines.return(undefined);
    const after = first.type === 'snapshot' ? first.seq : 0;
    const again = observer.observe(all, { epoch: 'now', after }, new AbortController().signal);
    expect((await next(again)).type).toBe(type);
    await again.return(undefined);
  },
);
