import { eventually } from '../../test/helpers/browser.ts';
import { publishClock } from '../clock-publisher.ts';
import { shownPictures, watchPictures } from '../clock-strip.ts';
import { type Context, pause, within } from '../context.ts';
import { startDaemon } from '../mirolive.ts';
import { firstFrameMs, openBrowser } from '../page.ts';
import { openWhepPage, type Received, receivedMedia } from '../whep-page.ts';
import { captureLoopback } from './capture.ts';
import { decodedPictures, watchDecoded } from './decoded.ts';
import { tapPipes } from './pipe-tap.ts';
import { delays, type StageDelay, traceText } from './report.ts';
import { type Stage, stagesOf } from './stages.ts';

/** Until the browser has found how much it holds back, in ms. */
const settleMs = 5000;
const windowMs = 12_000;
/** Until a publisher is on air as planned, in ms. */
const plannedMs = 30_000;
/** As much of a packet as a head of Ethernet, IPv4, UDP and RTP; and all of it. */
const [headBytes, allBytes] = [64, 262_144];

/** Where one server takes a programme, and where it is watched. */
interface Way {
  readonly name: string;
  readonly publishUrl: string;
  readonly whepUrl: string;
  /** Resolves when what is published is on air. */
  readonly onAir: () => Promise<unknown>;
  /** Its process, where what happens between its parts can be seen. */
  readonly pid: number | null;
}

export interface Trace {
  readonly server: string;
  readonly delays: readonly StageDelay[];
  readonly stages: readonly Stage[];
  readonly received: Received;
  readonly text: string;
}

/** Follows pictures of an RTMP publisher with sound through all stages to a WHEP viewer: ours, then the server beside it. */
export async function traces(context: Context): Promise<Trace[]> {
  const ours = await within(context, async (inner) => trace(inner, await mirolive(inner)));
  const { beside } = context;
  if (!beside?.publishUrl) return [ours];
  const other = {
    ...beside,
    name: beside.whepUrl,
    publishUrl: beside.publishUrl,
    pid: null,
    onAir: async () => {},
  };
  return [ours, await within(context, (inner) => trace(inner, other))];
}

async function mirolive(context: Context): Promise<Way> {
  const { client, url, publishUrl, pid } = await startDaemon(context);
  const onAir = () =>
    eventually(
      () => client.call('listBroadcasts', {}),
      ([broadcast]) => broadcast?.plan.video?.action === 'copy',
      plannedMs,
    );
  return { name: 'mirolive', publishUrl: await publishUrl('live'), whepUrl: `${url}/whep/live`, onAir, pid };
}

async function trace(context: Context, { name, publishUrl, whepUrl, onAir, pid }: Way): Promise<Trace> {
  const browser = await openBrowser(context);
  // TCP from its beginning, as RTMP cannot be read from the middle.
  const tcp = await captureLoopback(context, 'tcp', allBytes);
  publishClock(context, { url: publishUrl, keyFrameIntervalS: 1, bFrames: 0 });
  await onAir();
  const page = await openWhepPage(context, browser, whepUrl, ['audio', 'video']);
  await firstFrameMs(page);
  await pause(context, settleMs);
  const udp = await captureLoopback(context, 'udp', headBytes);
  const pipes = pid === null ? null : await tapPipes(context, pid);
  await watchDecoded(page);
  await watchPictures(page);
  await receivedMedia(page);
  await pause(context, windowMs);
  const [shown, decoded, received] = [
    await shownPictures(page),
    await decodedPictures(page),
    await receivedMedia(page),
  ];
  const packets = [...(await tcp.packets()), ...(await udp.packets())];
  const pipe = (await pipes?.()) ?? [];
  const publishPort = Number(new URL(publishUrl).port || 1935);
  const stages = stagesOf({ packets, shown, decoded, pipe, publishPort, viewerPort: received.port });
  return { server: name, delays: delays(stages), stages, received, text: traceText(name, stages, received) };
}
