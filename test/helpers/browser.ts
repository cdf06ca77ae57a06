import { type Browser, chromium, type LaunchOptions, type Page } from 'playwright-core';

/** Without these flags Chromium calls home, refuses loopback candidates, waits for a click before it plays, or for a camera. */
const flags = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--allow-loopback-in-peer-connection',
  '--autoplay-policy=no-user-gesture-required',
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
];

/** Debian's Chromium, headless. */
export function launchBrowser(options: LaunchOptions = {}): Promise<Browser> {
  return chromium.launch({
    ...options,
    executablePath: options.executablePath ?? process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: flags,
  });
}

/** What a page's RTCPeerConnections say of what they receive. */
export interface ReceivedMedia {
  /** RTCPeerConnections that the page has made so far. */
  readonly connections: number;
  /** How much the video element has played, in ms. */
  readonly playedMs: number;
  readonly video: ReceivedVideo | null;
  readonly audio: ReceivedAudio | null;
}

export interface ReceivedVideo {
  readonly trackId: string;
  readonly codec: string;
  readonly framesDecoded: number;
  readonly keyFramesDecoded: number;
  readonly framesDropped: number;
  readonly width: number;
  readonly height: number;
  readonly freezes: number;
  readonly freezeMs: number;
  readonly packetsLost: number;
  readonly nacks: number;
  /** Key frames that it has asked for. */
  readonly plis: number;
  /** Estimated moment, on the sender's clock, of the picture on screen, in ms. */
  readonly playoutMs: number;
}

export interface ReceivedAudio {
  readonly trackId: string;
  readonly packetsReceived: number;
  readonly packetsLost: number;
  /** Grows with loudness; stands still in silence. */
  readonly energy: number;
  readonly samples: number;
  readonly concealedSamples: number;
  readonly playoutMs: number;
}

/** What runs in a page before its own scripts. */
type Scripts = readonly (() => void)[];
const scriptsOf = new WeakMap<Page, Scripts>();
/** Those that have left their rooms: to show another one costs a quarter of the two seconds of a CPU that a new page does. */
const left = new WeakMap<Browser, Page[]>();

/**
 * Opens a room's page, in one that has left another where there is such; its connections can be asked by `received`.
 *
 * @param scripts run in the page, before its own
 */
export async function openRoom(browser: Browser, url: string, ...scripts: Scripts): Promise<Page> {
  const page = pageThatLeft(browser, scripts) ?? (await newPage(browser, scripts));
  await page.goto(url);
  return page;
}

/** Leaves a room, for another one. */
export async function leaveRoom(browser: Browser, page: Page): Promise<void> {
  // Of the same server, so that its process stays.
  await page.goto(new URL('/healthz', page.url()).href);
  left.set(browser, [...(left.get(browser) ?? []), page]);
}

function pageThatLeft(browser: Browser, scripts: Scripts): Page | undefined {
  const pages = left.get(browser) ?? [];
  const page = pages.find((one) => scriptsOf.get(one)?.join() === scripts.join());
  if (page) pages.splice(pages.indexOf(page), 1);
  return page;
}

async function newPage(browser: Browser, scripts: Scripts): Promise<Page> {
  // Scripts may start workers, which the page's policy forbids.
  const bypassCSP = scripts.length > 0;
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 }, bypassCSP });
  for (const script of [keepConnections, ...scripts]) await page.addInitScript(script);
  scriptsOf.set(page, scripts);
  return page;
}

/** Runs in the page, before its own script. */
export function keepConnections(): void {
  const kept: RTCPeerConnection[] = [];
  Object.assign(globalThis, { keptConnections: kept });
  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      kept.push(this);
    }
  };
}

/** The statistics of the connection that the page made last. */
export function received(page: Page): Promise<ReceivedMedia> {
  return page.evaluate(async () => {
    const { keptConnections } = globalThis as unknown as { keptConnections: RTCPeerConnection[] };
    const report = await keptConnections.at(-1)?.getStats();
    const entries = [...(report?.values() ?? [])];
    const inbound = (kind: string) =>
      entries.find(
        (entry) =>
          entry.type === 'inbound-rtp' && entry.kind === kind && entry.trackIdentifier !== 'probator',
      );
    const [video, audio] = [inbound('video'), inbound('audio')];
    return {
      connections: keptConnections.length,
      playedMs: (document.querySelector('video')?.currentTime ?? 0) * 1000,
      video: video
        ? {
            trackId: video.trackIdentifier,
            codec: report?.get(video.codecId)?.mimeType ?? '',
            framesDecoded: video.framesDecoded ?? 0,
            keyFramesDecoded: video.keyFramesDecoded ?? 0,
            framesDropped: video.framesDropped ?? 0,
            width: video.frameWidth ?? 0,
            height: video.frameHeight ?? 0,
            freezes: video.freezeCount ?? 0,
            freezeMs: (video.totalFreezesDuration ?? 0) * 1000,
            packetsLost: video.packetsLost ?? 0,
            nacks: video.nackCount ?? 0,
            plis: video.pliCount ?? 0,
            playoutMs: video.estimatedPlayoutTimestamp ?? 0,
          }
        : null,
      audio: audio
        ? {
            trackId: audio.trackIdentifier,
            packetsReceived: audio.packetsReceived ?? 0,
            packetsLost: audio.packetsLost ?? 0,
            energy: audio.totalAudioEnergy ?? 0,
            samples: audio.totalSamplesReceived ?? 0,
            concealedSamples: audio.concealedSamples ?? 0,
            playoutMs: audio.estimatedPlayoutTimestamp ?? 0,
          }
        : null,
    };
  });
}

/** Asks again and again until the answer pleases; rejects with the last answer after `timeoutMs`. */
export async function eventually<T>(
  ask: () => Promise<T>,
  pleases: (answer: T) => boolean,
  timeoutMs = 90_000,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (pleases(answer)) return answer;
    if (performance.now() > deadline)
      throw new Error(`still not after ${timeoutMs} ms: ${JSON.stringify(answer).slice(-2000)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** A picture that differs by less from the one before is a still; those of the sources here differ by more in half a second. */
const still = 1;
/** A tone that is heard so near to what was made is that, in Hz. */
const toneHz = 8;

/** Resolves when the picture moves. */
export async function moves(page: Page): Promise<void> {
  await eventually(
    () => motion(page),
    (by) => by > still,
  );
}

/** Resolves when the picture stands still: what came before may be shown for a while. */
export async function standsStill(page: Page): Promise<void> {
  await eventually(
    () => motion(page),
    (by) => by < still,
  );
}

/** Resolves when this tone is heard. */
export async function sounds(page: Page, hz: number): Promise<void> {
  await eventually(
    () => pitch(page),
    (heard) => Math.abs(heard - hz) < toneHz,
  );
}

/** How much the picture differs from the one before, as the mean difference of a colour value (0 to 255) per drawn picture; NaN: nothing is played, or it has just begun anew. */
function motion(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const video = document.querySelector('video') as HTMLVideoElement;
    const canvas = new OffscreenCanvas(64, 36);
    const context = canvas.getContext('2d', {
      willReadFrequently: true,
    }) as OffscreenCanvasRenderingContext2D;
    const look = () => {
      context.drawImage(video, 0, 0, canvas.width, canvas.height);
      return context.getImageData(0, 0, canvas.width, canvas.height).data;
    };
    const before = look();
    const shownAt = video.currentTime;
    const until = performance.now() + 5000;
    while (video.currentTime < shownAt + 0.5) {
      if (video.currentTime < shownAt || performance.now() > until) return Number.NaN;
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    const after = look();
    return (
      after.reduce((sum, value, index) => sum + Math.abs(value - (before[index] ?? 0)), 0) / after.length
    );
  });
}

/** The strongest frequency in what the page receives, in Hz. */
function pitch(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const { srcObject } = document.querySelector('video') as HTMLVideoElement;
    const context = new AudioContext({ sampleRate: 48_000 });
    const analyser = new AnalyserNode(context, { fftSize: 16_384, smoothingTimeConstant: 0 });
    context.createMediaStreamSource(srcObject as MediaStream).connect(analyser);
    const spectrum = new Float32Array(analyser.frequencyBinCount);
    const startedAt = context.currentTime;
    // A whole window of the transform, with a margin for the graph to start.
    while (context.currentTime < startedAt + 0.6)
      await new Promise((resolve) => requestAnimationFrame(resolve));
    analyser.getFloatFrequencyData(spectrum);
    await context.close();
    return (spectrum.indexOf(Math.max(...spectrum)) * 48_000) / analyser.fftSize;
  });
}
