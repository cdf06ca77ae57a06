import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { over, stateOf } from '../ingest/processes.ts';

const helper = new URL('./end-with-tests.ts', import.meta.url).href;

/** What begins a run of tests, and leaves a process that belongs to nobody. */
const run = `
  import { spawn } from 'node:child_process';
  import { endWithTests, markOfTests } from '${helper}';
  const end = endWithTests();
  process.stdin.on('end', end).resume();
  const left = spawn('/bin/sleep', ['600'], { detached: true, stdio: 'ignore', env: markOfTests() });
  console.log(left.pid);
`;

test.each(['killed', 'over'] as const)('what tests have left is ended when they are %s', async (how) => {
  const tests = spawn(process.execPath, ['--input-type=module', '--eval', run], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [said] = await once(tests.stdout.setEncoding('utf8'), 'data');
  const left = Number(said);
  expect(await stateOf(left)).toBe('runs');
  if (how === 'killed') tests.kill('SIGKILL');
  else tests.stdin.end();
  await over(left);
  tests.kill('SIGKILL');
  await over(tests.pid ?? 0);
});
