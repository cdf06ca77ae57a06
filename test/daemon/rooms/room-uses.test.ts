import { expect, test } from 'vitest';
import { inUse, type RoomUses } from '../../../src/daemon/rooms/room-uses.ts';

const nothing: RoomUses = { onAir: null, coming: false, schedules: [], keys: [], links: [] };
const keys = ['cam1', 'cam2', 'cam3', 'cam4'].map((name) => ({ id: `k-${name}`, name }));
const links = [{ id: 'l-k3v7qm2xay' }];

test.each<{ name: string; uses: Partial<RoomUses>; revoke?: boolean; words: string | null; hint?: string }>([
  { name: 'nothing', uses: {}, words: null },
  {
    name: 'what is on air',
    uses: { onAir: { id: 'b-aaaaaaaaaa', name: 'Keynote' } },
    words: 'Keynote is on air (b-aaaaaaaaaa)',
    hint: 'Do first: mirolive stop --room berlin',
  },
  {
    name: 'what is about to be on air',
    uses: { coming: true },
    words: 'something is about to be on air',
    hint: 'Do first: mirolive stop --room berlin',
  },
  {
    name: 'what leads there',
    uses: { schedules: ['morning'], keys, links },
    words: 'schedule morning; 4 stream keys (cam1, cam2, cam3 and 1 more); watch link l-k3v7qm2xay',
    hint: 'Do first: mirolive schedule remove morning; then: mirolive rooms delete berlin --revoke',
  },
  { name: 'no secrets that are revoked with it', uses: { keys, links }, revoke: true, words: null },
  {
    name: 'what is on air, whatever is revoked with it',
    uses: { onAir: { id: 'b-aaaaaaaaaa', name: 'Keynote' }, keys },
    revoke: true,
    words: 'Keynote is on air (b-aaaaaaaaaa)',
  },
])('a room is kept from being deleted by $name', ({ uses, revoke = false, words, hint }) => {
  const error = inUse('berlin', { ...nothing, ...uses }, revoke);
  expect(error?.message ?? null).toBe(words === null ? null : `room berlin is in use: ${words}`);
  if (hint) expect(error?.hint).toBe(hint);
});
