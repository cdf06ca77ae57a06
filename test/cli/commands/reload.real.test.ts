import { expect, test } from 'vitest';
import { MiroliveError } from '../../../src/contract/errors.ts';
import { openDesk } from '../desk.ts';
import { inProcess } from '../mirolive.ts';

test('mirolive reload says which keys hold, and which need a restart', async () => {
  await using desk = await openDesk({
    reload: () => [
      { key: 'log.level', holds: 'now' },
      { key: 'rtmp.port', holds: 'restart' },
    ],
  });
  const { stdout, exitCode } = await inProcess(['reload', '--socket', desk.socket]);
  expect(stdout.split('\n').slice(0, 3)).toEqual([
    'KEY        HOLDS',
    'log.level  from now on',
    'rtmp.port  needs a restart of the daemon',
  ]);
  expect(exitCode).toBe(0);
});

test('mirolive reload says that nothing has changed', async () => {
  await using desk = await openDesk({ reload: () => [] });
  const { stdout } = await inProcess(['reload', '--socket', desk.socket]);
  expect(stdout.split('\n')).toEqual([
    'Nothing has changed in the configuration: what stands there holds already.',
    'Certificates are read again too: what is wrong with one stands in mirolive status.',
  ]);
});

test('mirolive reload fails where the file is wrong', async () => {
  const wrong = () => {
    throw new MiroliveError('INVALID_CONFIG', 'a.yaml:1:1: unknown key htp; did you mean http?');
  };
  await using desk = await openDesk({ reload: wrong });
  const { stderr, exitCode } = await inProcess(['reload', '--socket', desk.socket]);
  expect(stderr).toContain('a.yaml:1:1: unknown key htp; did you mean http?');
  expect(exitCode).toBe(2);
});
