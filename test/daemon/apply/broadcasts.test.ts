import { expect, test } from 'vitest';
import type { Change } from '../../../src/contract/event/change.ts';
import { declared } from '../../../src/contract/event/declared.ts';
import type { Broadcast } from '../../../src/contract/models.ts';
import { applyBroadcasts, type BroadcastDesk } from '../../../src/daemon/apply/broadcasts.ts';
import type { Current } from '../../../src/daemon/apply/current.ts';

const talk = { source: { kind: 'file', path: '/talk.mp4' } } as const;

const clip = { source: { kind: 'file', path: '/clip.mp4' } } as const;

test.each([
  { act: 'restart', to: clip, expected: ['check', 'start lobby instead of b-lobby'] },
  { act: 'restart', to: talk, expected: ['start lobby instead of b-lobby, which ends first'] },
  { act: 'stop', to: talk, expected: ['end b-lobby taken'] },
] as const)('To $act a broadcast leaves runs above it, and its room to nobody else', async (row) => {
  const { act, to, expected } = row;
  const done: string[] = [];
  const desk = {
    end: async (id, reason) => done.push(`end ${id} ${reason}`) as never,
    start: async ({ room, replaces, endsFirst }) => {
      done.push(`start ${room} instead of ${replaces}${endsFirst ? ', which ends first' : ''}`);
      return { state: 'live' } as Broadcast;
    },
    check: async () => {
      done.push('check');
    },
    declare: async () => {},
  } satisfies BroadcastDesk;
  const change: Change = {
    ...{ what: 'broadcast', name: 'lobby', act, fields: [], effect: null, offAir: false, takenFrom: null },
  };
  const file = declared.parse({ name: 'event', broadcasts: { lobby: to } });
  const is = declared.parse({ name: 'event', broadcasts: { lobby: talk } }).broadcasts.lobby;
  const current = {
    ...{ broadcasts: new Map([['lobby', { id: 'b-lobby', is }]]), playlists: new Map() },
    publishing: new Set(),
  } as unknown as Current;
  await applyBroadcasts(desk, { plan: { changes: [change] }, declared: file, current, wait: false });
  expect(done).toEqual(expected);
});
