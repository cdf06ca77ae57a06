import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { MiroliveError } from '../../../src/contract/errors.ts';
import { startDaemon } from '../../helpers/daemon.ts';

test('The hint of a port for media that is taken shows who holds it, though that only sends', async () => {
  const holder = createSocket('udp4');
  holder.connect(9, '127.0.0.1');
  await once(holder, 'connect');
  const { port } = holder.address();
  try {
    const error = await startDaemon({ webrtc: { port } }).then(
      () => expect.unreachable(),
      (reason: unknown) => reason as MiroliveError,
    );
    expect(error).toBeInstanceOf(MiroliveError);
    expect(error.code).toBe('PORT_IN_USE');
    const [, command = ''] = /: (ss [^;]+);/.exec(error.hint) ?? [];
    const { stdout } = await execa('sh', ['-c', command]);
    expect(stdout).toMatch(new RegExp(`127\\.0\\.0\\.1:${port} .*pid=${process.pid},`));
  } finally {
    holder.close();
  }
});
