import { describe, expect, it, test } from 'vitest';
import { declared } from '../../../src/contract/event/declared.ts';
import { parseEventFile } from '../../../src/contract/event/event-file.ts';
import { eventText } from '../../../src/contract/event/event-text.ts';
import { placesInYaml } from '../../../src/contract/yaml-file.ts';

const head = 'version: 1\nname: webinar\n';
const hash = 'a'.repeat(64);
const parse = (text: string) => parseEventFile(head + text, '/srv/events/webinar.yaml');

function messageOf(act: () => unknown): string {
  try {
    act();
    return 'nothing is wrong';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('an event file', () => {
  it('declares rooms in the words of the configuration, with paths from its folder', () => {
    const text = [
      'rooms:',
      '  lobby:',
      '    hold: 9s',
      '    slate: { kind: image, path: slates/soon.png }',
      '    poster: poster.jpg',
      '    fallback: [{ file: soon.mp4 }, { playlist: /srv/list.yaml }, { publisher: cam2 }, slate]',
      '    dayparts: { zone: UTC, parts: [{ from: "06:00", to: "10:00", folder: films }] }',
      '  stage:',
    ].join('\n');
    expect(parse(text).rooms).toEqual({
      lobby: {
        hold: '9s',
        slate: { kind: 'image', path: '/srv/events/slates/soon.png' },
        poster: '/srv/events/poster.jpg',
        fallback: [
          { file: '/srv/events/soon.mp4' },
          { playlist: '/srv/list.yaml' },
          { publisher: 'cam2' },
          'slate',
        ],
        dayparts: { zone: 'UTC', parts: [{ from: '06:00', to: '10:00', folder: '/srv/events/films' }] },
      },
      stage: {},
    });
  });

  it('declares nothing by sections that are empty', () => {
    const { keys, ...rest } = parse('rooms:\nkeys:\nplaylists:\nbroadcasts:\nschedules:\n');
    expect(keys).toEqual([]);
    expect(rest).toEqual({ name: 'webinar', rooms: {}, playlists: {}, broadcasts: {}, schedules: {} });
  });

  it('declares keys by a secret in a file, or by its hash', () => {
    const text = `keys:\n  - { room: lobby, name: cam1, secretFile: cam1.key, expires: 2026-12-31T22:00:00Z }\n  - { room: lobby, name: cam2, hash: ${hash} }\n`;
    expect(parse(text).keys).toEqual([
      { room: 'lobby', name: 'cam1', secretFile: '/srv/events/cam1.key', expires: '2026-12-31T22:00:00Z' },
      { room: 'lobby', name: 'cam2', hash, expires: null },
    ]);
  });

  it.each([
    ['a word', 'talk.mp4', { kind: 'file', path: '/srv/events/talk.mp4' }],
    ['a publisher', '{ publisher: cam1 }', { kind: 'publisher', key: 'cam1' }],
    [
      'a looped file',
      '{ file: talk.mp4, loop: true }',
      { kind: 'file', path: '/srv/events/talk.mp4', loop: true },
    ],
    ['a saved playlist', '{ saved: evening }', { kind: 'saved', playlist: 'evening' }],
    [
      'a playlist file',
      '{ playlist: evening.m3u, shuffle: true }',
      { kind: 'playlistFile', path: '/srv/events/evening.m3u', loop: false, shuffle: true },
    ],
    [
      'a folder',
      '{ folder: films }',
      {
        kind: 'playlist',
        items: [{ source: { kind: 'folder', path: '/srv/events/films' } }],
        loop: true,
        shuffle: false,
      },
    ],
    [
      'items',
      '{ items: [a.mp4, { source: slate, for: 5s }], loop: true }',
      {
        kind: 'playlist',
        items: [{ source: { path: '/srv/events/a.mp4' } }, { source: { kind: 'slate' } }],
        loop: true,
      },
    ],
    [
      'a source as the API takes it',
      '{ source: { kind: window, window: Slides } }',
      { kind: 'window', window: 'Slides' },
    ],
  ])('declares what is on air by %s', (_, words, source) => {
    expect(parse(`broadcasts:\n  lobby: ${words}\n`).broadcasts.lobby?.source).toMatchObject(source);
  });

  it.each([
    [
      'no YAML',
      'version: 1\nname: [\n',
      '3:1: not YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    ['two documents', `${head}---\n${head}`, '3:1: a second document begins here; expected one'],
    [
      'nothing',
      '',
      '1:1: version: expected 1, the version of event files that this mirolive reads, got nothing\na.yaml:1:1: name: expected text, got nothing',
    ],
    ['a list', '- a\n', '1:1: the file: expected keys with values, got a list'],
    [
      'no version',
      'name: a\n',
      '1:1: version: expected 1, the version of event files that this mirolive reads, got nothing',
    ],
    [
      'another version',
      'version: 2\nname: a\n',
      '1:10: version: expected 1, the version of event files that this mirolive reads, got 2',
    ],
    ['no name', 'version: 1\n', '1:1: name: expected text, got nothing'],
    [
      'a name in capitals',
      'version: 1\nname: Webinar\n',
      '2:7: name: expected 1 to 63 of a-z, 0-9 and -, not starting with - (such as webinar), got "Webinar"',
    ],
    ['an unknown section', `${head}room: {}\n`, '3:1: unknown key room; did you mean rooms?'],
    [
      'an unknown setting',
      `${head}rooms:\n  lobby:\n    alwayson: true\n`,
      '5:5: unknown key rooms.lobby.alwayson; did you mean alwaysOn?',
    ],
    [
      'a wrong setting',
      `${head}rooms:\n  lobby: { hold: soon }\n`,
      '4:18: rooms.lobby.hold: expected a duration such as 250ms, 3s, 10m or 8h, got "soon"',
    ],
    [
      'a room in capitals',
      `${head}rooms:\n  Lobby: {}\n`,
      '4:3: a name in rooms: expected 1 to 63 of a-z, 0-9 and -, not starting with - (such as lobby), got "Lobby"',
    ],
    [
      'a key without a secret',
      `${head}keys:\n  - { room: lobby, name: cam1 }\n`,
      '4:5: keys.0.secretFile: expected either secretFile, a file with the secret in it, or hash, got nothing',
    ],
    [
      'a key with two',
      `${head}keys:\n  - { room: lobby, name: cam1, secretFile: a, hash: ${hash} }\n`,
      `4:53: keys.0.hash: expected either secretFile, a file with the secret in it, or hash, got "${hash}"`,
    ],
    [
      'a secret instead of its hash',
      `${head}keys:\n  - { room: lobby, name: cam1, hash: mlk_abc }\n`,
      '4:38: keys.0.hash: expected the SHA-256 of a secret, 64 of 0-9 and a-f, got "mlk_…"',
    ],
    [
      'two keys of one name',
      `${head}keys:\n  - { room: a, name: cam1, hash: ${hash} }\n  - { room: a, name: cam1, hash: ${'b'.repeat(64)} }\n`,
      '5:22: keys.1.name: expected another name: a key of room a has it already, got "cam1"',
    ],
    [
      'two keys of one secret',
      `${head}keys:\n  - { room: a, name: cam1, secretFile: s }\n  - { room: a, name: cam2, secretFile: s }\n`,
      '5:40: keys.1.secretFile: expected another file: a key has it already, got "s"',
    ],
    [
      'a day without a time',
      `${head}keys:\n  - { room: a, name: cam1, hash: ${hash}, expires: 2026-12-31 }\n`,
      '4:109: keys.0.expires: expected a moment such as 2026-12-31T22:00:00Z, got "2026-12-31"',
    ],
    [
      'an empty playlist',
      `${head}playlists:\n  evening: { items: [] }\n`,
      '4:21: playlists.evening.items: expected something that is not empty, got a list',
    ],
    [
      'an item without an end',
      `${head}playlists:\n  evening: { items: [slate, a.mp4] }\n`,
      '4:22: playlists.evening.items.0.for: expected how long it plays, such as for: 5m, since slate has no end, got nothing',
    ],
    [
      'an item without an end in a schedule',
      `${head}schedules:\n  a: { room: a, cron: "@daily", zone: UTC, stream: { items: [slate, a.mp4] } }\n`,
      '4:62: schedules.a.stream.items.0.for: expected how long it plays, such as for: 5m, since slate has no end, got nothing',
    ],
    [
      'two sources',
      `${head}broadcasts:\n  lobby: { file: a.mp4, saved: b }\n`,
      '4:32: broadcasts.lobby.saved: expected one of source, file, url, publisher, card, folder, items, playlist, saved, got "b"',
    ],
    [
      'no source',
      `${head}broadcasts:\n  lobby: { name: A }\n`,
      '4:10: broadcasts.lobby.source: expected one of source, file, url, publisher, card, folder, items, playlist, saved, got nothing',
    ],
    [
      'a file that is shuffled',
      `${head}broadcasts:\n  lobby: { file: a.mp4, shuffle: true }\n`,
      '4:34: broadcasts.lobby.shuffle: expected a playlist, or a folder, to shuffle; one that is saved says so itself, got true',
    ],
    [
      'a slate that is looped',
      `${head}broadcasts:\n  lobby: { source: slate, loop: true }\n`,
      '4:33: broadcasts.lobby.loop: expected a file, an address or a playlist to begin again, got true',
    ],
    [
      'an address of no protocol',
      `${head}broadcasts:\n  lobby: { url: "gopher://a" }\n`,
      '4:17: broadcasts.lobby.url: expected one of http, https, rtsp, rtsps, srt, udp, rtmp, rtmps, got "gopher://a"',
    ],
    [
      'renditions that there are not',
      `${head}broadcasts:\n  lobby: { file: a.mp4, renditions: 900p }\n`,
      '4:37: broadcasts.lobby.renditions: expected auto, or up to 3 of source, 1080p, 720p, 480p, 360p, 240p, each once, got "900p"',
    ],
    [
      'a schedule without a zone, and with nothing to do',
      `${head}schedules:\n  a: { room: a, cron: "0 9 * * *" }\n`,
      '4:6: schedules.a.stream: expected one of stream, take, slate, playlist, got nothing\na.yaml:4:6: schedules.a.zone: expected the time zone that it is in, such as Europe/Berlin, got nothing',
    ],
    [
      'a schedule that adds nothing',
      `${head}schedules:\n  a: { room: a, cron: "@daily", zone: UTC, playlist: { add: [] } }\n`,
      '4:61: schedules.a.playlist.add: expected something that is not empty, got a list',
    ],
    [
      'a schedule that adds what there is not',
      `${head}schedules:\n  a: { room: a, cron: "@daily", zone: UTC, playlist: { add: [{ file: a.mp4, url: "https://b" }] } }\n`,
      '4:82: schedules.a.playlist.add.0.url: expected one of source, file, url, publisher, folder, card for each item, got "https://b"',
    ],
    [
      'a schedule that does something else with a playlist',
      `${head}schedules:\n  a: { room: a, cron: "@daily", zone: UTC, playlist: shuffle }\n`,
      '4:54: schedules.a.playlist: expected next, previous, or add with items, got "shuffle"',
    ],
    [
      'a schedule that takes what there is not',
      `${head}schedules:\n  a: { room: a, cron: "@daily", zone: UTC, take: { fil: a.mp4 } }\n`,
      '4:50: schedules.a.take.source: expected one of source, file, url, publisher, card, folder, items, playlist, saved, got nothing\na.yaml:4:52: unknown key schedules.a.take.fil; did you mean file?',
    ],
    [
      'a schedule in no zone',
      `${head}schedules:\n  a: { room: a, cron: "0 9 * * *", zone: Berlin, stream: test }\n`,
      '4:42: schedules.a.zone: expected a time zone such as Europe/Berlin, got "Berlin"',
    ],
    [
      'a schedule of what is over at once, with an end',
      `${head}schedules:\n  a: { room: a, cron: "0 9 * * *", zone: UTC, playlist: next, for: 5m }\n`,
      '4:68: schedules.a.for: expected no end: only a source, or the slate, lasts, got "5m"',
    ],
  ])('is refused with %s', (_, text, expected) => {
    expect(messageOf(() => parseEventFile(text, 'a.yaml'))).toBe(`a.yaml:${expected}`);
  });

  it.each([
    [
      '{ room: a, cron: "0 9 * * 1-5", zone: Europe/Berlin, for: 1h, stream: talk.mp4, priority: 60, preflight: 5m }',
      {
        ...{ room: 'a', when: { cron: '0 9 * * 1-5', zone: 'Europe/Berlin' }, end: { forMs: 3_600_000 } },
        ...{ priority: 60, preflightMs: 300_000 },
        what: { call: 'startBroadcast', params: { source: { kind: 'file', path: '/srv/events/talk.mp4' } } },
      },
    ],
    [
      '{ room: a, at: 2026-12-01 09:00, zone: UTC, until: "17:30", take: { saved: evening } }',
      {
        ...{ when: { at: '2026-12-01 09:00', zone: 'UTC' }, end: { until: '17:30' } },
        what: { call: 'take', source: { kind: 'saved', playlist: 'evening' } },
      },
    ],
    [
      '{ room: a, every: 1h, from: 2026-12-01T09:00:00Z, slate: on, for: 30s }',
      {
        when: { everyMs: 3_600_000, fromAt: '2026-12-01T09:00:00Z' },
        what: { call: 'control', params: { command: { type: 'slate', on: true } } },
      },
    ],
    [
      '{ room: a, cron: "0 9 * * *", zone: UTC, take: programme }',
      { end: null, what: { call: 'control', params: { command: { type: 'release' } } } },
    ],
    [
      '{ room: a, cron: "0 9 * * *", zone: UTC, playlist: { add: [jingle.mp4, { source: slate, for: 5s }], at: 1 } }',
      {
        what: {
          call: 'control',
          params: {
            command: {
              ...{ type: 'add', at: 0 },
              items: [
                { source: { kind: 'file', path: '/srv/events/jingle.mp4' } },
                { source: { kind: 'slate' }, forMs: 5000 },
              ],
            },
          },
        },
      },
    ],
  ])('declares a schedule: %s', (words, expected) => {
    expect(parse(`schedules:\n  one: ${words}\n`).schedules.one).toMatchObject(expected);
  });

  it('tells where something stands in it', () => {
    const text = `${head}keys:\n  - { room: lobby, name: cam1 }\n`;
    const place = placesInYaml(text, 'a.yaml');
    expect(place(['keys', 0, 'name'])).toBe('a.yaml:4:26');
    expect(place(['keys', 0, 'hash'])).toBe('a.yaml:4:5');
  });
});

test('what is written as an event file declares the same', () => {
  const file = (path: string, more = {}) => ({ kind: 'file', path, ...more }) as const;
  const evening = {
    items: [
      { source: file('/srv/a.mp4'), title: 'A', fromMs: 1500, toMs: 90_000 },
      { source: file('/dev/video0') },
      { source: { kind: 'slate' }, forMs: 250 },
      { source: { kind: 'test', pattern: 'clock', label: 'Here' }, forMs: 5000 },
      { source: { kind: 'card', title: 'Soon', text: 'a\nb' }, forMs: 5000 },
      { source: { kind: 'folder', path: '/srv/films' } },
      {
        source: {
          kind: 'url',
          url: 'https://a.example/1',
          headers: { Referer: 'x' },
          audioTrack: 1,
          variant: 2,
        },
      },
      { source: file('/srv/b.mp4', { loop: true, audioMap: '0+1' }), forMs: 5000 },
    ],
    filler: { kind: 'slate' },
    shuffle: true,
  } as const;
  const whole = declared.parse({
    name: 'webinar',
    rooms: { lobby: { hold: '9s', fallback: [{ file: '/srv/soon.mp4' }, 'slate'] } },
    keys: [
      { room: 'lobby', name: 'cam1', hash },
      { room: 'lobby', name: 'cam2', hash: 'b'.repeat(64), expiresAt: '2026-12-31T22:00:00Z' },
    ],
    playlists: { evening, morning: { ...evening, loop: true } },
    schedules: {
      a: {
        ...{ room: 'a', when: { cron: '0 9 * * 1-5', zone: 'Europe/Berlin' }, end: { forMs: 3_600_000 } },
        what: { call: 'startBroadcast', params: { source: file('/srv/a.mp4'), name: 'A' } },
      },
      b: {
        ...{ room: 'a', when: { everyMs: 60_000, fromAt: '2026-12-01T09:00:00Z' }, onMissed: 'skip' },
        what: { call: 'control', params: { command: { type: 'take', source: { kind: 'slate' } } } },
        paused: true,
      },
      c: {
        ...{ room: 'a', when: { at: '2026-12-01 09:00', zone: 'UTC' }, end: { until: '17:30' } },
        what: { call: 'control', params: { command: { type: 'slate', on: true } } },
        paused: false,
      },
      d: {
        ...{ room: 'a', when: { everyMs: 90_500, fromAt: '2026-12-01T09:00:00Z' }, preflightMs: 0 },
        what: {
          call: 'control',
          params: { command: { type: 'add', items: [...evening.items], at: 2 } },
        },
      },
      e: {
        ...{ room: 'a', when: { cron: '@daily', zone: 'UTC' } },
        what: {
          call: 'control',
          params: { command: { type: 'add', items: [{ source: file('/srv/x') }] } },
        },
      },
    },
    broadcasts: {
      a: {
        source: file('/srv/a.mp4', { loop: true, audioTrack: 1 }),
        name: 'A talk',
        renditions: ['source', '240p'],
      },
      b: { source: { kind: 'saved', playlist: 'evening' }, renditions: 'auto' },
      c: { source: { kind: 'url', url: 'rtsp://camera/1', live: true } },
      d: {
        source: { kind: 'playlist', items: [{ source: { kind: 'folder', path: '/srv/x' } }], loop: true },
      },
      e: { source: { kind: 'playlist', items: [{ source: file('/srv/x') }], shuffle: true } },
      f: { source: { kind: 'publisher', key: 'cam1' } },
      g: { source: { kind: 'screen', region: { x: 0, y: 0, width: 16, height: 16 } } },
    },
  });
  const { keys, schedules: read, ...rest } = parseEventFile(eventText(whole), '/a/b.yaml');
  const schedules = Object.fromEntries(
    Object.entries(read).map(([name, { what, ...spec }]) => {
      const taken = what.call === 'take' && { command: { type: 'take', source: what.source } };
      return [name, { ...spec, what: taken ? { call: 'control', params: taken } : what }];
    }),
  );
  const again = declared.parse({
    ...rest,
    schedules,
    keys: keys.map(({ expires: expiresAt, ...key }) => ({ ...key, expiresAt })),
  });
  const ids = (_: string, value: unknown) => (/^i-[a-z2-7]{10}$/.test(String(value)) ? undefined : value);
  const plain = (value: unknown) => JSON.parse(JSON.stringify(value, ids));
  expect(plain(again)).toEqual(plain(whole));
});
