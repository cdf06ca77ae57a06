import { type Context, pause, repeat } from '../context.ts';
import { putOnAir, startDaemon } from '../mirolive.ts';
import { clockOffset, firstFrameMs, openBrowser, openPage } from '../page.ts';
import { type Row, row } from '../row.ts';
import { copiedSample, keyFrameIntervalMs } from '../samples.ts';

/** What may come on top of the wait for a key frame: page, signalling, ICE, DTLS, decoding. */
const joinMs = 400;

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
export async function openedPage(context: Context): Promise<Row[]> {
  const file = await copiedSample();
  const daemon = await startDaemon(context);
  await putOnAir(context, daemon, file, 'running');
  const browser = await openBrowser(context);
  const times = context.runs ?? 20;
  const values = await repeat(context, times, async (inner, index) => {
    // Each picture comes at a key frame: without this every opening would fall on the same moment between two.
    await pause(inner, (index / times) * keyFrameIntervalMs);
    return await firstFrameMs(await openPage(inner, browser, `${daemon.url}/running`));
  });
  const facts = { unit: 'ms', values, atMost: keyFrameIntervalMs + joinMs } as const;
  return [
    row({ ...facts, name: 'opening → picture of a broadcast' }),
    row({ ...facts, name: 'opening → picture of a broadcast', statistic: 'p95' }),
  ];
}
