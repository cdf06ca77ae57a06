import { loadavg } from 'node:os';
import type { Page } from 'playwright-core';
import { eventually } from '../../test/helpers/browser.ts';
import { publishClockPage } from '../clock-page.ts';
import { publishClock } from '../clock-publisher.ts';
import { shownPictures, watchPictures } from '../clock-strip.ts';
import { type Context, pause, within } from '../context.ts';
import { startDaemon } from '../mirolive.ts';
import { firstFrameMs, openBrowser, openPage } from '../page.ts';
import { type Row, row } from '../row.ts';

/** What we promise of a picture that is copied, in ms. */
const [promisedMs, promisedP95Ms] = [300, 500];
/** Until the browser has found how much it holds back, in ms. */
const settleMs = 5000;
const windowMs = 12_000;
/** Until a publisher is on air as planned, in ms: key frames that are 8 s apart are seen to be so only then. */
const plannedMs = 30_000;

/** From the making of a picture, by RTMP, to its being shown. */
export async function latency(context: Context): Promise<Row[]> {
  const copied = await pictureAges(context, { keyFrameIntervalS: 1, bFrames: 0, action: 'copy' });
  const transcoded = await pictureAges(context, { keyFrameIntervalS: 1, bFrames: 2, action: 'transcode' });
  const sparse = await pictureAges(context, { keyFrameIntervalS: 8, bFrames: 0, action: 'transcode' });
  return [
    ...bothRows('RTMP → picture, copied', copied, [promisedMs, promisedP95Ms]),
    ...bothRows('RTMP → picture, transcoded for B-frames', transcoded, [null, null]),
    ...bothRows('RTMP → picture, transcoded for key frames', sparse, [null, null]),
  ];
}

/** The same by WHIP, from a browser. */
export async function whipLatency(context: Context): Promise<Row[]> {
  const daemon = await startDaemon(context);
  const page = await openPage(context, await openBrowser(context), `${daemon.url}/live`);
  await publishClockPage(context, await openBrowser(context), await daemon.whipPlace('live'));
  const ages = await agesIn(context, page);
  return bothRows('WHIP → picture', ages, [promisedMs, promisedP95Ms]);
}

interface Case {
  readonly keyFrameIntervalS: number;
  readonly bFrames: number;
  /** What is done with its picture. */
  readonly action: 'copy' | 'transcode';
}

interface Ages {
  readonly values: readonly number[];
  readonly note: string;
}

async function pictureAges(context: Context, { action, ...encoding }: Case): Promise<Ages> {
  return await within(context, async (inner) => {
    const daemon = await startDaemon(inner);
    const page = await openPage(inner, await openBrowser(inner), `${daemon.url}/live`);
    publishClock(inner, { ...encoding, url: await daemon.publishUrl('live') });
    await eventually(
      () => daemon.client.call('listBroadcasts', {}),
      ([broadcast]) => broadcast?.plan.video?.action === action,
      plannedMs,
    );
    return await agesIn(inner, page);
  });
}

/** Ages of the pictures that a page shows, once it has settled. */
async function agesIn(context: Context, page: Page): Promise<Ages> {
  await firstFrameMs(page);
  await pause(context, settleMs);
  await watchPictures(page);
  await pause(context, windowMs);
  const pictures = await shownPictures(page);
  const values = pictures.flatMap(({ atMs, madeMs }) => (madeMs === null ? [] : [atMs - madeMs]));
  return { values, note: `${values.length} pictures, load ${(loadavg()[0] as number).toFixed(1)}` };
}

function bothRows(
  name: string,
  { values, note }: Ages,
  [median, p95]: readonly [number | null, number | null],
): Row[] {
  return [
    row({ name, unit: 'ms', values, note, atMost: median }),
    row({ name, unit: 'ms', values, note, statistic: 'p95', atMost: p95 }),
  ];
}
