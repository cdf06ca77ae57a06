import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Encoding } from '../../src/daemon/rooms/encoding.ts';
import { eventually, keepConnections } from '../helpers/browser.ts';
import { startDaemon, type TestDaemon } from '../helpers/daemon.ts';
import { launchFirefox } from '../helpers/firefox.ts';
import { sample } from '../helpers/media/sample-files.ts';
import { seamMs } from '../helpers/sent-frames.ts';
import { SentSound } from '../helpers/sent-sound.ts';
import { Turns } from '../helpers/turns.ts';

/** Firefox leaves loopback out of what it connects by, so the daemon is at the machine's own address. */
const own = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4');

/** Says how busy this machine is, however busy it is with other tests. */
function setFreeCores(freeCores: number): void {
  const capacity = { secondsPerMegapixel: 0.01, cores: 4, freeCores };
  vi.spyOn(Encoding.prototype, 'capacity').mockResolvedValue(capacity);
}

/** Of Opus, by default. */
const packetMs = 20;

const sound = new SentSound();
let daemon: TestDaemon;
beforeAll(async () => {
  if (!own)
    throw new Error(
      'expected this machine to have an IPv4 address beside loopback, which Firefox leaves out',
    );
  daemon = await startDaemon({ webrtc: { listen: [own.address] } });
});
afterAll(async () => {
  await daemon?.[Symbol.asyncDispose]();
  sound[Symbol.dispose]();
  vi.restoreAllMocks();
});

test('Firefox without a decoder for H.264 gets a picture in VP8 beside the sound, which goes on', async () => {
  setFreeCores(4);
  await using firefox = await launchFirefox();
  const { desk, hub } = daemon.daemon;
  const path = await sample('talk.mp4');
  const pids: number[] = [];
  const leave = hub.listen((event) => {
    if (event.type === 'pipeline.started') pids.push(event.pid);
  });
  using turns = new Turns(() => pids);
  const begun = performance.now();
  await desk.start({ room: 'lobby', source: { kind: 'file', path, loop: true, audioTrack: null } });
  await firefox.open(`${daemon.url}/lobby`, keepConnections);
  const seen = await eventually(
    () => firefox.evaluate(watch),
    ({ decoded, soundS }) => decoded >= 60 && soundS >= 3,
  );
  expect(seen).toMatchObject({
    state: 'playing',
    cover: 'picture',
    connections: 1,
    codec: 'video/VP8',
    height: 480,
  });
  // What it conceals tells how busy this machine is: it asks for nothing anew, and all that it was sent came.
  expect(seen.lost).toBe(0);
  expect(sound.packets * packetMs).toBeGreaterThan(2500);
  expect(sound.longestGapMs - turns.missedMs(begun)).toBeLessThan(seamMs);
  leave();
  const room = desk.findRoom('lobby');
  expect(room?.viewers).toMatchObject([{ state: 'playing', picture: true, rendition: 'VP8' }]);
  expect(room?.onAir?.plan.video?.compatible).toMatchObject([{ codec: 'vp8', height: 480, problem: null }]);
});

test('Firefox without a decoder for H.264, where the processors are busy, hears the sound unbroken, and is told what helps', async () => {
  setFreeCores(0.1);
  // A tab's second page of an origin is given what the script before it kept of the first.
  await using firefox = await launchFirefox();
  const { desk } = daemon.daemon;
  const path = await sample('talk.mp4');
  await desk.start({ room: 'busy', source: { kind: 'file', path, loop: true, audioTrack: null } });
  await firefox.open(`${daemon.url}/busy`, keepConnections);
  const heard = await eventually(
    () => firefox.evaluate(listen),
    ({ soundS }) => soundS >= 3,
  );
  expect(heard).toMatchObject({
    state: 'playing',
    detail:
      'This browser cannot play the picture (H.264). Turn on the OpenH264 plug-in (menu, Add-ons and themes, Plugins) and load the page anew, or use another browser.',
    connections: 1,
    hasPicture: false,
  });
  expect(desk.findRoom('busy')?.viewers).toMatchObject([{ state: 'playing', picture: false }]);
});

/** Runs in the page. */
async function listen() {
  const { keptConnections = [] } = globalThis as unknown as { keptConnections?: RTCPeerConnection[] };
  const heard = { soundS: 0, hasPicture: false };
  const last = keptConnections.at(-1);
  // Firefox rejects it of what is closed.
  const report = last?.connectionState === 'closed' ? undefined : await last?.getStats();
  report?.forEach((entry: RTCInboundRtpStreamStats) => {
    if (entry.type !== 'inbound-rtp') return;
    if (entry.kind === 'audio') heard.soundS = entry.totalSamplesDuration ?? 0;
    else heard.hasPicture = true;
  });
  return {
    ...heard,
    connections: keptConnections.length,
    state: document.documentElement.dataset.state,
    detail: document.getElementById('detail')?.textContent,
  };
}

/** The same of a page that has a picture. */
async function watch() {
  const { keptConnections = [] } = globalThis as unknown as { keptConnections?: RTCPeerConnection[] };
  const seen = { soundS: 0, lost: 0, decoded: 0, codec: '' };
  const last = keptConnections.at(-1);
  const report = last?.connectionState === 'closed' ? undefined : await last?.getStats();
  report?.forEach((entry: RTCInboundRtpStreamStats) => {
    if (entry.type !== 'inbound-rtp') return;
    if (entry.kind === 'audio') {
      seen.soundS = entry.totalSamplesDuration ?? 0;
      seen.lost = entry.packetsLost ?? 0;
    } else {
      seen.decoded = entry.framesDecoded ?? 0;
      seen.codec = report.get(entry.codecId ?? '')?.mimeType ?? '';
    }
  });
  return {
    ...seen,
    connections: keptConnections.length,
    height: document.querySelector('video')?.videoHeight,
    state: document.documentElement.dataset.state,
    cover: document.documentElement.dataset.cover,
  };
}
