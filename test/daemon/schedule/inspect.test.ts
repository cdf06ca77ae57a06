import { expect, test } from 'vitest';
import { MiroliveError } from '../../../src/contract/errors.ts';
import type { Source } from '../../../src/contract/models.ts';
import { playlistItem } from '../../../src/contract/models.ts';
import { scheduleSpec } from '../../../src/contract/schedule.ts';
import {
  inspect,
  isCostly,
  lookOf,
  missing,
  type Surroundings,
} from '../../../src/daemon/schedule/inspect.ts';

const file = (path: string) => ({ kind: 'file', path, loop: false, audioTrack: null }) as const;
const url = (address: string) =>
  ({ kind: 'url', url: address, live: null, loop: false, audioTrack: null }) as const;
const list = (...sources: Source[]): Source => ({
  ...{ kind: 'playlist', loop: false, shuffle: false },
  items: sources.map((source) => playlistItem.parse({ source })),
});
const publisher = { kind: 'publisher', key: 'cam' } as const;
const nothing = { publisher: null, files: [], opened: null };

test.each<{ name: string; source: Source; expected: ReturnType<typeof lookOf> }>([
  { name: 'a file', source: file('/a.mp4'), expected: { ...nothing, opened: file('/a.mp4') } },
  {
    name: 'an address',
    source: url('rtsp://camera'),
    expected: { ...nothing, opened: url('rtsp://camera') },
  },
  { name: 'a publisher', source: publisher, expected: { ...nothing, publisher: 'cam' } },
  { name: 'one call only', source: url('srt://:9000?mode=listener'), expected: nothing },
  { name: 'what is sent to a port', source: url('udp://239.0.0.1:5000'), expected: nothing },
  {
    name: 'each file of a list once, and its first item',
    source: list(file('/a.mp4'), file('/b.mp4'), file('/a.mp4')),
    expected: { publisher: null, files: ['/a.mp4', '/b.mp4'], opened: file('/a.mp4') },
  },
  {
    name: 'a list that begins with a publisher',
    source: list(publisher, file('/b.mp4')),
    expected: { publisher: 'cam', files: ['/b.mp4'], opened: null },
  },
])('Ahead of its hour is looked at $name', ({ source, expected }) =>
  expect(lookOf(source)).toEqual(expected),
);

test.each<{ name: string; source: Source; expected: boolean }>([
  { name: 'a camera', source: url('rtsp://camera'), expected: true },
  { name: 'a list that begins with one', source: list(url('rtsp://camera'), file('/a.mp4')), expected: true },
  { name: 'a file', source: file('/a.mp4'), expected: false },
  {
    name: 'a list that begins with a file',
    source: list(file('/a.mp4'), url('rtsp://camera')),
    expected: false,
  },
  { name: 'a publisher', source: publisher, expected: false },
])('A look at $name costs somebody else something: $expected', ({ source, expected }) =>
  expect(isCostly({ what: { call: 'control', params: { command: { type: 'take', source } } } })).toBe(
    expected,
  ),
);

const well: Surroundings = {
  check: async () => {},
  checkFile: async () => {},
  publishes: () => true,
  isOnAir: () => false,
  broadcasts: () => 3,
  limit: () => 4,
};
test.each<{ name: string; source: Source; expected: string | null }>([
  { name: 'a file that is there', source: file('/a.mp4'), expected: null },
  { name: 'a file that is not', source: file('/gone.mp4'), expected: 'there is no file /gone.mp4' },
  {
    name: 'a list that lacks one',
    source: list(file('/a.mp4'), file('/gone.mp4')),
    expected: 'there is no file /gone.mp4',
  },
  {
    name: 'a folder that is not',
    source: { kind: 'folder', path: '/gone' },
    expected: 'there is no folder /gone',
  },
  { name: 'a camera, which is not opened for it', source: url('rtsp://gone'), expected: null },
])('What is scheduled now is looked at at once: $name', async ({ source, expected }) => {
  const checkFile = async (path: string) => {
    if (path === '/gone.mp4') throw new MiroliveError('SOURCE_NOT_FOUND', `there is no file ${path}`);
  };
  const check = async () => {
    throw new MiroliveError('SOURCE_NOT_FOUND', 'there is no folder /gone');
  };
  const what = { call: 'control', params: { command: { type: 'take', source } } } as const;
  expect((await missing({ what }, { check, checkFile }))?.reason ?? null).toBe(expected);
});

const take = { call: 'control', params: { command: { type: 'take', source: publisher } } };
const start = { call: 'startBroadcast', params: { source: publisher } };
const slate = { call: 'control', params: { command: { type: 'slate', on: true } } };

test.each<{ name: string; what: object; around: Partial<Surroundings>; message: string | null }>([
  { name: 'all is there', what: start, around: {}, message: null },
  {
    name: 'nobody publishes',
    ...{ what: take, around: { publishes: () => false } },
    message: 'nobody publishes into lobby with the key cam',
  },
  {
    name: 'there are as many broadcasts as may be',
    ...{ what: start, around: { limit: () => 3 } },
    message: 'there are 3 broadcasts already',
  },
  {
    name: 'the room has one of them',
    ...{ what: start, around: { limit: () => 3, isOnAir: () => true } },
    message: null,
  },
  { name: 'it is a command', what: slate, around: { limit: () => 3, publishes: () => false }, message: null },
])('A look ahead where $name gives $message', async ({ what, around, message }) => {
  const spec = scheduleSpec.parse({ room: 'lobby', when: { cron: '0 9 * * *', zone: 'UTC' }, what });
  const looked = inspect(spec, { ...well, ...around });
  await (message === null
    ? expect(looked).resolves.toBeUndefined()
    : expect(looked).rejects.toThrow(message));
});
