import { expect, test } from 'vitest';
import { createOutput } from '../../../src/cli/program/output.ts';
import { oneByOne } from '../../../src/cli/program/watch.ts';

/** What is written of these, one after the other; null: the daemon is lost; 'full': who reads it has no room. */
function written(shown: readonly (number | null | 'full')[], json: boolean) {
  const said = { stdout: '', stderr: '' };
  const sink = (name: keyof typeof said) => ({
    writableNeedDrain: false,
    write(text: string) {
      said[name] += text;
    },
  });
  const stdout = sink('stdout');
  const display = oneByOne(createOutput({ stdout, stderr: sink('stderr'), json, color: false }));
  let last = 0;
  for (const one of shown) {
    stdout.writableNeedDrain = one === 'full';
    last = typeof one === 'number' ? one : last;
    display.show({ value: last, words: () => [`it is ${last}`] }, one === null ? 'nobody answers' : null);
  }
  return said;
}

test.each([
  { shown: [1, 1, 2], json: false, stdout: 'it is 1\n\nit is 2\n' },
  { shown: [1, 1, 2, 1], json: true, stdout: '1\n2\n1\n' },
  { shown: [1, 2, 'full', 'full', 3], json: true, stdout: '1\n2\n3\n' },
  { shown: [1, null, null, 1], json: true, stdout: '1\n' },
] as const)('Of $shown each change is told once, and nothing to who has no room', ({ shown, json, stdout }) =>
  expect(written(shown, json).stdout).toBe(stdout),
);

test('That the daemon is lost is said once, and that it is back', () => {
  const lost = 'warning: the daemon is lost, trying: nobody answers\n';
  expect(written([1, null, null, 1, 2], false).stderr).toBe(`${lost}the daemon is back\n`);
  expect(written([1, null, null, 1, 2], true).stderr).toBe(lost);
});
