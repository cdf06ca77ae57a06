import { expect, test } from 'vitest';
import { placeWords, streamPlace } from '../../../src/ingest/rtmp/stream-place.ts';

const inLobby = { room: 'lobby', secret: 'key1' };

test.each([
  { name: 'server and key', app: 'lobby', key: 'key1', place: inLobby },
  { name: 'one address', app: 'lobby/key1', key: '', place: inLobby },
  { name: 'slashes too many', app: 'lobby/', key: '/key1', place: inLobby },
  { name: 'a query behind the key', app: 'lobby', key: 'key1?sign=a/b', place: inLobby },
  { name: 'a query behind the server', app: 'lobby?user=stage', key: 'key1', place: inLobby },
  { name: 'a query with a slash behind the server', app: 'lobby?to=a/b', key: 'key1', place: inLobby },
  { name: 'a query behind a slash', app: 'lobby/?user=stage', key: 'key1', place: inLobby },
  { name: 'queries behind both', app: 'lobby?user=stage', key: 'key1?x=y', place: inLobby },
  { name: 'a query in the midst of one address', app: 'lobby?user=stage/key1', key: '', place: inLobby },
  { name: 'a query at the end of one address', app: 'lobby/key1?user=stage', key: '', place: inLobby },
  { name: 'one address for the key', app: '', key: 'lobby?user=stage/key1', place: inLobby },
  { name: 'a room in capitals, and a key with blanks', app: 'Lobby ', key: ' key1 ', place: inLobby },
  { name: 'no key', app: 'lobby?user=stage', key: '', place: { room: 'lobby', secret: '' } },
  { name: 'nothing', app: '', key: '', place: { room: '', secret: '' } },
  { name: 'more', app: 'live/lobby', key: 'key1', place: null },
])('the room and the secret of $name', ({ app, key, place }) => {
  expect(streamPlace({ app, name: key })).toEqual(place);
});

test.each([
  { app: 'live/lobby', key: 'key1', words: 'live/… (steps: 3)' },
  { app: 'live?user=stage', key: 'lobby/key1', words: 'live/… (steps: 3)' },
  { app: 'live/lobby/key1', key: '', words: 'live/… (steps: 3)' },
  { app: 'mlk_key1/lobby', key: 'cam', words: '… (steps: 3)' },
  { app: '', key: 'live/lobby/key1', words: '… (steps: 3)' },
  { app: 'key1'.repeat(60), key: '', words: '… (steps: 1)' },
  { app: 'lobby', key: 'key1'.repeat(60), words: 'lobby/… (steps: 2)' },
])('of $app and $key no more is told than $words', ({ app, key, words }) => {
  expect(placeWords({ app, name: key })).toBe(words);
});
