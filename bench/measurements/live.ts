import type { Page } from 'playwright-core';
import { publishClockPage } from '../clock-page.ts';
import { publishClock } from '../clock-publisher.ts';
import { shownPictures, watchPictures } from '../clock-strip.ts';
import { attempt, type Context, pause, within } from '../context.ts';
import { startDaemon } from '../mirolive.ts';
import { firstFrameMs, openBrowser, openPage } from '../page.ts';
import { quantile, type Row, row } from '../row.ts';
import { besideOf, besideWords, type MakeServer, mirolive } from '../servers.ts';
import { captureLoopback } from '../trace/capture.ts';
import { evenness } from '../trace/evenness.ts';
import { rtmpMessages } from '../trace/rtmp-messages.ts';
import { tcpFlows } from '../trace/tcp-flows.ts';
import { openWhepPage, type Received, receivedMedia } from '../whep-page.ts';

/** What is expected of a picture that is copied, in ms: its age in the middle, that of 95 %, and jitter. */
const [ageMs, ageP95Ms, jitterMs] = [60, 85, 5];
/** What is expected of a page that publishes, in ms. */
const [pageMs, pageP95Ms] = [300, 500];
/** Until the browser has found how much it holds back, in ms. */
const settleMs = 5000;
const windowMs = 10_000;
/** Viewers with sound of each broadcast, one after the other: each begins anew. */
const withSound = 2;

/** From the making of a picture, by RTMP with sound, to its being shown by WHEP; and how evenly it comes. */
export async function latency(context: Context): Promise<Row[]> {
  const [ours, other]: [Watched[], Watched[]] = [[], []];
  const beside = context.beside?.publishUrl == null ? null : besideOf(context);
  // In turns, so that what else the machine does meets both alike.
  for (let run = 0; run < (context.runs ?? 2); run++) {
    ours.push(await within(context, (inner) => watched(inner, mirolive)));
    const there = beside && (await attempt(context, besideWords, (inner) => watched(inner, beside)));
    if (there) other.push(there);
  }
  const transcoded = await transcodedAges(context, { keyFrameIntervalS: 1, bFrames: 2 });
  const sparse = await transcodedAges(context, { keyFrameIntervalS: 8, bFrames: 0 });
  const compared = (of: (all: readonly Watched[]) => number[]) => ({
    values: of(ours),
    beside: beside ? { values: of(other) } : undefined,
  });
  const aged = (kind: 'sound' | 'alone', share: number) =>
    compared((all) => all.flatMap((one) => one[kind].map(({ ages }) => quantile(ages, share))));
  const jitter = (kind: 'audio' | 'video') => (one: Watched) =>
    one.sound.flatMap(({ received }) => received[kind]?.jitterMs ?? []);
  const own = ours.flatMap(({ publisherJitterMs }) => publisherJitterMs ?? []);
  const above = (one: Watched) => {
    const { publisherJitterMs } = one;
    return publisherJitterMs === null ? [] : jitter('video')(one).map((ms) => ms - publisherJitterMs);
  };
  const ownJitter =
    own.length === 0
      ? 'the publisher’s own is not known: it takes tcpdump, and root or CAP_NET_RAW'
      : `the publisher’s own is ${quantile(own, 0.5).toFixed(1)} ms`;
  return [
    row({ name: 'RTMP with sound → picture', unit: 'ms', atMost: ageMs, ...aged('sound', 0.5) }),
    row({ name: 'RTMP with sound → picture, 95 %', unit: 'ms', atMost: ageP95Ms, ...aged('sound', 0.95) }),
    row({ name: 'RTMP → picture alone', unit: 'ms', ...aged('alone', 0.5) }),
    row({ name: 'RTMP → picture alone, 95 %', unit: 'ms', ...aged('alone', 0.95) }),
    row({
      ...{ name: 'jitter of the sound', unit: 'ms', atMost: jitterMs },
      ...compared((all) => all.flatMap(jitter('audio'))),
    }),
    row({
      ...{ name: 'jitter of the picture above the publisher’s own', unit: 'ms', atMost: jitterMs },
      ...{ ...compared((all) => all.flatMap(above)), note: ownJitter },
    }),
    ...bothRows('RTMP → picture, transcoded for B-frames', transcoded, [null, null]),
    ...bothRows('RTMP → picture, transcoded for key frames', sparse, [null, null]),
  ];
}

/** The same by WHIP, from a browser, to our page. */
export async function whipLatency(context: Context): Promise<Row[]> {
  const daemon = await startDaemon(context);
  const page = await openPage(context, await openBrowser(context), `${daemon.url}/live`);
  await publishClockPage(context, await openBrowser(context), await daemon.whipPlace('live'));
  return bothRows('WHIP → picture', (await watch(context, page)).ages, [pageMs, pageP95Ms]);
}

interface Viewed {
  readonly ages: readonly number[];
  readonly received: Received;
}

/** One broadcast, and who watched it. */
interface Watched {
  readonly sound: readonly Viewed[];
  readonly alone: readonly Viewed[];
  /** Of the pictures as the encoder sent them; null: it could not be seen. */
  readonly publisherJitterMs: number | null;
}

async function watched(context: Context, make: MakeServer): Promise<Watched> {
  const { publishUrl, whepUrl, onAir } = await make(context);
  if (publishUrl === null) throw new Error('expected a server that may be published to');
  const port = new URL(publishUrl).port || '1935';
  const capture = await captureLoopback(context, `tcp dst port ${port}`, 262_144).catch(() => null);
  publishClock(context, { url: publishUrl, keyFrameIntervalS: 1, bFrames: 0 });
  await onAir();
  const browser = await openBrowser(context);
  const view = (kinds: readonly ('audio' | 'video')[]) =>
    within(context, async (inner) => {
      const page = await openWhepPage(inner, browser, whepUrl, kinds);
      const { ages } = await watch(inner, page, () => receivedMedia(page));
      return { ages, received: await receivedMedia(page) };
    });
  const sound: Viewed[] = [];
  for (let viewer = 0; viewer < withSound; viewer++) sound.push(await view(['audio', 'video']));
  const alone = [await view(['video'])];
  const packets = (await capture?.packets()) ?? [];
  const messages = tcpFlows(packets).flatMap(rtmpMessages);
  const pictures = messages.filter(({ kind }) => kind === 'video');
  const own = evenness(pictures.map(({ timeMs, atMs }) => ({ mediaMs: timeMs, atMs })));
  return { sound, alone, publisherJitterMs: own?.jitterMs ?? null };
}

interface Encoding {
  readonly keyFrameIntervalS: number;
  readonly bFrames: number;
}

async function transcodedAges(context: Context, encoding: Encoding): Promise<readonly number[]> {
  return await within(context, async (inner) => {
    const { publishUrl, whepUrl, onAir } = await mirolive(inner);
    publishClock(inner, { ...encoding, url: publishUrl ?? '' });
    await onAir('transcode');
    const page = await openWhepPage(inner, await openBrowser(inner), whepUrl, ['audio', 'video']);
    return (await watch(inner, page)).ages;
  });
}

/** Ages of the pictures that a page shows, once it has settled, which `onSettled` may hear of. */
async function watch(context: Context, page: Page, onSettled: () => Promise<unknown> = async () => {}) {
  await firstFrameMs(page);
  await pause(context, settleMs);
  await watchPictures(page);
  await onSettled();
  await pause(context, windowMs);
  const pictures = await shownPictures(page);
  const ages = pictures.flatMap(({ atMs, madeMs }) => (madeMs === null ? [] : [atMs - madeMs]));
  if (ages.length === 0) throw new Error('expected pictures that bear a clock, saw none');
  return { ages };
}

function bothRows(
  name: string,
  ages: readonly number[],
  [median, p95]: readonly [number | null, number | null],
): Row[] {
  const note = `${ages.length} pictures`;
  const values = (share: number) => [quantile(ages, share)];
  return [
    row({ name, unit: 'ms', values: values(0.5), note, atMost: median }),
    row({ name: `${name}, 95 %`, unit: 'ms', values: values(0.95), note, atMost: p95 }),
  ];
}
