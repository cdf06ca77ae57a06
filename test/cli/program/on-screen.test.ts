import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { run } from '../../../src/cli/program/run.ts';

const environment = { variables: {}, cwd: '/nowhere', uid: 1000, home: '/nowhere', hangupIgnored: false };

it.each([
  ['doctor --bundle -', 'expected the name of a file as --bundle, got -'],
  ['apply -f -', 'expected the name of a file as --file, got -'],
  ['diff -f -', 'expected the name of a file as --file, got -'],
  ['report --room lobby --html -', 'expected the name of a file as --html, got -'],
  ['stream --stdin --room lobby', 'expected another source than --stdin'],
])('%s is refused on the screen of the dashboard, where nothing is piped', async (line, words) => {
  const [stdout, stderr]: [unknown[], unknown[]] = [[], []];
  const status = await run(line.split(' '), {
    stdout: { write: (text) => void stdout.push(text) },
    stderr: { write: (text) => void stderr.push(text) },
    stdin: () => Readable.from([]),
    interrupts: () => new AbortController().signal,
    environment,
    onScreen: true,
  });
  expect({ status, stdout }).toEqual({ status: 2, stdout: [] });
  expect(stderr.join('')).toContain(`error: ${words}: in the dashboard there is no pipe`);
  expect(stderr.join('')).toContain(
    'next: Name a file here; what is piped needs a shell, in another terminal',
  );
});
