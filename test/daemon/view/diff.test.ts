import fc from 'fast-check';
import { expect, test } from 'vitest';
import { reduce, reduceLine, together } from '../../../src/contract/view/reduce.ts';
import type { View } from '../../../src/contract/view/view.ts';
import { diff } from '../../../src/daemon/view/diff.ts';
import { changesThrough, type Lens, through } from '../../../src/daemon/view/lens.ts';
import { views } from './views.ts';

const lenses: fc.Arbitrary<Lens> = fc.record({
  allowed: fc.option(fc.subarray(['lobby', 'constructor'])),
  isAdmin: fc.boolean(),
  room: fc.option(fc.constantFrom('lobby', 'hall')),
  detail: fc.constantFrom('glance', 'whole'),
  viewers: fc.boolean(),
});

const changesOf = (all: readonly View[]) =>
  all.slice(1).map((view, index) => diff(all[index] as View, view) ?? {});

test('diff and reduce: a snapshot and its changes are the view of the daemon, through any JSON', () => {
  fc.assert(
    fc.property(fc.array(views, { minLength: 1, maxLength: 5 }), ([first, ...others]) => {
      const told = JSON.parse(JSON.stringify(changesOf([first as View, ...others])));
      expect(told.reduce(reduce, first)).toEqual(others.at(-1) ?? first);
    }),
  );
});

test('diff tells nothing of what is the same', () => {
  fc.assert(
    fc.property(views, (view) => {
      expect(diff(view, JSON.parse(JSON.stringify(view)))).toBeNull();
    }),
  );
});

test('together: changes that were missed, as one, are as they were one after the other', () => {
  fc.assert(
    fc.property(fc.array(views, { minLength: 2, maxLength: 6 }), (all) => {
      const [first] = all as [View];
      expect(reduce(first, changesOf(all).reduce(together, {}))).toEqual(all.at(-1));
    }),
  );
});

test('a lens shows of changes what it shows of the view that they make', () => {
  fc.assert(
    fc.property(views, views, lenses, (before, after, lens) => {
      const changes = changesThrough(lens, diff(before, after) ?? {});
      expect(reduce(through(lens, before), changes ?? {})).toEqual(through(lens, after));
    }),
  );
});

test('a lens shows nothing of a room that may not be seen', () => {
  fc.assert(
    fc.property(views, views, lenses, (before, after, lens) => {
      const blind = { ...lens, allowed: ['lobby'], isAdmin: false };
      const told = JSON.stringify([through(blind, before), changesThrough(blind, diff(before, after) ?? {})]);
      expect(told).not.toMatch(/hall|constructor/);
    }),
  );
});

test('a lens shows nothing of the machine to who does not run it', () => {
  const machine = {
    daemon: {
      ...{ socket: '/srv/desk/control.sock', state: { folder: '/srv/desk/state', problem: null } },
      ...{ log: { file: '/srv/desk/log', dropped: 0, problem: null }, worker: { path: '/srv/desk/worker' } },
    },
    machine: { disks: [{ of: 'state', path: '/srv/desk/state', freeBytes: 1, totalBytes: 2 }] },
  } as unknown as View;
  fc.assert(
    fc.property(views, lenses, (view, lens) => {
      const whole = { ...view, ...machine };
      const seen = (isAdmin: boolean) => JSON.stringify(through({ ...lens, isAdmin }, whole));
      expect(seen(false)).not.toContain('/srv/desk');
      expect(seen(true)).toContain('/srv/desk/worker');
    }),
  );
});

test('reduce takes a part of what is not known for nothing, and knows no room that only the language does', () => {
  fc.assert(
    fc.property(views, (view) => {
      const empty = { ...view, rooms: {}, viewers: {} };
      const changes = {
        rooms: { constructor: { entry: 'open' as const }, hall: null },
        viewers: { hall: { 'v-a': { picture: false } } },
      };
      expect(reduce(empty, changes)).toEqual(empty);
      expect(reduceLine(null, { type: 'change', seq: 1, changes })).toBeNull();
    }),
  );
});
