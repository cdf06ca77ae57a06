import { execa } from 'execa';
import { expect, test } from 'vitest';
import { isFileByPace } from '../../../src/ingest/probe/measure-file.ts';
import { plainInput } from '../../../src/ingest/sources/input.ts';
import { serveHttp } from '../../helpers/servers/http-server.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

async function sineFrom(toneHz: number): Promise<Buffer> {
  const made = ['-f', 'lavfi', '-i', `sine=${toneHz}:duration=4`, '-c:a', 'mp2', '-f', 'mpegts', '-'];
  return Buffer.from((await execa('ffmpeg', ['-v', 'error', ...made], { encoding: 'buffer' })).stdout);
}

test.each([
  { name: 'a short file, which is the same each time', tones: [440], expected: true },
  {
    name: 'a live server that closes behind its burst, each time of what came last',
    tones: [440, 880],
    expected: false,
  },
  { name: 'a live server that takes nobody twice', tones: [440, null], expected: false },
])('of what ends soon, and says no length, $name: file $expected', async ({ tones, expected }) => {
  const bodies = await Promise.all(tones.map((tone) => tone && sineFrom(tone)));
  let asked = 0;
  await using server = await serveHttp((_, response) => {
    const body = bodies[Math.min(asked++, bodies.length - 1)];
    response.writeHead(body ? 200 : 503);
    if (body) response.write(body);
    response.end();
  });
  const location = `http://127.0.0.1:${server.port}/live`;
  const input = plainInput([{ options: ['-seekable', '0'], location }], { live: false });
  const { signal } = new AbortController();
  expect(
    await isFileByPace(input, { ffprobe: 'ffprobe', timeoutMs: 60_000, signal }, new VirtualClock()),
  ).toBe(expected);
  expect(asked).toBe(2);
});
