import { expect, test } from 'vitest';
import { openMedia } from '../../../src/daemon/rooms/open-media.ts';
import type * as types from '../../../src/daemon/sfu/media-types.ts';
import { newOutput } from '../../../src/daemon/sfu/output.ts';

/** A router whose worker dies at one of the calls that open something on it. */
function dyingRouter(at: 'createPlainTransport' | 'connect' | 'produce'): types.Router {
  const router = { closed: false };
  const call = (name: string, gives: unknown) => async () => {
    if (name !== at) return gives;
    router.closed = true;
    throw new Error('Channel closed, cannot send request');
  };
  const transport = { connect: call('connect', null), produce: call('produce', {}), close: () => {} };
  const calls = { createPlainTransport: call('createPlainTransport', transport) };
  return Object.assign(router, calls) as unknown as types.Router;
}

test.each(['createPlainTransport', 'connect', 'produce'] as const)(
  'What cannot be opened, since its worker dies at %s, says that in words of its own',
  async (at) => {
    const opening = openMedia(dyingRouter(at), newOutput('h264', 1), 4000, () => {});
    await expect(opening).rejects.toMatchObject({ code: 'NO_WORKER', message: 'its media worker is gone' });
  },
);
