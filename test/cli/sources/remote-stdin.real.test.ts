import { createReadStream } from 'node:fs';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Client, createClient } from '../../../src/cli/client.ts';
import { parseFingerprint } from '../../../src/cli/places/fingerprint.ts';
import { writeStdin } from '../../../src/cli/sources/write-stdin.ts';
import { startDaemon, type TestDaemon } from '../../helpers/daemon.ts';
import { makeMedia } from '../../helpers/media/sample-files.ts';

const encoded = [
  '-c:v',
  'libx264',
  '-preset',
  'ultrafast',
  '-pix_fmt',
  'yuv420p',
  '-g',
  '30',
  '-f',
  'mpegts',
];
const bars = (seconds: number) => ['-f', 'lavfi', '-i', `testsrc2=size=320x180:rate=30:duration=${seconds}`];

let server: TestDaemon;
let here: Client;
let elsewhere: Client;
beforeAll(async () => {
  server = await startDaemon({ control: { tls: { host: '127.0.0.1', port: 0 } } });
  here = createClient(server.socket);
  const { control } = await here.call('status', {});
  const { secret } = await here.call('createToken', { name: 'studio', role: 'admin' });
  const [host = '', port] = control?.address.split(':') ?? [];
  elsewhere = createClient({
    ...{ kind: 'host', host, port: Number(port), token: secret },
    fingerprint: parseFingerprint(control?.fingerprint ?? ''),
  });
});
afterAll(() => server?.[Symbol.asyncDispose]());

test('what comes through a pipe here is on air at a daemon elsewhere, until it ends', async () => {
  const path = await makeMedia('piped-elsewhere.ts', { args: [...bars(3), ...encoded] });
  using written = await writeStdin(
    elsewhere,
    Object.assign(createReadStream(path), { isTTY: false }),
    'lobby',
  );
  const source = { kind: 'stdin', token: written.token } as const;
  const ended = endOf('lobby');
  await elsewhere.call('startBroadcast', { room: 'lobby', source });
  expect(await ended).toBe('ended');
});

test('who leaves takes his broadcast off air, and the writer hears that its pipe is closed', async () => {
  const writer = execa('ffmpeg', ['-v', 'error', '-re', ...bars(600), ...encoded, '-'], {
    ...{ stdin: 'ignore', buffer: false, reject: false, encoding: 'buffer' },
  });
  const ended = endOf('hall');
  {
    using written = await writeStdin(elsewhere, writer.stdout as never, 'hall');
    const source = { kind: 'stdin', token: written.token } as const;
    await elsewhere.call('startBroadcast', { room: 'hall', source });
  }
  expect(await ended).toBe('ended');
  writer.stdout.destroy();
  await writer;
});

test('a token that nothing waits for is not found', async () => {
  const bytes = createReadStream('/dev/null');
  await expect(elsewhere.send('writeStdin', { token: 'abcdefghijklmnop' }, bytes)).rejects.toMatchObject({
    code: 'SOURCE_NOT_FOUND',
  });
});

/** Why the next broadcast of a room ended. */
async function endOf(room: string): Promise<string> {
  for await (const event of here.events({}))
    if (event.type === 'broadcast.ended' && event.room === room) return event.reason;
  return 'never';
}
