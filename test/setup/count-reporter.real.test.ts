import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
let folder: string;

// Inside the checkout, where the test files find vitest.
beforeEach(() => {
  folder = mkdtempSync(join(root, 'node_modules', '.count-reporter-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const runVitest = (content: string) => {
  writeFileSync(join(folder, 'sample.test.ts'), content);
  writeFileSync(join(folder, 'vitest.config.ts'), 'export default { test: { exclude: [] } };');
  const reporter = join(root, 'scripts/setup/count-reporter.mjs');
  const args = [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--reporter=default',
    `--reporter=${reporter}`,
  ];
  return new Promise<{ code: number; lastLine: string | undefined }>((done) => {
    const child = execFile(process.execPath, args, { cwd: folder }, (_error, stdout) => {
      done({ code: child.exitCode ?? -1, lastLine: stdout.trimEnd().split('\n').at(-1) });
    });
  });
};

test.each([
  {
    name: 'tests that pass',
    content: "test('a', () => {}); test('b', () => {});",
    code: 0,
    line: '2 passed, 0 failed',
  },
  {
    name: 'tests that fail and are skipped',
    content: "test('a', () => {}); test('b', () => { throw new Error('x'); }); test.skip('c', () => {});",
    code: 1,
    line: '1 passed, 1 failed, 1 skipped',
  },
  {
    name: 'a file that cannot be loaded',
    content: "throw new Error('x');",
    code: 1,
    line: '0 passed, 1 failed',
  },
  {
    name: 'a suite whose hook fails',
    content: "describe('d', () => { beforeAll(() => { throw new Error('x'); }); test('a', () => {}); });",
    code: 1,
    line: '0 passed, 1 failed, 1 skipped',
  },
  {
    name: 'an error outside any test',
    content: "test('a', async () => { void Promise.reject(new Error('x')); });",
    code: 1,
    line: '1 passed, 1 failed',
  },
])('CountReporter ends the output with the counts: $name', async ({ content, code, line }) => {
  const imports = "import { beforeAll, describe, test } from 'vitest';\n";
  expect(await runVitest(imports + content)).toEqual({ code, lastLine: line });
});
