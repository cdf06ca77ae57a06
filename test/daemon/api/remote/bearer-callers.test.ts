import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { MiroliveError } from '../../../../src/contract/errors.ts';
import { bearerCallers } from '../../../../src/daemon/api/remote/bearer-callers.ts';
import { silentLog } from '../../../helpers/state.ts';
import { VirtualClock } from '../../../helpers/virtual-clock.ts';

test('a stranger hears that tokens cannot be read, and not where they are', () => {
  const find = () => {
    throw new MiroliveError('STATE_UNAVAILABLE', '/var/secret/state.db: database is locked');
  };
  const callerOf = bearerCallers({ find, clock: new VirtualClock(), log: silentLog });
  const headers = { authorization: 'Bearer x' };
  const request = { socket: { remoteAddress: '192.0.2.1' }, headers } as unknown as IncomingMessage;
  expect(() => callerOf(request)).toThrow(
    expect.objectContaining({ code: 'STATE_UNAVAILABLE', message: 'the tokens cannot be read for now' }),
  );
});
