import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openSoftwareLine } from './software-line.ts';

const module = (name: string) => new URL(name, import.meta.url).href;

/** What begins a run of tests, and opens a line in it. */
const run = `
  import { endWithTests } from '${module('./end-with-tests.ts')}';
  import { openSoftwareLine } from '${module('./software-line.ts')}';
  endWithTests();
  const { name } = await openSoftwareLine('/bin/true');
  console.log(name);
`;

test('a line takes its network namespace with it, when the tests are killed too', async ({ skip }) => {
  const line = await openSoftwareLine('/bin/true');
  if (typeof line === 'string') return skip(line);
  const placeOf = (name: string) => `/run/netns/${name}`;
  expect(existsSync(placeOf(line.name))).toBe(true);
  await line[Symbol.asyncDispose]();
  expect(existsSync(placeOf(line.name))).toBe(false);
  const tests = spawn(process.execPath, ['--input-type=module', '--eval', run], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = await once(tests.stdout.setEncoding('utf8'), 'data');
  const place = placeOf(String(said).trim());
  expect(existsSync(place)).toBe(true);
  tests.kill('SIGKILL');
  await expect.poll(() => existsSync(place)).toBe(false);
});
