import { existsSync, readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Command, CommanderError } from 'commander';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { generatedDocs } from '../../scripts/docs.ts';
import { buildProgram } from '../../src/cli/program/program.ts';
import { event } from '../../src/contract/events.ts';
import { planReasons } from '../../src/contract/plan-reasons.ts';
import { holdsFrom } from '../../src/daemon/live-config.ts';
import { commandLines, words } from './command-lines.ts';
import { reasonsOfPlans } from './reasons.ts';

const pages: string[] = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'native/mediasoup-worker/README.md'];
for await (const page of glob('docs/**/*.md')) pages.push(page);
const read = (page: string) => readFileSync(page, 'utf8');
const program = (said: readonly string[] = []) =>
  buildProgram({ write: () => {} }, { write: () => {} }, async () => {}, said);
/** Parses a command line without running it. Help and version end the parsing too, but well. */
const understand = async (line: string) => {
  const said = words(line).slice(1);
  await (await program(said)).parseAsync(said, { from: 'user' }).catch((error: unknown) => {
    if (!(error instanceof CommanderError) || error.exitCode !== 0) throw error;
  });
};

describe('generated pages', async () => {
  test.each(Object.entries(await generatedDocs()))(
    'docs/%s is what the code says (node scripts/docs.ts)',
    (name, text) => {
      expect(read(join('docs', name))).toBe(text);
    },
  );

  test('the command line names every command and every long flag', async () => {
    const commands = (command: Command): Command[] => [command, ...command.commands.flatMap(commands)];
    const names = commands(await program()).flatMap((command) => [
      command.name(),
      ...command.options.map(({ long }) => long ?? ''),
    ]);
    const text = read('docs/command-line.md');
    expect(names.filter((name) => !text.includes(name))).toEqual([]);
  });
});

describe('links and command lines', () => {
  test.each(pages)('every link of %s leads somewhere', (page) => {
    const links = [...read(page).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link = '']) => link);
    expect(links.filter((link) => !existsSync(join(dirname(page), link)))).toEqual([]);
  });

  test('every page of docs can be reached from the README', () => {
    const reached = new Set(['README.md']);
    for (const page of reached) {
      for (const [, link = ''] of read(page).matchAll(/\]\((?!https?:)([^)#]+\.md)/g)) {
        reached.add(join(dirname(page), link));
      }
    }
    expect(pages.filter((page) => !reached.has(page))).toEqual([]);
  });

  const quoted = pages.flatMap((page) => commandLines(read(page)).map((line) => ({ page, line })));

  test.each(quoted)('$page: $line', async ({ line }) => {
    await understand(line);
  });

  test('a command line that is not understood is noticed', async () => {
    const [line = ''] = commandLines('```sh\nmirolive stream --flie talk.mp4\n```');
    await expect(understand(line)).rejects.toThrow('--flie');
  });
});

describe('tables', () => {
  test('docs/configuration.md has every key with its default', () => {
    const leaves = (value: unknown, path: string): [string, string][] => {
      if (Array.isArray(value)) return [[path, JSON.stringify(value)]];
      if (typeof value !== 'object' || value === null) return [[path, String(value)]];
      return Object.entries(value).flatMap(([key, inner]) => leaves(inner, `${path}.${key}`));
    };
    const full = Object.entries(parse(read('configs/examples/full.yaml')));
    const expected = full
      .flatMap(([section, values]) => leaves(values, section))
      .map(([key, value]) => [key.replace('rooms.lobby.', 'rooms.NAME.'), value]);
    const rows = read('docs/configuration.md').matchAll(/^\| `(\w+(?:\.\w+)+)` \| `([^`]*)` \|/gm);
    expect([...rows].map(([, key, value]) => [key, value])).toEqual(expected);
  });

  test('docs/configuration.md says of every key from when on it holds after a reload', () => {
    const rows = [
      ...read('docs/configuration.md').matchAll(/^\| `(\w+(?:\.\w+)+)` \| .* \| ([a-z ]+) \|$/gm),
    ];
    expect(rows.length).toBeGreaterThan(50);
    expect(rows.map(([, key, holds]) => [key, holds])).toEqual(
      rows.map(([, key]) => [key, holdsFrom(key ?? '')]),
    );
  });

  test('docs/control-api.md has every type of event', () => {
    const types = event.options.map((option) => option.shape.type.value);
    const rows = read('docs/control-api.md').matchAll(/^\| `(\w+\.\w+)` \|/gm);
    expect([...rows].map(([, type]) => type).sort()).toEqual([...types].sort());
  });

  test('the examples of reasons are those that plans give, code by code', () => {
    const table = Object.entries(planReasons).map(([code, { example }]) => [code, example]);
    expect(reasonsOfPlans().sort()).toEqual(table.sort());
  });
});
