import { writeSync } from 'node:fs';

/**
 * Counts the tests of a vitest run: those that passed, failed, and were skipped. A file that could not be loaded, a
 * suite whose hook failed, and an error outside any test each count as one that failed.
 */
export const countTests = (testModules, unhandledErrors) => {
  const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
  for (const testModule of testModules) {
    if (testModule.errors().length > 0) counts.failed += 1;
    for (const suite of testModule.children.allSuites()) {
      if (suite.errors().length > 0) counts.failed += 1;
    }
    for (const test of testModule.children.allTests()) {
      const { state } = test.result();
      counts[state === 'passed' || state === 'failed' ? state : 'skipped'] += 1;
    }
  }
  return counts;
};

/** `12 passed, 0 failed`, with `, 1 skipped` behind it only if there are any. */
export const countLine = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;

/** A vitest reporter that prints the counts as the very last line of the run, whatever else is printed. */
export default class CountReporter {
  // Until the run has ended in order, something failed.
  #counts = { passed: 0, failed: 1, skipped: 0 };

  onInit() {
    process.once('exit', () => writeSync(1, `${countLine(this.#counts)}\n`));
  }

  onTestRunEnd(testModules, unhandledErrors) {
    this.#counts = countTests(testModules, unhandledErrors);
  }
}
