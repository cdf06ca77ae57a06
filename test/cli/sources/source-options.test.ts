import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type SourceFlags, sourceFromFlags } from '../../../src/cli/sources/source-options.ts';
import { source as schema } from '../../../src/contract/models.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mirolive-sources-'));
  await writeFile(join(folder, 'evening.yaml'), 'shuffle: true\nitems: [one.mp4, cam1]\n');
  await writeFile(join(folder, 'headers.txt'), 'X-Key: k\r\n\nCookie: a=b; c=d\n');
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

const file = (name: string, changes = {}) => ({
  kind: 'file',
  path: join(folder, name),
  loop: false,
  audioTrack: null,
  ...changes,
});

const place = (display?: string, machine: 'this' | 'another' = 'this') => ({
  from: { folder, machine },
  display,
  label: 'lobby',
});
const camera = { kind: 'device', video: '/dev/video0', audio: null };
const screen = { kind: 'screen', display: ':0.0', region: null, audio: null };
const window = { kind: 'window', display: ':0.0', window: 'Slides', audio: null };
const url = { kind: 'url', url: 'rtsp://cam/1', live: null, loop: false, audioTrack: null };

describe('sourceFromFlags', () => {
  const cases: { name: string; flags: SourceFlags; display?: string; expected: () => object }[] = [
    { name: 'one file', flags: { file: ['a.mp4'] }, expected: () => file('a.mp4') },
    {
      name: 'a file whose sound is mapped',
      flags: { file: ['a.mp4'], audioMap: '0+1' },
      expected: () => file('a.mp4', { audioMap: '0+1' }),
    },
    {
      name: 'one file, looped, with another track',
      flags: { file: ['a.mp4'], loop: true, audioTrack: 1 },
      expected: () => file('a.mp4', { loop: true, audioTrack: 1 }),
    },
    {
      name: 'an address with headers',
      flags: { url: 'https://a.example/', header: ['Referer: https://b.example/?c: d', '@headers.txt'] },
      expected: () => ({
        ...{ kind: 'url', url: 'https://a.example/' },
        headers: { Referer: 'https://b.example/?c: d', 'X-Key': 'k', Cookie: 'a=b; c=d' },
      }),
    },
    {
      name: 'several files',
      flags: { file: ['a.mp4', 'b.mp4'], loop: true, shuffle: true, audioTrack: 1 },
      expected: () => ({
        ...{ kind: 'playlist', loop: true, shuffle: true },
        items: [{ source: file('a.mp4', { audioTrack: 1 }) }, { source: file('b.mp4', { audioTrack: 1 }) }],
      }),
    },
    {
      name: 'a playlist with its own manner',
      flags: { playlist: 'evening.yaml' },
      expected: () => ({
        ...{ kind: 'playlist', loop: false, shuffle: true },
        items: [{ source: file('one.mp4') }, { source: { kind: 'publisher', key: 'cam1' } }],
      }),
    },
    {
      name: 'a playlist, looped by flag',
      flags: { playlist: 'evening.yaml', loop: true },
      expected: () => ({ kind: 'playlist', loop: true, shuffle: true }),
    },
    {
      name: 'a card',
      flags: { card: 'Break', text: 'Soon' },
      expected: () => ({ kind: 'card', title: 'Break', text: 'Soon' }),
    },
    {
      name: 'a folder, played over and over, with what is on air while it is empty',
      flags: { folder: '.', filler: 'slate', shuffle: true },
      expected: () => ({
        ...{ kind: 'playlist', loop: true, shuffle: true, filler: { kind: 'slate' } },
        items: [{ source: { kind: 'folder', path: folder } }],
      }),
    },
    { name: 'an address', flags: { url: 'rtsp://cam/1' }, expected: () => url },
    {
      name: 'an address, live, looped, with another track',
      flags: { url: 'rtsp://cam/1', live: true, loop: true, audioTrack: 2 },
      expected: () => ({ ...url, live: true, loop: true, audioTrack: 2 }),
    },
    { name: 'a camera', flags: { device: '/dev/video0' }, expected: () => camera },
    {
      name: 'a camera with sound',
      flags: { device: '/dev/video0', audioDevice: 'alsa:default' },
      expected: () => ({ ...camera, audio: 'alsa:default' }),
    },
    {
      name: 'sound alone',
      flags: { audioDevice: 'pulse:default' },
      expected: () => ({ kind: 'device', video: null, audio: 'pulse:default' }),
    },
    { name: 'a screen', flags: { screen: true }, expected: () => screen },
    {
      name: 'the screen of this terminal',
      flags: { screen: true },
      display: ':1',
      expected: () => ({ ...screen, display: ':1' }),
    },
    {
      name: 'no screen of another machine',
      flags: { screen: true },
      display: 'desk:10.0',
      expected: () => screen,
    },
    {
      name: 'a part of a named screen, with sound',
      flags: {
        ...{ screen: ':2.0', audioDevice: 'pulse:default' },
        region: { x: 1, y: 2, width: 300, height: 400 },
      },
      display: ':1',
      expected: () => ({
        ...{ ...screen, display: ':2.0', audio: 'pulse:default' },
        region: { x: 1, y: 2, width: 300, height: 400 },
      }),
    },
    {
      name: 'a window',
      flags: { window: 'Slides' },
      display: ':1',
      expected: () => ({ ...window, display: ':1' }),
    },
    {
      name: 'a test picture',
      flags: { test: true },
      expected: () => ({ kind: 'test', pattern: 'bars', label: 'lobby' }),
    },
    {
      name: 'a clock',
      flags: { test: 'clock' },
      expected: () => ({ kind: 'test', pattern: 'clock', label: 'lobby' }),
    },
  ];
  test.each(cases)('makes $name', async ({ flags, display, expected }) => {
    expect(schema.parse(await sourceFromFlags(flags, place(display)))).toMatchObject(expected());
  });

  test('leaves standard input to whoever reads it', async () => {
    expect(await sourceFromFlags({ stdin: true }, place())).toEqual({ kind: 'stdin' });
  });

  const refusals: { flags: SourceFlags; message: string }[] = [
    {
      flags: {},
      message:
        'expected a source: one of --file, --playlist, --folder, --url, --device, --screen, --window, --test, --card, --stdin',
    },
    { flags: { file: ['--room', 'lobby'] }, message: 'expected a file behind --file, got --room' },
    { flags: { file: ['m.yaml'] }, message: 'expected media behind --file, got the playlist m.yaml' },
    { flags: { file: ['a'], url: 'b' }, message: 'expected one source, got --file and --url' },
    { flags: { screen: true, window: 'b' }, message: 'expected one source, got --screen and --window' },
    {
      flags: { test: true, loop: true },
      message: '--loop goes with --file, --playlist, --folder, --url, not with --test',
    },
    {
      flags: { stdin: true, audioTrack: 1 },
      message: '--audio-track goes with --file, --url, not with --stdin',
    },
    { flags: { file: ['a'], live: true }, message: '--live goes with --url, not with --file' },
    {
      flags: { url: 'b', audioDevice: 'alsa:default' },
      message: '--audio-device goes with --device, --screen, --window, not with --url',
    },
    {
      flags: { device: 'b', region: { x: 0, y: 0, width: 1, height: 1 } },
      message: '--region goes with --screen, not with --device',
    },
    { flags: { file: ['a'], shuffle: true }, message: 'expected several --file, or --playlist, to shuffle' },
  ];
  test.each(refusals)('refuses: $message', async ({ flags, message }) => {
    await expect(sourceFromFlags(flags, place())).rejects.toMatchObject({ code: 'USAGE', message });
  });
});
