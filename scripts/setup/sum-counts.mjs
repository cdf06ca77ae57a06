// Sums what several runs of tests have counted: `node sum-counts.mjs FILE…`, with what each of them has printed. It runs on the system's Node.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { countLine } from './count-reporter.mjs';

/** The line that says what all of these runs together have counted. A run that came to no count of its own is one that failed. */
export const sumCounts = (outputs) => {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const output of outputs) {
    const last = [...output.matchAll(/^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/gm)].at(-1);
    const [passed, failed, skipped = '0'] = last?.slice(1) ?? ['0', '1'];
    sum.passed += Number(passed);
    sum.failed += Number(failed);
    sum.skipped += Number(skipped);
  }
  return countLine(sum);
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.stdout.write(`${sumCounts(process.argv.slice(2).map((path) => readFileSync(path, 'utf8')))}\n`);
}
