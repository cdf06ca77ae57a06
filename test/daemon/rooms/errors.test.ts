import { expect, test } from 'vitest';
import { nobodyPublishes, roomBusy, roomIdle } from '../../../src/daemon/rooms/errors.ts';

test.each([
  {
    room: 'loby',
    live: ['lobby', 'stage'],
    others: '; on air: lobby, stage',
    hint: 'Did you mean --room lobby?',
  },
  {
    room: 'hall',
    live: ['lobby'],
    others: '; on air: lobby',
    hint: 'Put something on air: mirolive stream --file FILE --room hall',
  },
  {
    room: 'hall',
    live: [],
    others: '',
    hint: 'Put something on air: mirolive stream --file FILE --room hall',
  },
  {
    room: 'loby',
    live: ['lobby'],
    published: ['cam1', 'cam2'],
    others: '; on air: lobby',
    hint: 'Somebody publishes there; put it on air: mirolive take cam1 --room loby',
  },
])('roomIdle of $room while $live are on air', ({ room, live, published, others, hint }) => {
  expect(roomIdle(room, live, published)).toMatchObject({
    message: `expected something on air in room ${room}, there is nothing${others}`,
    hint,
  });
});

test.each([
  {
    key: 'cma',
    published: ['cam'],
    others: '; there publish: cam',
    hint: 'Did you mean: mirolive take cam --room a',
  },
  { key: 'program', published: [], others: '', hint: 'Did you mean: mirolive take programme --room a' },
  {
    key: 'one',
    published: [],
    others: '',
    hint: 'See who does: mirolive publishers; a file of this name is meant by ./one, a folder by folder:one',
  },
])('nobodyPublishes $key', ({ key, published, others, hint }) => {
  expect(nobodyPublishes('a', key, published)).toMatchObject({
    code: 'PUBLISHER_NOT_FOUND',
    message: `nobody publishes with ${key} in room a${others}`,
    hint,
  });
});

test('roomBusy with a publisher says how publishers are kept waiting', () => {
  const busy = { id: 'b-aaaaaaaaaa', name: 'cam', source: { kind: 'publisher', key: 'cam' } } as const;
  expect(roomBusy('a', busy).hint).toBe(
    'Stop it first: mirolive stop --room a; publishers wait to be taken with rooms.a.onPublish: standby',
  );
});
