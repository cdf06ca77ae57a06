import { describe, expect, it } from 'vitest';
import type { Action } from '../../../../src/cli/tui/dashboard/action.ts';
import { frame } from '../../../../src/cli/tui/dashboard/layout/frame.ts';
import { listedViewers, type Seen } from '../../../../src/cli/tui/dashboard/seen.ts';
import { opened, type State } from '../../../../src/cli/tui/dashboard/state.ts';
import { update } from '../../../../src/cli/tui/dashboard/update.ts';
import { reduce } from '../../../../src/contract/view/reduce.ts';
import { viewer } from '../../samples.ts';
import { lobby, viewOf } from './sample-view.ts';

const many = 5000;
const id = (at: number) => `v-${String(at).padStart(10, '0')}`;
/** So many in one room: each a second before the one behind it, each tenth on another network, one of them badly off. */
const viewers = Object.fromEntries(
  Array.from({ length: many }, (_, at) => [
    id(at),
    {
      ...{ ...viewer, id: id(at), lossPercent: at / many },
      address: `${at % 10 === 0 ? '198.51.100' : '192.0.2'}.${at % 250}`,
      joinedAt: new Date(Date.parse(viewer.joinedAt) - at * 1000).toISOString(),
      ...(at === 1234 && { suffers: 'loss' as const }),
    },
  ]),
);
const view = { ...viewOf([lobby]), viewers: { lobby: viewers } };
const seen: Seen = {
  ...{ view, whole: view, link: { is: 'up' }, counts: new Map(), events: [] },
  now: Date.parse('2026-01-02T03:14:05.000Z'),
};
const pane: State = {
  ...opened({ room: 'lobby', readOnly: false, size: { columns: 120, rows: 30 } }),
  place: { at: 'room', room: 'lobby', pane: 'viewers' },
};
const keyed = (keys: readonly string[], from = pane, see = seen) =>
  keys.reduce((state, name) => {
    const action: Action = { type: 'key', key: { name, text: name.length === 1 ? name : '' } };
    return update(state, action, see).state;
  }, from);
const rows = (state: State, see = seen) =>
  frame(state, see)
    .map((line) => line.map(({ text }) => text).join(''))
    .filter((line) => /v-\d{10}/.test(line));

describe(`A room with ${many} viewers`, () => {
  it('is drawn to where the screen ends, with those first who have it bad, then the newest', () => {
    const lines = rows(pane);
    expect(lines[0]).toMatch(`▸ ${id(1234)}  loses`);
    expect(lines[1]).toContain(id(0));
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.length).toBeLessThan(30);
  });

  it('is gone through from end to end, with the one that is chosen always on the screen', () => {
    const last = keyed(['end']);
    expect(rows(last).at(-1)).toMatch(`▸ ${id(many - 1)}`);
    expect(rows(keyed(['up'], last)).find((line) => line.startsWith('▸'))).toContain(id(many - 2));
    const middle = keyed(Array.from({ length: 200 }, () => 'pagedown'));
    expect(rows(middle).filter((line) => line.startsWith('▸'))).toHaveLength(1);
  });

  it('is sorted and filtered, and keeps who is chosen', () => {
    const byLoss = keyed(['end', 'o', 'o']);
    expect(rows(byLoss)[0]).toMatch(`▸ ${id(many - 1)}`);
    const filtered = keyed(['/', ...'198.51', 'enter']);
    expect(listedViewers(seen, 'lobby', filtered.viewers)).toHaveLength(many / 10);
    expect(rows(filtered).every((line) => line.includes('198.51.100.'))).toBe(true);
  });

  it('keeps who is chosen where hundreds change and come in front of it', () => {
    const chosen = keyed(['down', 'down', 'down']);
    const name = chosen.viewers.chosen;
    const changes = Object.fromEntries(
      Array.from({ length: 400 }, (_, at) => [id(at * 12), { lossPercent: 9, roundTripMs: 300 }]),
    );
    const come = { ...viewer, id: id(many), joinedAt: '2026-01-02T04:00:00.000Z' };
    const whole = reduce(view, { viewers: { lobby: { ...changes, [come.id]: come, [id(0)]: null } } });
    const lines = rows(chosen, { ...seen, whole });
    expect(lines.find((line) => line.startsWith('▸'))).toContain(name);
    expect(lines[1]).toContain(come.id);
    expect(lines.join()).not.toContain(id(0));
  });

  it('is sorted once for all that is drawn and asked while nobody changes', () => {
    const list = { ...pane.viewers, order: 2, filter: '192.0' };
    const listed = listedViewers(seen, 'lobby', list);
    expect(listedViewers(seen, 'lobby', { ...list, chosen: id(7) })).toBe(listed);
    expect(listedViewers(seen, 'lobby', { ...list, order: 3 })).not.toBe(listed);
    expect(listedViewers(seen, 'lobby', { ...list, filter: '' })).toHaveLength(many);
    const whole = reduce(view, { viewers: { lobby: { [id(1)]: null } } });
    expect(listedViewers({ whole }, 'lobby', list)).not.toBe(listed);
  });
});
