import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const texts = globSync('dist/current/**/*.js').map((file) => readFileSync(file, 'utf8'));
const found = (sign: RegExp) =>
  new Set(texts.flatMap((text) => [...text.matchAll(sign)].map(([, what]) => what)));

test.each([
  [
    'loads the tables of Unicode, which takes longer than most commands: such a package is left in node_modules',
    /\beastAsianWidth\b|RGI_Emoji/,
  ],
  ['brings what zod says in fifty languages: its namespace is imported, not its `z`', /\bOngeldige\b/],
  ['has a character beyond ASCII, for one of which all of a file is held with two bytes each', /[^\0-\x7f]/],
  ['is had by import() without its names: such a package is left there too', /\bexport default require_/],
])('nothing in the built programs %s', (_, sign) => {
  expect(texts).not.toEqual([]);
  expect(texts.filter((text) => sign.test(text))).toEqual([]);
});

test('the built programs import what is left in node_modules, and nothing of Node, all of whose names would be read', () => {
  const names = ['#native/mediasoup-worker/locate.mjs', 'ink', 'react/jsx-runtime'];
  expect(found(/(?:^|[;}])import\b[^"'`;()]*"([^"./][^"]*)"/gm)).toEqual(new Set(names));
});

// mediasoup's worker is located by us, fluent-ffmpeg starts nothing and has no presets of ours, and no log of ours has a thread.
test('packages in the built programs ask where they lie, which they are told wrong, only for what is never used', () => {
  expect(found(/([\w.]+)=[^;=]*import\.meta\.dirname/g)).toEqual(
    new Set(['mediasoupModulePath', 'options.presets', 'toExecute', 'target']),
  );
  expect(found(/(__filename)\b/g)).toEqual(new Set());
});

test.each(['rtmp', 'guard'])(
  'the %s process has no schemas, which would be most of what it loads',
  (name) => {
    expect(readFileSync(`dist/current/ingest/${name}/main.js`, 'utf8')).not.toMatch(/\b_zod\b/);
  },
);
