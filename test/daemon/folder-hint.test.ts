import { expect, test } from 'vitest';
import { ControlSocket } from '../../src/daemon/api/control-socket.ts';
import { createLog } from '../../src/daemon/ops/log.ts';
import { stateError } from '../../src/daemon/state/state-error.ts';
import { silentLog } from '../helpers/state.ts';
import { VirtualClock } from '../helpers/virtual-clock.ts';

const make = "Make the folder, for the daemon's user to write to: mkdir -p /dev/null/nowhere";

test('log.file in a folder that is not there says to make it', async () => {
  const options = { file: '/dev/null/nowhere/a.log', format: 'json', level: 'info' } as const;
  await expect(createLog(options, process.stderr, false)).rejects.toMatchObject({
    ...{ code: 'INVALID_CONFIG', hint: make },
  });
});

test('So does a control socket', async () => {
  const health = { lost: () => {}, found: () => {} };
  const options = { path: '/dev/null/nowhere/a.sock', log: silentLog, clock: new VirtualClock(), health };
  await expect(ControlSocket.take(options)).rejects.toMatchObject({ code: 'INVALID_CONFIG', hint: make });
});

test.each([
  ['/dev/null/nowhere', make],
  ['/dev', "Let the daemon's user write there: ls -ld /dev"],
])('So does the state, and names a folder that is there: %s', (folder, hint) => {
  const denied = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
  expect(stateError(denied, `${folder}/state.db`)).toMatchObject({ code: 'STATE_UNAVAILABLE', hint });
});
