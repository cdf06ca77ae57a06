import { publishClock } from '../clock-publisher.ts';
import { shownPictures, watchPictures } from '../clock-strip.ts';
import { type Context, pause, within } from '../context.ts';
import { firstFrameMs, openBrowser } from '../page.ts';
import { besideOf, mirolive, type Server } from '../servers.ts';
import { openWhepPage, type Received, receivedMedia } from '../whep-page.ts';
import { captureLoopback } from './capture.ts';
import { decodedPictures, watchDecoded } from './decoded.ts';
import { tapPipes } from './pipe-tap.ts';
import { delays, type StageDelay, traceText } from './report.ts';
import { type Stage, stagesOf } from './stages.ts';

/** Until the browser has found how much it holds back, in ms. */
const settleMs = 5000;
const windowMs = 12_000;
/** As much of a packet as a head of Ethernet, IPv4, UDP and RTP; and all of it. */
const [headBytes, allBytes] = [64, 262_144];

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
  const other = await besideOf(context)?.(context);
  // Pictures of somebody else bear no clock.
  if (!other || other.publishUrl === null) return [ours];
  return [ours, await within(context, (inner) => trace(inner, other))];
}

async function trace(context: Context, { name, publishUrl, whepUrl, onAir, pid }: Server): Promise<Trace> {
  if (publishUrl === null) throw new Error('expected a server that may be published to');
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
