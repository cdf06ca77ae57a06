import { PassThrough } from 'node:stream';
import { expect, test, vi } from 'vitest';
import { poster } from '../../../src/daemon/hooks/post.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

const connecting = Promise.withResolvers<PassThrough>();
vi.mock('../../../src/daemon/hooks/receiver-network.ts', () => ({
  receiverNetwork: () => ({ connect: () => connecting.promise }),
}));

test('what is connected when its time is over is closed, and nothing is sent by it', async () => {
  const clock = new VirtualClock();
  const send = poster({ allow: () => [], agent: 'mirolive/test', clock, timeoutMs: 15_000 });
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const outcome = send({ id: 'w-1', url: 'http://a/', secret }, { id: 'e-1', wallMs: 0, body: '{}' });
  await clock.pass(15_000);
  expect(await outcome).toMatchObject({ is: 'away', problem: 'nothing within 15 s' });
  const socket = new PassThrough();
  const write = vi.spyOn(socket, 'write');
  connecting.resolve(socket);
  await vi.waitFor(() => expect(socket.destroyed).toBe(true));
  expect(write).not.toHaveBeenCalled();
});
