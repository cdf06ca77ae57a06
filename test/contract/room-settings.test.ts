import { describe, expect, it } from 'vitest';
import { parseConfigFile } from '../../src/contract/config-file.ts';
import type { RoomWords } from '../../src/contract/room-config.ts';
import {
  givenKeys,
  laidRoom,
  roomKeys,
  roomSettings,
  withKey,
  withoutKey,
  withSettings,
} from '../../src/contract/room-settings.ts';

describe('laidRoom', () => {
  const cases: readonly {
    readonly name: string;
    readonly file: RoomWords;
    readonly set: RoomWords;
    readonly holds: object;
    readonly problems?: readonly string[];
  }[] = [
    { name: 'nothing is set', file: { hold: '2s' }, set: {}, holds: { hold: 2000, reconnectGrace: 60_000 } },
    {
      name: 'a key is set that the file has too',
      file: { hold: '2s', alwaysOn: true },
      set: { hold: '9s' },
      holds: { hold: 9000, alwaysOn: true },
    },
    {
      name: 'a key of a section is set, and another one in the file',
      file: { slate: { kind: 'image', path: '/a.png' } },
      set: { slate: { text: 'Soon' } },
      holds: { slate: { kind: 'image', path: '/a.png', text: 'Soon' } },
    },
    {
      name: 'a list is one value',
      file: { fallback: [{ file: '/a.mp4' }, 'slate'] },
      set: { fallback: ['slate'] },
      holds: { fallback: [{ kind: 'slate' }] },
    },
    {
      name: 'a value is wrong',
      file: { hold: '2s' },
      set: { hold: 'soon', alwaysOn: true },
      holds: { hold: 2000, alwaysOn: true },
      problems: ['hold: expected a duration such as 250ms, 3s, 10m or 8h, got "soon"'],
    },
    {
      name: 'keys are unknown',
      file: {},
      set: { hodl: '2s', slate: { txt: 'Soon', text: 'Now' } },
      holds: { hold: 5000, slate: { text: 'Now' } },
      problems: ['unknown key hodl; did you mean hold?', 'unknown key slate.txt; did you mean text?'],
    },
    {
      name: 'what is missing beside it is told of what was set there',
      file: {},
      set: { slate: { kind: 'image', text: 'Soon' }, hold: '1s' },
      holds: { slate: { kind: 'card', text: null }, hold: 1000 },
      problems: [
        'slate.path: expected the absolute path of the image, got nothing',
        'slate.path: expected the absolute path of the image, got nothing',
      ],
    },
    {
      name: 'a section is no section',
      file: { slate: { text: 'Soon' } },
      set: { slate: 5 },
      holds: { slate: { text: 'Soon' } },
      problems: ['slate: expected keys with values, got 5'],
    },
    {
      name: 'an item of a list is wrong',
      file: {},
      set: { fallback: [{ file: 'a.mp4' }] },
      holds: { fallback: [] },
      problems: ['fallback.0.file: expected an absolute path, got "a.mp4"'],
    },
    {
      name: 'a key that every object has',
      file: {},
      set: JSON.parse('{ "__proto__": { "hold": "1s" }, "toString": 1 }'),
      holds: { hold: 5000 },
      problems: [
        expect.stringContaining('unknown key __proto__'),
        expect.stringContaining('unknown key toString'),
      ],
    },
  ];
  it.each(cases)('$name', ({ file, set, holds, problems = [] }) => {
    const laid = laidRoom(file, set);
    expect(laid.config).toMatchObject(holds);
    expect(laid.problems.map(({ message }) => message)).toEqual(problems);
  });
});

it('withSettings changes only rooms of which something is set, also some that the file has not', () => {
  const file = parseConfigFile('rooms:\n  hall:\n  lobby: { hold: 2s }\n', 'm.yaml');
  const set = new Map<string, RoomWords>([
    ['lobby', { hold: '3s' }],
    ['stage', { alwaysOn: true, nope: 1 }],
  ]);
  const { rooms, problems } = withSettings(file, set);
  expect(Object.keys(rooms)).toEqual(['hall', 'lobby', 'stage']);
  expect(rooms.hall).toBe(file.config.rooms.hall);
  expect(rooms.lobby).toMatchObject({ hold: 3000 });
  expect(rooms.stage).toMatchObject({ alwaysOn: true });
  expect([...problems.keys()]).toEqual(['stage']);
});

it('roomSettings says of each key what holds, where it comes from, and what it hides', () => {
  const { rooms } = parseConfigFile('rooms: { lobby: { hold: 2s, failback: manual } }', 'm.yaml');
  const settings = roomSettings(rooms.lobby ?? {}, { hold: '3s', slate: { text: 'Soon' } });
  expect(settings.map(({ key }) => key)).toEqual(roomKeys);
  const told = settings.filter(({ key }) =>
    ['hold', 'failback', 'slate.text', 'reconnectGrace'].includes(key),
  );
  expect(told).toEqual([
    { key: 'reconnectGrace', value: '60s', from: 'default' },
    { key: 'slate.text', value: 'Soon', from: 'set' },
    { key: 'failback', value: 'manual', from: 'file' },
    { key: 'hold', value: '3s', from: 'set', file: '2s' },
  ]);
});

it('keys are put in and taken out by their places', () => {
  const words = withKey(withKey({ hold: '2s' }, 'slate.text', 'Soon'), 'slate.kind', 'card');
  expect(words).toEqual({ hold: '2s', slate: { text: 'Soon', kind: 'card' } });
  expect(givenKeys(words)).toEqual(['hold', 'slate.text', 'slate.kind']);
  expect(withoutKey(words, 'slate.text')).toEqual({ hold: '2s', slate: { kind: 'card' } });
  expect(withoutKey(withoutKey(words, 'slate.text'), 'slate.kind')).toEqual({ hold: '2s' });
  expect(withoutKey(words, 'slate')).toEqual({ hold: '2s' });
  expect(withoutKey(words, 'alwaysOn')).toEqual(words);
});
