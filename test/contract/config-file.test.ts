import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { config, roomConfig } from '../../src/contract/config.ts';
import { parseConfig } from '../../src/contract/config-file.ts';
import { loadConfig } from '../../src/files/load-config.ts';

const examples = new URL('../../configs/examples/', import.meta.url);
const defaults = config.parse({});

describe('parseConfig', () => {
  const wrong: { name: string; text: string; expected: string }[] = [
    {
      name: 'an unknown key near a known one',
      text: 'http:\n  prot: 80\n',
      expected: 'm.yaml:2:3: unknown key http.prot; did you mean port?',
    },
    {
      name: 'a known key in no section',
      text: 'publicUrl: https://a.example\n',
      expected: 'm.yaml:1:1: unknown key publicUrl; did you mean http.publicUrl?',
    },
    {
      name: 'an unknown key near none',
      text: 'log:\n  colour: red\n',
      expected: 'm.yaml:2:3: unknown key log.colour; known here: level, format, file',
    },
    {
      name: 'an unknown section',
      text: 'colour: red\n',
      expected:
        'm.yaml:1:1: unknown key colour; known here: control, http, rtmp, webrtc, workers, ingest, media, plan, source, audio, content, sources, rooms, hooks, webhooks, state, history, privacy, metrics, limits, log',
    },
    {
      name: 'text for a number',
      text: 'http:\n  port: eighty\n',
      expected: 'm.yaml:2:9: http.port: expected a number, got "eighty"',
    },
    {
      name: 'a fraction for a whole number',
      text: 'workers: { count: 1.5 }\n',
      expected: 'm.yaml:1:19: workers.count: expected a whole number, got 1.5',
    },
    {
      name: 'a number for text',
      text: 'media:\n  ffmpeg: 5\n',
      expected: 'm.yaml:2:11: media.ffmpeg: expected text, got 5',
    },
    {
      name: 'empty text',
      text: 'media:\n  ffmpeg: ""\n',
      expected: 'm.yaml:2:11: media.ffmpeg: expected something that is not empty, got empty text',
    },
    {
      name: 'a number too large',
      text: 'webrtc:\n  port: 70000\n',
      expected: 'm.yaml:2:9: webrtc.port: expected at most 65535, got 70000',
    },
    {
      name: 'a number too small',
      text: 'limits:\n  viewers: 0\n',
      expected: 'm.yaml:2:12: limits.viewers: expected at least 1, got 0',
    },
    {
      name: 'a duration without a unit',
      text: 'source:\n  stallTimeout: 3\n',
      expected: 'm.yaml:2:17: source.stallTimeout: expected a duration such as 250ms, 3s, 10m or 8h, got 3',
    },
    {
      name: 'a rendition that there is not',
      text: 'plan:\n  renditions: source,300p\n',
      expected:
        'm.yaml:2:15: plan.renditions: expected auto, or up to 3 of source, 1080p, 720p, 480p, 360p, 240p, each once, got "source,300p"',
    },
    {
      name: 'a bit rate without a unit',
      text: 'plan:\n  maxBitrate: "600"\n',
      expected: 'm.yaml:2:15: plan.maxBitrate: expected a bit rate such as 800k or 2.5M, got "600"',
    },
    {
      name: 'none of the choices',
      text: 'log:\n  level: loud\n',
      expected: 'm.yaml:2:10: log.level: expected one of error, warn, info, debug, got "loud"',
    },
    {
      name: 'a poster that is neither a word nor a path',
      text: 'rooms:\n  lobby:\n    poster: lobby.png\n',
      expected:
        'm.yaml:3:13: rooms.lobby.poster: expected auto, off, or the absolute path of an image, got "lobby.png"',
    },
    {
      name: 'nothing where something is needed',
      text: 'log:\n  level:\n',
      expected: 'm.yaml:2:9: log.level: expected one of error, warn, info, debug, got nothing',
    },
    {
      name: 'an address of another protocol',
      text: 'http:\n  publicUrl: ftp://a.example\n',
      expected:
        'm.yaml:2:14: http.publicUrl: expected an address that begins with http:// or https://, got "ftp://a.example"',
    },
    {
      name: 'one TCP port twice',
      text: 'http:\n  port: 1935\nwebrtc:\n  port: 1935\n',
      expected: [
        'm.yaml:1:1: rtmp.port: expected another TCP port than 1935, which http.port has, got nothing',
        'm.yaml:4:9: webrtc.port: expected another TCP port than 1935, which http.port has, got 1935',
      ].join('\n'),
    },
    {
      name: 'a certificate of the page without its key',
      text: 'http:\n  tls: { port: 8443, cert: /a.pem }\n',
      expected: 'm.yaml:2:8: http.tls.key: expected an absolute path, for HTTPS, got nothing',
    },
    {
      name: 'a port of HTTPS that the page has',
      text: 'http:\n  tls: { port: 8080, cert: /a.pem, key: /b.pem }\n',
      expected:
        'm.yaml:2:16: http.tls.port: expected another TCP port than 8080, which http.port has, got 8080',
    },
    {
      name: 'a certificate without a port',
      text: 'rtmp:\n  tls: { cert: /a.pem, key: /b.pem }\n',
      expected:
        'm.yaml:2:8: rtmp.tls.port: expected a port, such as 1936, for RTMPS with this certificate, got nothing',
    },
    {
      name: 'a certificate of the control API without its key',
      text: 'control:\n  tls: { port: 9443, cert: /a.pem }\n',
      expected:
        'm.yaml:2:8: control.tls.key: expected an absolute path, as the other of the two has one, got nothing',
    },
    {
      name: 'the port of the page for the control API too',
      text: 'control:\n  tls: { port: 8080 }\n',
      expected:
        'm.yaml:2:16: control.tls.port: expected another TCP port than 8080, which http.port has, got 8080',
    },
    {
      name: 'a name for an address in a list',
      text: 'webrtc:\n  listen:\n    - 127.0.0.1\n    - eth0\n',
      expected: 'm.yaml:4:7: webrtc.listen.1: expected an IPv4 address or an IPv6 address, got "eth0"',
    },
    {
      name: 'a relative folder',
      text: 'media:\n  roots: [talks]\n',
      expected: 'm.yaml:2:11: media.roots.0: expected an absolute path, got "talks"',
    },
    {
      name: 'text for a list',
      text: 'media:\n  roots: /srv\n',
      expected: 'm.yaml:2:10: media.roots: expected a list, got "/srv"',
    },
    {
      name: 'a value for a section',
      text: 'log: loud\n',
      expected: 'm.yaml:1:6: log: expected keys with values, got "loud"',
    },
    {
      name: 'a list for the file',
      text: '- log\n',
      expected: 'm.yaml:1:1: the file: expected keys with values, got a list',
    },
    {
      name: 'a section twice',
      text: 'log: {}\nlog: {}\n',
      expected: 'm.yaml:2:1: expected each key once; this one is there already',
    },
    {
      name: 'a second document',
      text: 'log: {}\n---\nhttp: {}\n',
      expected: 'm.yaml:2:1: a second document begins here; expected one',
    },
    {
      name: 'an alias without its anchor',
      text: 'log: *missing\n',
      expected: 'm.yaml:1:6: expected the anchor &missing before its alias',
    },
    {
      name: 'an unknown key of a room',
      text: 'rooms:\n  lobby:\n    onPublsh: live\n',
      expected: 'm.yaml:3:5: unknown key rooms.lobby.onPublsh; did you mean onPublish?',
    },
    {
      name: "a room's key in no room",
      text: 'alwaysOn: true\n',
      expected: 'm.yaml:1:1: unknown key alwaysOn; did you mean rooms.NAME.alwaysOn?',
    },
    {
      name: "a key of a room's slate in no slate",
      text: 'rooms:\n  lobby:\n    text: Hello\n',
      expected: 'm.yaml:3:5: unknown key rooms.lobby.text; did you mean rooms.NAME.slate.text?',
    },
    {
      name: 'a room whose name is none',
      text: 'rooms:\n  hall: {}\n  Main Hall: {}\n',
      expected:
        'm.yaml:3:3: a name in rooms: expected 1 to 63 of a-z, 0-9 and -, not starting with - (such as lobby), got "Main Hall"',
    },
    {
      name: 'a list of rooms',
      text: 'rooms: [lobby]\n',
      expected: 'm.yaml:1:8: rooms: expected names with values, got a list',
    },
    {
      name: 'an image without its path',
      text: 'rooms:\n  lobby:\n    slate: { kind: image }\n',
      expected: 'm.yaml:3:12: rooms.lobby.slate.path: expected the absolute path of the image, got nothing',
    },
    {
      name: 'a fallback of two kinds',
      text: 'rooms:\n  lobby:\n    fallback:\n      - file: /a.mp4\n        url: https://a.example/a.mp4\n',
      expected:
        'm.yaml:4:9: rooms.lobby.fallback.0: expected slate, or one of publisher, file, url and playlist with its value, got keys with values',
    },
    {
      name: 'headers for a fallback that is no address',
      text: 'rooms:\n  lobby:\n    fallback:\n      - file: /a.mp4\n        headers: { X-Y: s3cret }\n',
      expected:
        'm.yaml:4:9: rooms.lobby.fallback.0: expected slate, or one of publisher, file, url and playlist with its value, got keys with values',
    },
    {
      name: 'a fallback that is a word',
      text: 'rooms:\n  lobby:\n    fallback: [slate, slat]\n',
      expected:
        'm.yaml:3:23: rooms.lobby.fallback.1: expected slate, or one of publisher, file, url and playlist with its value, got "slat"',
    },
    {
      name: 'an unknown key of a fallback',
      text: 'rooms:\n  lobby:\n    fallback: [{ publsher: cam1 }]\n',
      expected: 'm.yaml:3:18: unknown key rooms.lobby.fallback.0.publsher; did you mean publisher?',
    },
    {
      name: 'a relative file as fallback',
      text: 'rooms:\n  lobby:\n    fallback: [{ file: a.mp4 }]\n',
      expected: 'm.yaml:3:24: rooms.lobby.fallback.0.file: expected an absolute path, got "a.mp4"',
    },
    {
      name: 'RTMPS without a certificate',
      text: 'rtmp:\n  tls: { port: 1936, key: /etc/key.pem }\n',
      expected: 'm.yaml:2:8: rtmp.tls.cert: expected an absolute path, for RTMPS, got nothing',
    },
    {
      name: 'several problems, in the order of the file',
      text: 'log: { level: loud }\nhttp:\n  port: x\n  hots: y\n',
      expected: [
        'm.yaml:1:15: log.level: expected one of error, warn, info, debug, got "loud"',
        'm.yaml:3:9: http.port: expected a number, got "x"',
        'm.yaml:4:3: unknown key http.hots; did you mean host?',
      ].join('\n'),
    },
  ];
  it.each(wrong)('names $name', ({ text, expected }) => {
    expect(() => parseConfig(text, 'm.yaml')).toThrow(
      expect.objectContaining({
        code: 'INVALID_CONFIG',
        message: expected,
        hint: 'Mend the line that is named, then run: mirolive config check m.yaml',
      }),
    );
  });

  it.each(['', '# nothing\n', 'log:\n', 'log:\n  # level: debug\n', 'rooms:\n', 'rtmp:\n  tls:\n', '{}'])(
    'takes %j for the defaults',
    (text) => {
      expect(parseConfig(text, 'm.yaml')).toEqual(defaults);
    },
  );

  it('parses durations to milliseconds and bit rates to bits per second', () => {
    const text = 'plan: { maxKeyframeInterval: 1.5s, maxBitrate: 800k, renditions: "source, 240p" }';
    const { plan } = parseConfig(text, 'm.yaml');
    expect(plan).toEqual({
      maxKeyframeInterval: 1500,
      encoder: 'auto',
      compatible: 'auto',
      maxBitrate: 800_000,
      renditions: ['source', '240p'],
    });
  });
});

describe('rooms', () => {
  it('have the defaults where nothing is set, under a bare name too', () => {
    const parsed = parseConfig('rooms:\n  hall:\n  2024: { slate: }\n', 'm.yaml');
    expect(parsed.rooms.hall).toEqual(roomConfig(defaults, 'hall'));
    expect(parsed.rooms['2024']).toEqual(roomConfig(parsed, 'lobby'));
    expect(roomConfig(parsed, 'constructor')).toEqual(roomConfig(parsed, 'lobby'));
  });

  it('name their fallbacks by kind', () => {
    const fallback = '[publisher: cam2, file: /a.mp4, url: rtsp://c.example/1, playlist: /p.yaml, slate]';
    const parsed = parseConfig(`rooms: { lobby: { fallback: ${fallback}, hold: 2s } }`, 'm.yaml');
    expect(roomConfig(parsed, 'lobby')).toMatchObject({
      hold: 2000,
      reconnectGrace: 60_000,
      fallback: [
        { kind: 'publisher', key: 'cam2' },
        { kind: 'file', path: '/a.mp4' },
        { kind: 'url', url: 'rtsp://c.example/1' },
        { kind: 'playlist', path: '/p.yaml' },
        { kind: 'slate' },
      ],
    });
  });
});

describe('loadConfig', () => {
  it('gives the built-in defaults where there is no file', async () => {
    expect(await loadConfig(null)).toEqual(defaults);
  });

  it('says which file is missing', async () => {
    await expect(loadConfig('/nowhere/m.yaml')).rejects.toMatchObject({
      code: 'INVALID_CONFIG',
      message: "cannot read the configuration: ENOENT: no such file or directory, open '/nowhere/m.yaml'",
      hint: 'Check that the file is there and may be read: ls -l /nowhere/m.yaml',
    });
  });
});

describe('configs/examples', () => {
  it('event.yaml has a second encoder and a playlist to fall back to', async () => {
    const parsed = await loadConfig(new URL('event.yaml', examples).pathname);
    expect(roomConfig(parsed, 'stage').fallback.map(({ kind }) => kind)).toEqual(['publisher', 'playlist']);
    expect(roomConfig(parsed, 'rehearsal').onPublish).toBe('standby');
  });

  it('always-on.yaml keeps its room on air', async () => {
    const parsed = await loadConfig(new URL('always-on.yaml', examples).pathname);
    expect(roomConfig(parsed, 'channel')).toMatchObject({ alwaysOn: true, hold: 0, slate: { kind: 'clip' } });
  });

  it('minimal.yaml is valid', async () => {
    const parsed = await loadConfig(new URL('minimal.yaml', examples).pathname);
    expect(parsed.media.roots).toEqual(['/srv/media']);
  });

  const defaultsWithLobby = { ...defaults, rooms: { lobby: roomConfig(defaults, 'lobby') } };
  const keysOf = (value: unknown, path = ''): string[] =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(value).flatMap(([key, inner]) => [`${path}${key}`, ...keysOf(inner, `${path}${key}.`)])
      : [];

  it('full.yaml equals the defaults', async () => {
    expect(await loadConfig(new URL('full.yaml', examples).pathname)).toEqual(defaultsWithLobby);
  });

  it('full.yaml has every key, in the order of the schema, each under a comment', async () => {
    const text = await readFile(new URL('full.yaml', examples), 'utf8');
    expect(keysOf(parse(text))).toEqual(keysOf(defaultsWithLobby));
    const lines = text.split('\n');
    for (const [index, line] of lines.entries()) {
      if (/^ *\w+:/.test(line)) expect(lines[index - 1], `above: ${line}`).toMatch(/^ *# /);
    }
  });
});
