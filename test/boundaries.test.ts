import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';

/** Who may import what, and why. A path ending in / stands for all below it. */
const rules: readonly { readonly what: string; readonly only: readonly string[]; readonly why: string }[] = [
  { what: 'mediasoup', only: ['src/daemon/'], why: 'what media runs on is the business of the daemon alone' },
  { what: 'fluent-ffmpeg', only: ['src/ingest/ffmpeg/args.ts'], why: 'it is archived: one file to replace' },
  {
    what: 'node-media-server',
    only: ['src/ingest/rtmp/bounded-session.ts'],
    why: 'what it lacks in bounds is added in one place',
  },
  { what: 'ink', only: ['src/cli/tui/'], why: 'a command that draws nothing must not load it' },
  { what: 'react', only: ['src/cli/tui/'], why: 'as ink' },
  { what: 'commander', only: ['src/cli/'], why: 'arguments are read in one place' },
  {
    what: 'fastify',
    only: ['src/daemon/api/', 'src/daemon/public-server/', 'src/daemon/viewers/', 'src/daemon/publishers/'],
    why: 'HTTP ends at the servers',
  },
  { what: 'src/daemon/', only: ['src/daemon/'], why: 'others speak to the daemon by its API' },
  { what: 'src/ingest/', only: ['src/ingest/', 'src/daemon/'], why: 'only the daemon puts sources on air' },
  { what: 'src/cli/', only: ['src/cli/'], why: 'nothing stands on the command line' },
  { what: 'src/web-viewer/', only: ['src/web-viewer/'], why: 'nothing stands on the page' },
];

const imports = new Map<string, { name: string; typeOnly: boolean }[]>();
for await (const file of glob('src/**/*.{ts,tsx}')) imports.set(file, importsOf(file));

test.each(rules)('$what is imported only by $only', ({ what, only }) => {
  const offenders = [...imports]
    .filter(
      ([file, list]) =>
        list.some(({ name }) => matches(name, what)) && !only.some((place) => matches(file, place)),
    )
    .map(([file]) => file);
  expect(offenders).toEqual([]);
});

test('ingest imports nothing of the project but itself and the contract: it knows no rooms and no viewers', () => {
  expect(foreign('src/ingest/', ['src/ingest/', 'src/contract/'])).toEqual([]);
});

test('contract imports nothing of the project: everybody imports it', () => {
  expect(foreign('src/contract/', ['src/contract/'])).toEqual([]);
});

test('cli imports nothing of the project but itself and the contract', () => {
  expect(foreign('src/cli/', ['src/cli/', 'src/contract/'])).toEqual([]);
});

test('the page takes only types of the contract: schemas would make it larger', () => {
  expect(foreign('src/web-viewer/', ['src/web-viewer/'], { types: false })).toEqual([]);
});

test('only main.ts ends the process or takes signals: whoever embeds a part keeps control', () => {
  const offenders = [...imports.keys()].filter(
    (file) => !file.endsWith('/main.ts') && /process\.exit\(|process\.on\(/.test(readFileSync(file, 'utf8')),
  );
  expect(offenders).toEqual([]);
});

function foreign(folder: string, allowed: readonly string[], { types = true } = {}): string[] {
  return [...imports]
    .filter(([file]) => file.startsWith(folder))
    .flatMap(([file, list]) =>
      list
        .filter(({ name, typeOnly }) => name.startsWith('src/') && (types || !typeOnly))
        .filter(({ name }) => !allowed.some((place) => name.startsWith(place)))
        .map(({ name }) => `${file} imports ${name}`),
    );
}

function importsOf(file: string): { name: string; typeOnly: boolean }[] {
  const statements = readFileSync(file, 'utf8').matchAll(
    /^(?:import|export)\s+(type\s)?[^;]*?from\s+'([^']+)'/gm,
  );
  return [...statements].map(([, type, name = '']) => ({
    name: name.startsWith('.') ? normalize(join(dirname(file), name)) : name,
    typeOnly: type !== undefined,
  }));
}

function matches(name: string, rule: string): boolean {
  if (rule.endsWith('/')) return name.startsWith(rule);
  return name === rule || name.startsWith(`${rule}/`);
}
