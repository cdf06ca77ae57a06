import type { Browser, Page } from 'playwright-core';
import type { Context } from './context.ts';
import { noteFirstFrame, openPage } from './page.ts';

/** What Chromium says of what it receives by WHEP, over a while. */
export interface Received {
  readonly audio: ReceivedTrack | null;
  readonly video: ReceivedTrack | null;
  /** The UDP port at which it receives. */
  readonly port: number;
}

export interface ReceivedTrack {
  /** Interarrival jitter, the median of one look each 500 ms, in ms. */
  readonly jitterMs: number;
  /** How long what came was held back for its turn, the mean, in ms. */
  readonly heldMs: number;
  /** The same, what unevenness alone would have asked for. */
  readonly leastHeldMs: number;
  readonly packetsLost: number;
}

const text = '<!doctype html><video autoplay playsinline width="1280" height="720"></video>';

/** A page that watches by WHEP with nothing of ours in it: the same client for every server. */
export async function openWhepPage(
  context: Context,
  browser: Browser,
  url: string,
  kinds: readonly ('audio' | 'video')[],
): Promise<Page> {
  const { origin } = new URL(url);
  // At the server's own origin, so that it needs to let no other in.
  const page = await openPage(context, browser, `${origin}/mirolive-bench`, noteFirstFrame, text);
  await page.evaluate(watch, { url, kinds });
  return page;
}

/** What the page has received since it was opened, or asked the last time. */
export function receivedMedia(page: Page): Promise<Received> {
  return page.evaluate(() => (globalThis as unknown as { receivedMedia: () => Received }).receivedMedia());
}

/** Runs in the page. */
async function watch({
  url,
  kinds,
}: {
  readonly url: string;
  readonly kinds: readonly ('audio' | 'video')[];
}): Promise<void> {
  const video = document.querySelector('video') as HTMLVideoElement;
  const connection = new RTCPeerConnection();
  const stream = new MediaStream();
  for (const kind of kinds) connection.addTransceiver(kind, { direction: 'recvonly' });
  connection.addEventListener('track', ({ track }) => stream.addTrack(track));
  await connection.setLocalDescription();
  while (connection.iceGatheringState !== 'complete')
    await new Promise((resolve) =>
      connection.addEventListener('icegatheringstatechange', resolve, { once: true }),
    );
  const headers = { 'content-type': 'application/sdp' };
  const body = connection.localDescription?.sdp ?? '';
  let response = await fetch(url, { method: 'POST', headers, body });
  // Until something is on air.
  for (let attempt = 0; !response.ok && attempt < 60; attempt++) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    response = await fetch(url, { method: 'POST', headers, body });
  }
  if (!response.ok) throw new Error(`expected to watch, got ${response.status} ${await response.text()}`);
  await connection.setRemoteDescription({ type: 'answer', sdp: await response.text() });
  video.srcObject = stream;

  type Report = Record<string, number | string>;
  const entries = async (): Promise<Report[]> => [...(await connection.getStats()).values()];
  const inbound = (all: readonly Report[], kind: string) =>
    all.find(
      (entry) => entry.type === 'inbound-rtp' && entry.kind === kind && entry.trackIdentifier !== 'probator',
    );
  let looks: Report[][] = [];
  setInterval(async () => looks.push(await entries()), 500);

  const track = (kind: string): ReceivedTrack | null => {
    const seen = looks.map((all) => inbound(all, kind)).filter((entry) => entry !== undefined);
    const [first, last] = [seen[0], seen.at(-1)];
    if (!first || !last) return null;
    const grown = (key: string) => Number(last[key] ?? 0) - Number(first[key] ?? 0);
    const emitted = grown('jitterBufferEmittedCount');
    const jitters = seen.map(({ jitter }) => Number(jitter) * 1000).sort((a, b) => a - b);
    return {
      jitterMs: jitters[Math.floor(jitters.length / 2)] ?? Number.NaN,
      heldMs: (grown('jitterBufferDelay') / emitted) * 1000,
      leastHeldMs: (grown('jitterBufferMinimumDelay') / emitted) * 1000,
      packetsLost: grown('packetsLost'),
    };
  };
  const receivedMedia = async (): Promise<Received> => {
    const all = await entries();
    const pair = all.find(
      ({ type, nominated, state }) => type === 'candidate-pair' && nominated && state === 'succeeded',
    );
    const local = all.find(({ id }) => id === pair?.localCandidateId);
    const report = { audio: track('audio'), video: track('video'), port: Number(local?.port) };
    looks = [];
    return report;
  };
  Object.assign(globalThis, { receivedMedia });
}
