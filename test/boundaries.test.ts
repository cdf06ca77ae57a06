import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { circlesIn, importsOf, readModules } from './helpers/modules.ts';

/** Who may have what, and why. A path ending in / stands for all below it. */
interface Rule {
  readonly what: string;
  readonly only: readonly string[];
  readonly why: string;
}

/** Whom a package or a folder may be imported by. */
const walls: readonly Rule[] = [
  {
    what: 'mediasoup',
    only: ['src/daemon/sfu/'],
    why: 'how media is routed, and on which worker, is known in one place',
  },
  {
    what: 'koffi',
    only: ['src/daemon/c-library.ts'],
    why: 'a machine that cannot load it loses only what needs it, and is told once',
  },
  { what: 'fluent-ffmpeg', only: ['src/ingest/ffmpeg/args.ts'], why: 'it is archived: one file to replace' },
  {
    what: 'node-media-server',
    only: ['src/ingest/rtmp/bounded-session.ts'],
    why: 'what it lacks in bounds is added in one place',
  },
  {
    what: 'croner',
    only: ['src/contract/schedule/cron.ts'],
    why: 'what it makes of clocks that jump is known in one place',
  },
  {
    what: '@peculiar/x509',
    only: ['src/daemon/api/remote/make-certificate.ts'],
    why: 'it is loaded once in the life of a daemon, and reads nothing that others send',
  },
  {
    what: 'modern-tar',
    only: ['src/cli/bundle/write-bundle.ts'],
    why: 'only who packs a bundle loads it',
  },
  {
    what: 'prom-client',
    only: ['src/daemon/metrics/registry.ts'],
    why: 'it is loaded where numbers are asked for, and what it shares with the whole process is not used',
  },
  { what: 'ink', only: ['src/cli/tui/'], why: 'a command that draws nothing must not load it' },
  { what: 'react', only: ['src/cli/tui/'], why: 'as ink' },
  { what: 'commander', only: ['src/cli/'], why: 'arguments are read in one place' },
  {
    what: 'fastify',
    only: ['src/daemon/api/', 'src/daemon/public-server/', 'src/daemon/viewers/', 'src/daemon/publishers/'],
    why: 'HTTP ends at the servers',
  },
  {
    what: '@fastify/websocket',
    only: ['src/daemon/public-server/'],
    why: 'whoever changes the protocol of a connection has to count it',
  },
  {
    what: 'node:fs',
    only: ['src/files/', 'src/daemon/', 'src/ingest/', 'src/cli/'],
    why: 'the contract is what all agree on, whoever they are, and touches no files',
  },
  { what: 'src/daemon/', only: ['src/daemon/'], why: 'others speak to the daemon by its API' },
  { what: 'src/ingest/', only: ['src/ingest/', 'src/daemon/'], why: 'only the daemon puts sources on air' },
  {
    what: 'src/files/',
    only: ['src/files/', 'src/daemon/', 'src/cli/'],
    why: 'it is what daemon and command line read and make alike',
  },
  { what: 'src/cli/', only: ['src/cli/'], why: 'nothing stands on the command line' },
  { what: 'src/web-viewer/', only: ['src/web-viewer/'], why: 'nothing stands on the page' },
];

/** What a folder may import of the project. */
const reaches: readonly (Rule & { readonly types?: boolean })[] = [
  { what: 'src/contract/', only: ['src/contract/'], why: 'everybody imports it' },
  { what: 'src/files/', only: ['src/files/', 'src/contract/'], why: 'it is below daemon and command line' },
  {
    what: 'src/ingest/',
    only: ['src/ingest/', 'src/contract/'],
    why: 'it knows no rooms and no viewers',
  },
  {
    what: 'src/cli/',
    only: ['src/cli/', 'src/files/', 'src/contract/'],
    why: 'it has the daemon by its API only',
  },
  {
    what: 'src/web-viewer/',
    only: ['src/web-viewer/'],
    types: false,
    why: 'it takes only types of the contract: schemas would make it larger',
  },
];

/** What may be written where, beside imports. */
const words: readonly (Rule & { readonly pattern: RegExp })[] = [
  {
    what: 'the end of the process, and its signals',
    pattern: /\bprocess\.(?:exit|abort|on|once|addListener)\(/,
    only: [
      ...['src/daemon/main.ts', 'src/cli/main.ts'],
      // It stands for the daemon that it starts, and passes its signals on.
      'src/cli/daemon-process/supervise.ts',
      // All that ends a process which the daemon has started.
      'src/ingest/child/run-child.ts',
    ],
    why: 'whoever embeds a part keeps control',
  },
  {
    what: 'the environment',
    pattern: /\bprocess\.env\b/,
    only: [
      ...['src/daemon/main.ts', 'src/cli/program/environment.ts'],
      // They hand on what programs need, or read the one word that is added.
      ...['src/ingest/child/watched-child.ts', 'src/ingest/child/run-child.ts'],
      'src/daemon/sfu/media-worker.ts',
    ],
    why: 'all that configures a part is handed to it',
  },
  {
    what: "the machine's clock, timers and chance",
    pattern:
      /\b(?:Date\.now|performance\.now|Math\.random)\b|(?<!\.)\b(?:setTimeout|setInterval)\b|\bnew Date\(\)|'node:timers/,
    only: [
      // The clock itself, and the chance that a back-off has where none is given.
      ...['src/contract/clock.ts', 'src/contract/back-off.ts'],
      // They run beside one person, who has one clock.
      ...['src/cli/', 'src/web-viewer/'],
    ],
    why: 'what decides is told the time and its randomness, so that a simulation can run a week of it in a second',
  },
];

const modules = await readModules();
const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));

test.each(walls)('$what is imported only by $only: $why', ({ what, only }) => {
  const importers = filesWhere(({ imports }) => imports.some(({ name }) => isIn(name, what)));
  expect([...modules.keys(), ...Object.keys(dependencies), 'node:fs']).toContainEqual(
    expect.toSatisfy((name: string) => isIn(name, what)),
  );
  expect(outside(importers, only)).toEqual([]);
});

test.each(reaches)('$what imports of the project only $only: $why', ({ what, only, types = true }) => {
  const files = [...modules].filter(([file]) => isIn(file, what));
  expect(files).not.toEqual([]);
  const offences = files.flatMap(([file, { imports }]) =>
    imports
      .filter(({ name, typeOnly }) => name.startsWith('src/') && (types || !typeOnly))
      .filter(({ name }) => !only.some((place) => isIn(name, place)))
      .map(({ name }) => `${file} imports ${name}`),
  );
  expect(offences).toEqual([]);
});

test.each(words)('$what: $why', ({ pattern, only }) => {
  const files = filesWhere(({ code }) => pattern.test(code));
  expect(files).not.toEqual([]);
  expect(outside(files, only)).toEqual([]);
});

test('no modules import each other in a circle, not by a type either: each can be read after those below it', () => {
  const edges = new Map([...modules].map(([file, { imports }]) => [file, imports.map(({ name }) => name)]));
  expect(circlesIn(edges)).toEqual([]);
});

test('every module of the project that is imported is there', () => {
  const missing = [...modules].flatMap(([file, { imports }]) =>
    imports
      .filter(({ name }) => name.startsWith('src/') && !existsSync(name))
      .map(({ name }) => `${file} imports ${name}`),
  );
  expect(missing).toEqual([]);
});

test.each([
  ["import { a } from './a.ts';", 'src/a.ts', false],
  ["import type { A } from './a.ts';", 'src/a.ts', true],
  ["import a, {\n  type A,\n} from '../b/a.ts';", 'b/a.ts', false],
  ["export { a } from './a.ts';", 'src/a.ts', false],
  ["export type * from './a.ts';", 'src/a.ts', true],
  ["import './a.ts';", 'src/a.ts', false],
  ["const a = async () => (await import('./a.ts')).a;", 'src/a.ts', false],
  ["type A = import('./a.ts').A;", 'src/a.ts', false],
  ["import * as mediasoup from 'mediasoup';", 'mediasoup', false],
])('An import is seen in: %j', (code, name, typeOnly) => {
  expect(importsOf(code, 'src/file.ts')).toEqual([{ name, typeOnly }]);
});

test.each([
  { name: 'two of each other', edges: { a: ['b'], b: ['a'] }, circles: [['a', 'b']] },
  { name: 'three in a row', edges: { a: ['b'], b: ['c'], c: [] }, circles: [] },
  { name: 'a module of itself', edges: { a: ['a'] }, circles: [['a']] },
  {
    name: 'a circle behind another one',
    edges: { a: ['b', 'd'], b: ['c'], c: ['b'], d: ['e'], e: ['a'] },
    circles: [
      ['b', 'c'],
      ['a', 'd', 'e'],
    ],
  },
])('Circles are found in: $name', ({ edges, circles }) => {
  expect(circlesIn(new Map(Object.entries(edges)))).toEqual(circles);
});

function filesWhere(holds: (module: { code: string; imports: readonly { name: string }[] }) => boolean) {
  return [...modules].filter(([, module]) => holds(module)).map(([file]) => file);
}

function outside(files: readonly string[], places: readonly string[]): string[] {
  return files.filter((file) => !places.some((place) => isIn(file, place)));
}

/** Whether a file is in a folder, or a module of a package. */
function isIn(name: string, place: string): boolean {
  return place.endsWith('/') ? name.startsWith(place) : name === place || name.startsWith(`${place}/`);
}
