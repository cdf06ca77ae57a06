import { expect, test } from 'vitest';
import type { Seen } from '../../../src/contract/snapshot.ts';
import { lost, newPart, opened, opening, type Part } from '../../../src/daemon/rooms/part.ts';
import { reconcile, type Step } from '../../../src/daemon/rooms/reconcile.ts';
import {
  type BroadcastState,
  newBroadcast,
  newRoom,
  type RoomState,
} from '../../../src/daemon/rooms/room-state.ts';
import { newWishes } from '../../../src/daemon/rooms/wishes.ts';
import { plannedBroadcast } from '../../helpers/planned-broadcast.ts';

const nowMs = 50_000;
const open = (ticket: number, sinceMs = nowMs): Part =>
  opened(opening(newPart, ticket, sinceMs), ticket, sinceMs);
/** It failed the second time in a row: it is tried again after half a second. */
const failing = [1, 2].reduce(
  (part, ticket) => lost(opening(part, ticket, nowMs), ticket, nowMs, 0),
  newPart,
);
const broadcast = (changes: Partial<BroadcastState> = {}): BroadcastState => ({
  ...newBroadcast(plannedBroadcast({}).broadcast, 'person', newWishes([]), nowMs),
  ...changes,
});
const source = { kind: 'publisher', key: 'cam1' } as const;
const told = { revision: 0, vain: 0, nextMs: nowMs + 500, untilMs: nowMs + 3000 };
const seen = { generation: 1, revision: 0 } as Seen;
const { wanted, ...others } = newWishes([]);
const newer = { ...others, wanted: { ...wanted, revision: 1 } };
const served = { programme: open(1), media: open(2), joined: 2, told, seen };

const cases: readonly {
  readonly name: string;
  readonly alwaysOn?: boolean;
  readonly state: Partial<RoomState>;
  readonly steps: readonly Step[];
}[] = [
  { name: 'an empty room rests', state: {}, steps: [] },
  { name: 'an always-on room is put on air', alwaysOn: true, state: {}, steps: [{ do: 'keep' }] },
  {
    name: 'an always-on room that is being looked at is waited for',
    alwaysOn: true,
    state: { keeping: opening(newPart, 1, nowMs) },
    steps: [{ do: 'wait', untilMs: nowMs + 60_000 }],
  },
  {
    name: 'an always-on room that failed waits',
    alwaysOn: true,
    state: { keeping: failing },
    steps: [{ do: 'wait', untilMs: nowMs + 500 }],
  },
  {
    name: 'who publishes is put on air in a room where nothing is',
    state: { publishing: { source, part: newPart } },
    steps: [{ do: 'publish' }],
  },
  {
    name: 'who publishes, and could not be put on air, is tried again',
    state: { publishing: { source, part: failing } },
    steps: [{ do: 'wait', untilMs: nowMs + 500 }],
  },
  {
    name: 'what only keeps a room on air is over where it is not to be so any more',
    state: { broadcast: { ...broadcast(served), begunBy: 'alwaysOn' }, handles: [1, 2] },
    steps: [{ do: 'end' }],
  },
  {
    name: 'who publishes goes above what only keeps the room on air',
    alwaysOn: true,
    state: {
      broadcast: { ...broadcast(served), begunBy: 'alwaysOn' },
      publishing: { source, part: newPart },
      handles: [1, 2],
    },
    steps: [{ do: 'publish' }],
  },
  {
    name: 'who publishes is not put where a person has put something',
    state: { broadcast: broadcast(served), publishing: { source, part: newPart }, handles: [1, 2] },
    steps: [],
  },
  {
    name: 'who publishes waits for what a person is about to put there',
    state: {
      starts: [{ id: 'b-aaaaaaaaaa', by: 'person', asked: 0 }],
      publishing: { source, part: newPart },
    },
    steps: [],
  },
  {
    name: 'of two moments the first is waited for',
    alwaysOn: true,
    state: { keeping: opening(newPart, 1, nowMs), publishing: { source, part: failing } },
    steps: [{ do: 'wait', untilMs: nowMs + 500 }],
  },
  {
    name: 'what was replaced stays open until the next has begun',
    state: {
      broadcast: broadcast({ programme: open(3), media: open(4), joined: 4, told }),
      outgoing: { programme: 1, media: 2 },
      handles: [1, 2, 3, 4],
    },
    steps: [{ do: 'wait', untilMs: told.untilMs }],
  },
  ...(['slate', 'muted'] as const).map((wish) => ({
    name: `what was replaced is closed where what is to come is wanted ${wish}`,
    state: {
      broadcast: broadcast({
        ...{ programme: open(3), media: open(4), joined: 4, told: { ...told, nextMs: 0 } },
        wishes: { ...newer, wanted: { ...newer.wanted, [wish]: true, revision: 0 } },
      }),
      outgoing: { programme: 1, media: 2 },
      handles: [1, 2, 3, 4],
    },
    steps: [
      { do: 'close', ticket: 2 },
      { do: 'close', ticket: 1 },
      { do: 'wait', untilMs: told.untilMs },
    ] as const,
  })),
  {
    name: 'a programme of which nothing was seen for long is opened anew',
    state: {
      broadcast: broadcast({
        ...served,
        seen: null,
        programme: open(1, 0),
        media: open(2, nowMs - 30_000),
      }),
      handles: [1, 2],
    },
    steps: [{ do: 'lose', ticket: 1 }],
  },
  {
    name: 'what was replaced is closed when the next has begun',
    state: {
      broadcast: broadcast({
        ...served,
        programme: open(3),
        media: open(4),
        joined: 4,
        live: true,
        seen: { ...seen, generation: 3 },
      }),
      outgoing: { programme: 1, media: 2 },
      handles: [1, 2, 3, 4],
    },
    steps: [
      { do: 'close', ticket: 2 },
      { do: 'close', ticket: 1 },
    ],
  },
  {
    name: 'what was replaced stays open where an always-on room shows nothing yet',
    alwaysOn: true,
    state: { outgoing: { programme: 1, media: 2 }, handles: [1, 2] },
    steps: [{ do: 'keep' }],
  },
  {
    name: 'what was replaced is closed where nothing comes',
    state: { outgoing: { programme: 1, media: 2 }, handles: [1, 2] },
    steps: [
      { do: 'close', ticket: 2 },
      { do: 'close', ticket: 1 },
    ],
  },
  {
    name: 'a new broadcast has its programme opened first',
    state: { broadcast: broadcast() },
    steps: [{ do: 'openProgramme' }],
  },
  {
    name: 'a programme that is being opened is waited for',
    state: { broadcast: broadcast({ programme: opening(newPart, 1, nowMs) }) },
    steps: [{ do: 'wait', untilMs: nowMs + 60_000 }],
  },
  {
    name: 'a programme that is being opened for too long is waited for no longer',
    state: { broadcast: broadcast({ programme: opening(newPart, 1, nowMs - 60_000) }) },
    steps: [{ do: 'giveUp', ticket: 1 }],
  },
  {
    name: 'a transport that is being opened for too long is waited for no longer',
    state: {
      broadcast: broadcast({ ...served, media: opening(newPart, 2, nowMs - 60_000) }),
      handles: [1],
    },
    steps: [{ do: 'giveUp', ticket: 2 }],
  },
  {
    name: 'a programme that failed again is tried again later',
    state: { broadcast: broadcast({ programme: failing }) },
    steps: [{ do: 'wait', untilMs: nowMs + 500 }],
  },
  {
    name: 'a programme that is open gets its transport',
    state: { broadcast: broadcast({ programme: open(1), told }), handles: [1] },
    steps: [{ do: 'openMedia' }],
  },
  {
    name: 'what is wanted is told while there is no worker',
    state: { broadcast: broadcast({ programme: open(1), media: failing }), handles: [1] },
    steps: [{ do: 'tell' }, { do: 'wait', untilMs: nowMs + 500 }],
  },
  {
    name: 'a programme that was told something has a moment to follow',
    state: { broadcast: broadcast({ ...served, seen: null }), handles: [1, 2] },
    steps: [{ do: 'wait', untilMs: nowMs + 3000 }],
  },
  {
    name: 'what is wanted next is told when what was told is followed',
    state: { broadcast: broadcast({ ...served, wishes: newer }), handles: [1, 2] },
    steps: [{ do: 'tell' }],
  },
  {
    name: 'what is wanted before that is told together',
    state: { broadcast: broadcast({ ...served, seen: null, wishes: newer }), handles: [1, 2] },
    steps: [{ do: 'wait', untilMs: nowMs + 500 }],
  },
  {
    name: 'a programme that could not follow is told again',
    state: {
      broadcast: broadcast({ ...served, seen: { ...seen, revision: -1 }, told: { ...told, untilMs: nowMs } }),
      handles: [1, 2],
    },
    steps: [{ do: 'tell' }],
  },
  {
    name: 'what an earlier programme followed says nothing of this one',
    state: { broadcast: broadcast({ ...served, seen: { ...seen, generation: 0 } }), handles: [1, 2] },
    steps: [{ do: 'wait', untilMs: nowMs + 3000 }],
  },
  {
    name: 'a programme with a transport begins to send',
    state: { broadcast: broadcast({ ...served, joined: null }), handles: [1, 2] },
    steps: [{ do: 'join' }],
  },
  {
    name: 'a programme sends to another transport where its worker died',
    state: { broadcast: broadcast({ ...served, media: open(3) }), handles: [1, 2, 3] },
    steps: [{ do: 'close', ticket: 2 }, { do: 'join' }],
  },
  {
    name: 'what is served as it should be is left alone',
    alwaysOn: true,
    state: { broadcast: broadcast(served), handles: [1, 2] },
    steps: [],
  },
  {
    name: 'a worker that died costs its transport alone',
    state: { broadcast: broadcast({ ...served, media: newPart, joined: null }), handles: [1, 2] },
    steps: [{ do: 'close', ticket: 2 }, { do: 'openMedia' }],
  },
  {
    name: 'what is over is closed, the last that was opened first',
    state: { handles: [1, 2] },
    steps: [
      { do: 'close', ticket: 2 },
      { do: 'close', ticket: 1 },
    ],
  },
  {
    name: 'what another broadcast has left is closed before anything is opened',
    state: { broadcast: broadcast(), handles: [1] },
    steps: [{ do: 'close', ticket: 1 }, { do: 'openProgramme' }],
  },
  {
    name: 'a room that is closed opens nothing',
    alwaysOn: true,
    state: { closed: true, handles: [1] },
    steps: [{ do: 'close', ticket: 1 }],
  },
];

test.each(cases)('reconcile: $name', ({ alwaysOn = false, state, steps }) => {
  expect(reconcile({ alwaysOn, graceMs: 60_000 }, { ...newRoom, ...state }, nowMs)).toEqual(steps);
});

test('reconcile: at the moment that was waited for it is tried', () => {
  const state = { ...newRoom, broadcast: broadcast({ programme: failing }) };
  expect(reconcile({ alwaysOn: false, graceMs: 60_000 }, state, nowMs + 500)).toEqual([
    { do: 'openProgramme' },
    { do: 'wait', untilMs: nowMs + 25_000 },
  ]);
});

test('reconcile: what somebody waits for is given up at a moment of its own; what was seen, or nobody waits for, is not', () => {
  const later: Part = { is: 'gone', failures: 7, notBeforeMs: nowMs + 60_000 };
  const at = (atMs: number, changes: Partial<BroadcastState>) =>
    reconcile({ alwaysOn: true, graceMs: 60_000 }, { ...newRoom, broadcast: broadcast(changes) }, atMs);
  for (const missing of [{ programme: later }, { programme: open(1), media: later, told }]) {
    expect(at(nowMs + 24_999, missing)).toEqual([{ do: 'wait', untilMs: nowMs + 25_000 }]);
    expect(at(nowMs + 25_000, missing)).toEqual([{ do: 'fail' }]);
    for (const rest of [{ live: true }, { begunBy: 'alwaysOn' as const }])
      expect(at(nowMs + 25_000, { ...missing, ...rest })).toEqual([{ do: 'wait', untilMs: nowMs + 60_000 }]);
  }
});

test('A part that held for long begins its back-off anew; one that another ticket speaks of does not change', () => {
  const held = lost({ is: 'open', failures: 6, ticket: 1, sinceMs: nowMs }, 1, nowMs + 60_000, 0);
  expect(held).toEqual({ is: 'gone', failures: 1, notBeforeMs: nowMs + 60_000 });
  const brief = lost({ is: 'open', failures: 2, ticket: 1, sinceMs: nowMs }, 1, nowMs + 1000, 0);
  expect(brief).toEqual({ is: 'gone', failures: 3, notBeforeMs: nowMs + 1000 + 1000 });
  const part = opening(newPart, 7, nowMs);
  expect([lost(part, 6, nowMs, 0), opened(part, 6, nowMs)]).toEqual([part, part]);
});
