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
    const error = await startDaemon({ webrtc: { port }, workers: { count: 1 } }).then(
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

test.each([
  {
    name: 'for media',
    sections: { webrtc: { listen: ['192.0.2.9'] } },
    message:
      /^expected webrtc\.listen to have addresses of this machine \(.*127\.0\.0\.1.*\), got 192\.0\.2\.9$/,
  },
  {
    name: 'for the page',
    sections: { http: { host: '192.0.2.9' } },
    message: /^expected http\.host to be an address of this machine, got 192\.0\.2\.9$/,
  },
])('An address $name that this machine does not have is named', async ({ sections, message }) => {
  await expect(startDaemon(sections)).rejects.toMatchObject({
    code: 'INVALID_CONFIG',
    message: expect.stringMatching(message),
  });
});
