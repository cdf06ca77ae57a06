import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';
import { daemonAndBrowser } from '../helpers/daemon-and-browser.ts';
import { freeUdpPort } from '../helpers/free-ports.ts';
import { aac, h264, picture, tone } from '../helpers/media/recipes.ts';
import { makeMedia } from '../helpers/media/sample-files.ts';
import { type Sender, sendFile, sendNoise, toUdp } from '../helpers/media/sender.ts';
import { frozenMs } from '../helpers/sent-frames.ts';
import { serveHttp } from '../helpers/servers/http-server.ts';
import { WatchedRoom } from '../helpers/watched-room.ts';
import { url } from './matrix/row.ts';

/** Widths of the slate, and of the sources here. */
const slate = 1280;
const small = 320;
const large = 480;

const here = daemonAndBrowser({ rtmp: { enabled: false }, sources: { allowPrivateNetworks: true } });

/** Hours later; without sound. */
const later = ['-output_ts_offset', '10800'];
const silent = ['-an'];

test.concurrent.each([
  { action: 'copied', bFrames: 0, widths: [large], changes: [[], later, silent, []] },
  // It keeps the size that it was planned with, unless it had to be looked at anew.
  { action: 'transcoded', bFrames: 2, widths: [small, large], changes: [[], later] },
])(
  'What comes over UDP, $action, may be noise, another picture, hours later, or without sound for a while',
  async ({ action, bFrames, widths, changes }) => {
    const port = await freeUdpPort();
    await using sending = new Sending(port);
    const [first, second] = [await clip(small, bFrames), await clip(large, bFrames)];
    await sending.send(first);
    const start = url(`udp://127.0.0.1:${port}`);
    await using watched = await WatchedRoom.open(here, `udp-${action}`, start);
    const begun = await watched.mark();
    await sending.end();
    await using noise = sendNoise(port);
    await watched.shows(slate, begun);
    await noise[Symbol.asyncDispose]();
    await sending.send(first);
    await watched.goesOn(small);
    for (const change of changes) {
      await sending.send(second, ...change);
      await watched.played(1000);
      await watched.goesOn(...widths);
    }
    const { broken, gapsMs } = await watched.since(begun);
    expect(broken).toEqual([]);
    expect(gapsMs.video).toBeLessThan(frozenMs);
    expect(watched.told('source.away')[0]?.reason).toMatch(/^(no output|nothing came)/);
    expect(watched.told('broadcast.ended')).toEqual([]);
  },
  120_000,
);

test.concurrent('An HTTP server that sends noise after a while is asked again, and viewers see the slate meanwhile', async () => {
  const path = await clip(small, 0);
  /** Makes noise of each answer that was begun. */
  const spoil: (() => void)[] = [];
  await using files = await serveHttp((_, response) => {
    const send = ['-re', '-stream_loop', '-1', '-i', path, '-c', 'copy', '-f', 'mpegts', 'pipe:1'];
    const sender = spawn('ffmpeg', ['-v', 'error', ...send], { stdio: ['ignore', 'pipe', 'ignore'] });
    sender.stdout.pipe(response);
    let noise: NodeJS.Timeout;
    spoil.push(() => {
      sender.stdout.unpipe(response);
      noise = setInterval(() => response.write(Buffer.alloc(18_800, 0x5a)), 100);
    });
    response.once('close', () => {
      clearInterval(noise);
      sender.kill('SIGKILL');
    });
  });
  const start = url(`http://127.0.0.1:${files.port}/live`);
  await using watched = await WatchedRoom.open(here, 'http-noise', start);
  const mark = await watched.mark();
  for (const begin of spoil) begin();
  await watched.shows(slate, mark);
  await watched.goesOn(small);
  const { broken, gapsMs } = await watched.since(mark);
  expect(broken).toEqual([]);
  expect(gapsMs.video).toBeLessThan(frozenMs);
});

async function clip(width: number, bFrames: number): Promise<string> {
  const size = `${width}x${(width * 9) / 16}`;
  const args = [...picture(size, 40), ...tone(440, 40), ...h264(15, bFrames), ...aac];
  return await makeMedia(`live-faults-${width}-${bFrames}.ts`, { args });
}

/** An encoder that sends to a UDP port, and is started anew with other settings. */
class Sending implements AsyncDisposable {
  readonly #port: number;
  #sender: Sender | undefined;

  constructor(port: number) {
    this.#port = port;
  }

  async send(path: string, ...options: string[]): Promise<void> {
    await this.end();
    this.#sender = sendFile(path, ...options, ...toUdp(this.#port));
  }

  async end(): Promise<void> {
    await this.#sender?.[Symbol.asyncDispose]();
    this.#sender = undefined;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.end();
  }
}
