import { type Context, pause, repeat } from '../context.ts';
import { putOnAir, startDaemon } from '../mirolive.ts';
import { clockOffset, firstFrameMs, openBrowser, openPage } from '../page.ts';
import { type Row, row } from '../row.ts';
import { copiedSample, keyFrameIntervalMs } from '../samples.ts';

/** What may come on top of the wait for a key frame: page, signalling, ICE, DTLS, decoding. */
const joinMs = 400;
/** With renditions, whatever the distance of key frames in the best one. */
const ladderMs = 450;

/** From the start of `mirolive stream` to the first decoded picture in a page that waits in the room. */
export async function waitingPage(context: Context): Promise<Row[]> {
  const file = await copiedSample();
  const daemon = await startDaemon(context);
  const browser = await openBrowser(context);
  const values = await repeat(context, context.runs ?? 7, async (inner, index) => {
    const room = `waiting-${index}`;
    const page = await openPage(inner, browser, `${daemon.url}/${room}`);
    await page.locator('html[data-state=waiting]').waitFor();
    const offset = await clockOffset(page);
    const startedAt = performance.now();
    daemon.command(inner, ['stream', '--file', file, '--room', room]);
    return (await firstFrameMs(page)) + offset - startedAt;
  });
  return [row({ name: 'stream → picture in a waiting page', unit: 'ms', values })];
}

/** From opening the page of a running broadcast to its first decoded picture. */
export function openedPage(context: Context): Promise<Row[]> {
  return opened(context, 'opening → picture of a broadcast', [], keyFrameIntervalMs + joinMs);
}

/** The same of a broadcast with renditions, which a viewer begins on the lowest of. */
export function openedLadder(context: Context): Promise<Row[]> {
  const options = ['--renditions', 'source,360p,240p'];
  return opened(context, 'opening → picture, with renditions', options, ladderMs);
}

async function opened(
  context: Context,
  name: string,
  options: readonly string[],
  atMost: number,
): Promise<Row[]> {
  const file = await copiedSample();
  const daemon = await startDaemon(context);
  await putOnAir(context, daemon, file, 'running', options);
  // Nobody is on air for less than two seconds when viewers come; mediasoup holds young layers back.
  await pause(context, 3000);
  const browser = await openBrowser(context);
  const times = context.runs ?? 20;
  const values = await repeat(context, times, async (inner, index) => {
    // Each picture comes at a key frame: without this every opening would fall on the same moment between two.
    await pause(inner, (index / times) * keyFrameIntervalMs);
    return await firstFrameMs(await openPage(inner, browser, `${daemon.url}/running`));
  });
  const facts = { unit: 'ms', values, atMost } as const;
  return [row({ ...facts, name }), row({ ...facts, name, statistic: 'p95' })];
}
