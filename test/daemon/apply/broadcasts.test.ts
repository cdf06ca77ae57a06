import { expect, test } from 'vitest';
import type { Change } from '../../../src/contract/event/change.ts';
import { declared } from '../../../src/contract/event/declared.ts';
import type { Broadcast } from '../../../src/contract/models.ts';
import { applyBroadcasts, type BroadcastDesk } from '../../../src/daemon/apply/broadcasts.ts';
import type { Current } from '../../../src/daemon/apply/current.ts';

const talk = { source: { kind: 'file', path: '/talk.mp4' } } as const;

test.each([
  { act: 'restart', reason: 'replaced', expected: ['end b-lobby replaced', 'start lobby'] },
  { act: 'stop', reason: 'ended', expected: ['end b-lobby ended'] },
] as const)('To $act a broadcast is to have it $reason: runs above it go on', async ({ act, expected }) => {
  const done: string[] = [];
  const desk = {
    end: async (id, reason) => done.push(`end ${id} ${reason}`) as never,
    start: async ({ room }) => {
      done.push(`start ${room}`);
      return { state: 'live' } as Broadcast;
    },
    check: async () => {},
    declare: async () => {},
  } satisfies BroadcastDesk;
  const change: Change = {
    ...{ what: 'broadcast', name: 'lobby', act, fields: [], effect: null, offAir: false, takenFrom: null },
  };
  const current = {
    ...{ broadcasts: new Map([['lobby', { id: 'b-lobby', is: talk }]]), playlists: new Map() },
    publishing: new Set(),
  } as unknown as Current;
  const file = declared.parse({ name: 'event', broadcasts: { lobby: talk } });
  await applyBroadcasts(desk, { plan: { changes: [change] }, declared: file, current, wait: false });
  expect(done).toEqual(expected);
});
