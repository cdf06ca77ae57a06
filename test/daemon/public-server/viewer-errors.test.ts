import { expect, test } from 'vitest';
import { MiroliveError } from '../../../src/contract/errors.ts';
import { toldOf } from '../../../src/daemon/public-server/viewer-errors.ts';

test.each([
  {
    name: 'a full room is no fault, and says all of itself',
    thrown: new MiroliveError('ROOM_FULL', 'lobby is full'),
    told: { status: 503, isFault: false, error: { code: 'ROOM_FULL', message: 'lobby is full' } },
  },
  {
    name: 'what the client does wrong is told as it is',
    thrown: new MiroliveError('VIEWER_BANNED', 'banned'),
    told: { isFault: false, error: { code: 'VIEWER_BANNED', message: 'banned' } },
  },
  {
    name: 'what Fastify refuses is the client’s',
    thrown: Object.assign(new Error('too large'), { statusCode: 413 }),
    told: { status: 413, isFault: false, error: { code: 'INVALID_REQUEST', message: 'too large' } },
  },
  {
    name: 'a fault of ours says nothing of files',
    thrown: new Error('no /etc/secret'),
    told: {
      status: 500,
      isFault: true,
      error: { message: expect.not.stringContaining('/etc/secret'), hint: 'Ask who runs this server' },
    },
  },
])('toldOf: $name', ({ thrown, told }) => {
  expect(toldOf(thrown)).toMatchObject(told);
});
