import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { asMiroliveError } from '../../src/contract/errors.ts';
import type { NewScheduleSpec } from '../../src/contract/schedule.ts';
import { loadEvent } from '../../src/files/load-event.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const folder = await temporaryFolder();
afterAll(() => folder[Symbol.asyncDispose]());
const file = join(folder.path, 'a.yaml');
const head = 'version: 1\nname: webinar\n';
const lobby = `${head}broadcasts:\n  lobby: `;
const rooms = `${head}rooms:\n`;
const german = Buffer.from(`${lobby}{ source: test, name: 'Gespräch' }\n`, 'latin1');
const utf16 = (text: string) => Buffer.from(text, 'utf16le');
const nested = (open: string, close: string, levels: number) => open.repeat(levels) + close.repeat(levels);
const bomb = [...'bcdefghi'].map((name, place) => {
  const before = `*${String.fromCharCode(name.charCodeAt(0) - 1)}`;
  return `  ${name}: &${name} [${Array(10)
    .fill(place === 0 ? '*a' : before)
    .join(', ')}]\n`;
});

async function refusal(bytes: Buffer | string): Promise<{ message: string; hint: string }> {
  await writeFile(file, bytes);
  const { message, hint } = await loadEvent(file).then(
    () => ({ message: 'nothing is wrong', hint: '' }),
    asMiroliveError,
  );
  const short = (words: string) => words.replaceAll(folder.path, '').replaceAll('/a.yaml', 'a.yaml');
  return { message: short(message), hint: short(hint) };
}

test.each<[string, Buffer | string, string]>([
  ['a room __proto__', `${rooms}  __proto__: { hold: 9s }\n`, '4:3: expected another name than __proto__'],
  [
    'a playlist __proto__',
    `${head}playlists: { __proto__: {} }\n`,
    '3:14: expected another name than __proto__',
  ],
  [
    'a broadcast __proto__',
    `${head}broadcasts: { "__proto__": test }\n`,
    '3:15: expected another name than __proto__',
  ],
  [
    'a schedule __proto__',
    `${head}schedules: { __proto__: {} }\n`,
    '3:14: expected another name than __proto__',
  ],
  ['a key __proto__', `${head}__proto__: {}\n`, '3:1: expected another name than __proto__'],
  [
    'a key constructor',
    `${head}constructor: {}\n`,
    '3:1: unknown key constructor; known here: version, name, rooms, keys, playlists, broadcasts, schedules',
  ],
  [
    'a setting toString',
    `${rooms}  lobby: { toString: 1 }\n`,
    '4:12: unknown key rooms.lobby.toString; known here: ',
  ],
  [
    'a tag of JavaScript',
    `${lobby}!!js/function "x"\n`,
    '4:24: expected a value without a tag, got tag:yaml.org,2002:js/function',
  ],
  ['a tag of its own', `${lobby}!foo { source: test }\n`, '4:15: expected a value without a tag, got !foo'],
  [
    'bytes',
    `${lobby}!!binary aGVsbG8=\n`,
    '4:19: expected a value without a tag, got tag:yaml.org,2002:binary',
  ],
  ['an alias of nothing', `${rooms}  lobby: *none\n`, '4:10: expected the anchor &none before its alias'],
  [
    'an alias of what it is in',
    `${rooms}  lobby: &a\n    slate: *a\n`,
    '5:12: expected an alias of something else than what it stands in',
  ],
  [
    'aliases of aliases',
    `${rooms}  a: &a [1, 1, 1]\n${bomb.join('')}`,
    '9:18: expected aliases that stand for at most 150000 values, of the whole file',
  ],
  [
    'what is wrong where an alias is',
    `${rooms}  a: &a\n    hold: 9x\n  b: *a\n`,
    '5:11: rooms.a.hold: expected a duration',
  ],
  [
    'an unknown key where an alias is',
    `${rooms}  a: &a\n    hld: 9s\n  b: *a\n`,
    '6:6: unknown key rooms.b.hld; did you mean hold?',
  ],
  [
    'a merge',
    `${rooms}  a: &a { hold: 9s }\n  b: { <<: *a }\n`,
    '5:8: expected the keys themselves, got a merge of them (<<)',
  ],
  [
    'a room twice',
    `${rooms}  a: { hold: 9s }\n  a: { hold: 8s }\n`,
    '5:3: expected each key once; this one is there already',
  ],
  ['tabs', `${rooms}\tlobby: {}\n`, '4:1: not YAML: Tabs are not allowed as indentation'],
  ['a room without a name', `${rooms}  : {}\n`, '4:3: a name in rooms: expected 1 to 63 of'],
  [
    'a mark of UTF-8 before it',
    `\ufeff${rooms}  lobby: { hold: 9x }\n`,
    '4:18: rooms.lobby.hold: expected a duration',
  ],
  [
    'CRLF',
    `${rooms}  lobby: { hold: 9x }\n`.replaceAll('\n', '\r\n'),
    '4:18: rooms.lobby.hold: expected a duration',
  ],
  [
    '200 levels',
    `${rooms}  lobby: ${nested('[', ']', 200)}\n`,
    '4:109: expected at most 100 levels, one within the other',
  ],
  ['10,000 levels', `${rooms}  lobby: ${nested('{a: ', '}', 10_000)}\n`, ': nested too deeply to be read'],
  ['Latin-1', german, '4:38: expected UTF-8, got the byte 0xe4, as Latin-1 has it'],
  ['UTF-16 with a mark', utf16(`\ufeff${lobby}test\n`), 'a.yaml: expected UTF-8, got UTF-16'],
  ['UTF-16 of the other order', utf16(`\ufeff${lobby}test\n`).swap16(), 'a.yaml: expected UTF-8, got UTF-16'],
  ['UTF-16 without a mark', utf16(`${lobby}test\n`), 'a.yaml: expected UTF-8, got UTF-16'],
  ['media', Buffer.from('0000001c667479706d703432', 'hex'), 'a.yaml: expected UTF-8, got no text'],
])('%s is refused, and it is said where', async (_, bytes, expected) => {
  expect((await refusal(bytes)).message).toContain(expected);
});

test('what has another encoding is refused with how to convert it', async () => {
  expect((await refusal(german)).hint).toBe('Convert it: iconv -f ISO-8859-1 -t UTF-8 a.yaml >a.yaml.utf8');
  expect((await refusal(utf16(`${lobby}test\n`).swap16())).hint).toContain('iconv -f UTF-16BE -t UTF-8');
});

test('what is far too large, or has no end, is refused before all of it is read', async () => {
  await writeFile(file, head);
  await truncate(file, 50 * 1024 * 1024);
  for (const large of [file, '/dev/zero'])
    await expect(loadEvent(large)).rejects.toThrow(`${large}: expected at most 8 MiB`);
});

test('names that JavaScript has for itself are names as others, and what stands for the same is the same', async () => {
  await writeFile(
    file,
    [
      `${rooms}  constructor: &a { hold: 9s }\n  tostring: *a`,
      'playlists:\n  constructor: { items: [{ source: slate, for: 5s }] }',
      'broadcasts:\n  constructor: { saved: constructor }',
      'schedules:\n  constructor: { room: a, at: 2099-12-01 09:00, zone: UTC, stream: { saved: constructor } }\n',
    ].join('\n'),
  );
  const { declared } = await loadEvent(file);
  expect(declared.rooms).toEqual({ constructor: { hold: '9s' }, tostring: { hold: '9s' } });
  const list = declared.playlists?.constructor;
  const schedule = new Map<string, NewScheduleSpec>(Object.entries(declared.schedules ?? {})).get(
    'constructor',
  );
  expect(schedule?.what.params).toMatchObject({
    source: { kind: 'playlist', ...list },
  });
});
