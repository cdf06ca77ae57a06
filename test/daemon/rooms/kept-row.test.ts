import { describe, expect, test } from 'vitest';
import type { Config } from '../../../src/contract/config.ts';
import { config as configSchema } from '../../../src/contract/config.ts';
import { source as sourceModel } from '../../../src/contract/models.ts';
import type { Seen } from '../../../src/contract/snapshot.ts';
import {
  type KeptRow,
  restoredBroadcast,
  seenText,
  specText,
  wishesText,
  withFallbacks,
} from '../../../src/daemon/rooms/kept-row.ts';
import { newBroadcast } from '../../../src/daemon/rooms/room-state.ts';
import {
  ask,
  commit,
  newCandidate,
  newWishes,
  type Wish,
  type Wishes,
} from '../../../src/daemon/rooms/wishes.ts';
import { newOutput } from '../../../src/daemon/sfu/output.ts';
import { plannedBroadcast } from '../../helpers/planned-broadcast.ts';
import { seenBy, seenCandidate } from '../../helpers/seen.ts';

const config: Config = configSchema.parse({});
const means = { encoder: { name: 'x264', device: null, instead: null }, toneMaps: true } as never;
const atMs = Date.UTC(2026, 0, 1, 12);
const file = (path: string) => ({ kind: 'file', path, loop: false, audioTrack: null });

/** All that a broadcast may be made of, as operators say it. */
const sources: Record<string, unknown> = {
  'a file': file('/srv/talk.mp4'),
  'an address with a secret': {
    kind: 'url',
    url: 'rtsp://user:secret@camera.example/1',
    live: true,
    loop: false,
    audioTrack: null,
    headers: { authorization: 'Bearer secret' },
  },
  'a publisher': { kind: 'publisher', key: 'cam1' },
  'test pictures': { kind: 'test', pattern: 'clock', label: 'lobby' },
  'a card': { kind: 'card', title: 'Soon', text: 'We begin at ten' },
  'a playlist': {
    kind: 'playlist',
    items: [1, 2, 3].map((one) => ({ source: file(`/srv/${one}.mp4`), title: `talk ${one}` })),
    loop: true,
    shuffle: true,
  },
  'a folder': {
    kind: 'playlist',
    items: [
      { id: 'i-aaaaaaaaaa', source: { kind: 'folder', path: '/srv/media' } },
      { source: file('/srv/media/a.mp4'), found: { folder: 'i-aaaaaaaaaa', stamp: '1-2-3' } },
    ],
  },
};

function rowOf(by: 'person' | 'publisher' | 'alwaysOn', given: unknown, wishes: Wishes, seen: Seen | null) {
  const source = given === null ? null : sourceModel.parse(given);
  const { broadcast } = plannedBroadcast({ name: 'Morning', source });
  const whole = {
    ...broadcast,
    output: newOutput('h264', 2, ['vp8']),
    renditions: ['240p', 'source'] as const,
    options: { stepsDown: true } as never,
  };
  const state = newBroadcast(whole, by, wishes, 0, { keep: true, applied: { by: 'week', declared: '{}' } });
  const row: KeptRow = {
    ...{ room: 'lobby', id: state.id, begunBy: by, appliedBy: 'week', declared: '{}' },
    ...{ spec: specText(state), wanted: wishesText(state.wishes), seen: seenText(seen) },
  };
  return { state, row };
}

function wishesOf(given: unknown): Wishes {
  const source = sourceModel.parse(given);
  return newWishes([newCandidate('main', source, 'c-aaaaaaaaaa', 7)]);
}

function after(wishes: Wishes, ...all: Wish[]): Wishes {
  return all.reduce((before, wish) => {
    const asked = ask(before);
    return commit(asked.wishes, wish, asked.number, null, atMs);
  }, wishes);
}

const place = seenBy({
  ...{ generation: 5, revision: 3, atMs, onAir: 'c-aaaaaaaaaa', live: true },
  candidates: [
    seenCandidate(
      'c-aaaaaaaaaa',
      { state: 'onAir' },
      { positionMs: 65_432, endMs: 600_000, index: 0, round: 2 },
    ),
    seenCandidate('c-bbbbbbbbbb', { state: 'away', reason: 'nothing comes', sinceMs: atMs - 9000 }),
  ],
});

describe('what is written of a broadcast is what goes on', () => {
  for (const [what, given] of Object.entries(sources)) {
    test(what, () => {
      const take: Wish = {
        ...{ type: 'take', source: sourceModel.parse(file('/srv/news.mp4')) },
        ...{ id: 'c-bbbbbbbbbb', seed: 3 },
      };
      const wishes = after(
        wishesOf(given),
        { type: 'volume', percent: 40 },
        { type: 'mute', on: true },
        take,
        { type: 'slate', on: true },
      );
      const { state, row } = rowOf('person', given, { ...wishes, machine: 'c-bbbbbbbbbb' }, place);
      const { broadcast, placeless } = restoredBroadcast(row, config, means);
      expect(placeless).toBeNull();
      expect(broadcast.wishes).toEqual(state.wishes);
      expect(broadcast.seen).toEqual({ ...place, generation: 0 });
      for (const key of ['id', 'name', 'source', 'startedAt', 'renditions', 'begunBy', 'applied'] as const)
        expect(broadcast[key]).toEqual(state[key]);
      expect(broadcast).toMatchObject({ live: false, kept: true });
      // Until it plays, it stands where it was.
      expect(broadcast.stats.positionMs).toBe(place.candidates[0]?.positionMs);
      expect(broadcast.output.video.codec).toBe('h264');
      expect(broadcast.output.video.identities).toHaveLength(2);
      expect(broadcast.options).toMatchObject({ room: 'lobby', stepsDown: true, alwaysOn: false });
    });
  }

  test('what keeps a room always on, with nothing of its own', () => {
    const { row } = rowOf('alwaysOn', null, newWishes([]), null);
    const { broadcast } = restoredBroadcast(row, config, means);
    expect(broadcast).toMatchObject({ begunBy: 'alwaysOn', source: null, seen: null, live: false });
    expect(broadcast.options.alwaysOn).toBe(true);
  });

  test('held at a picture, at a place that was chosen', () => {
    const [first] = wishesOf(sources['a file']).wanted.chain;
    const held = { ...first, paused: true, place: { serial: 2, item: null, positionMs: 9000 } };
    const wishes = newWishes([held as never]);
    const { row } = rowOf('person', sources['a file'], wishes, null);
    expect(restoredBroadcast(row, config, means).broadcast.wishes.wanted.chain).toEqual([held]);
  });
});

test('a room falls back to what the configuration says now', () => {
  const given = sourceModel.parse(sources['a file']);
  const wishes = newWishes([
    newCandidate('main', given, 'c-aaaaaaaaaa', 7),
    newCandidate('fallback-1', given, 'c-bbbbbbbbbb', 7),
  ]);
  const { row } = rowOf('person', given, wishes, place);
  const { broadcast } = restoredBroadcast(row, config, means);
  const other = sourceModel.parse(file('/srv/other.mp4'));
  const { wanted } = withFallbacks(broadcast, [other, given]).wishes;
  expect(wanted.chain.map(({ name, source }) => [name, source])).toEqual([
    ['main', given],
    ['fallback-1', other],
    ['fallback-2', given],
  ]);
  expect(wanted.chain.slice(1).map(({ id }) => id)).not.toContain('c-bbbbbbbbbb');
  expect(wanted.revision).toBe(broadcast.wishes.wanted.revision + 1);
});

describe('what is gone with a daemon is not waited for', () => {
  test('a pipe that was taken', () => {
    const stdin = sourceModel.parse({ kind: 'stdin', token: 'a'.repeat(32) });
    const wishes = after(wishesOf(sources['a file']), {
      ...{ type: 'take', source: stdin, id: 'c-bbbbbbbbbb', seed: 3 },
    });
    const { row } = rowOf('person', sources['a file'], wishes, place);
    const { chain } = restoredBroadcast(row, config, means).broadcast.wishes.wanted;
    expect(chain.map(({ name }) => name)).toEqual(['main']);
  });

  test('pictures that are made for viewers', () => {
    const wishes = wishesOf(sources['a file']);
    const needed = { ...wishes, wanted: { ...wishes.wanted, compatible: ['vp8' as const] } };
    const { row } = rowOf('person', sources['a file'], needed, place);
    expect(restoredBroadcast(row, config, means).broadcast.wishes).toEqual(wishes);
  });
});

describe('what cannot be read', () => {
  const { row } = rowOf('person', sources['an address with a secret'], wishesOf(sources['a file']), place);
  const changed = (text: string, changes: object) => JSON.stringify({ ...JSON.parse(text), ...changes });
  const cases: [what: string, row: KeptRow, message: RegExp][] = [
    ['no JSON', { ...row, spec: '{' }, /^what was asked for is no JSON object$/],
    ['another value', { ...row, wanted: '[1' }, /^what is wanted is no JSON object$/],
    [
      'of a newer version',
      { ...row, wanted: changed(row.wanted, { version: 2 }) },
      /^what is wanted is of version 2, which a newer mirolive wrote; this one reads 1$/,
    ],
    ['without a version', { ...row, spec: '{}' }, /^what was asked for has no version$/],
    ['with what is not known', { ...row, spec: changed(row.spec, { more: 1 }) }, /unrecognized_keys$/],
    ['with a secret of the wrong kind', { ...row, spec: changed(row.spec, { name: ['secret'] }) }, /name: /],
    ['begun by nobody', { ...row, begunBy: 'chance' }, /./],
  ];
  for (const [what, broken, message] of cases) {
    test(`is said, and nothing of a secret: ${what}`, () => {
      const restore = () => restoredBroadcast(broken, config, means);
      expect(restore).toThrow(message);
      expect(restore).not.toThrow(/secret/);
    });
  }

  test('a place that cannot be read is begun anew', () => {
    const newer = { ...row, seen: changed(row.seen ?? '', { version: 9 }) };
    const { broadcast, placeless } = restoredBroadcast(newer, config, means);
    expect(broadcast).toMatchObject({ seen: null, live: false });
    expect(placeless).toMatch(/version 9/);
  });
});
