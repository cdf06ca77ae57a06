import type { Page } from 'playwright-core';
import { attempt, type Context, pause, repeat, within } from '../context.ts';
import { putOnAir, startDaemon } from '../mirolive.ts';
import { clockOffset, firstFrameMs, firstStillMs, openBrowser, openPage } from '../page.ts';
import { type Row, row } from '../row.ts';
import { copiedSample, keyFrameIntervalMs, publishedSample } from '../samples.ts';
import { besideOf, besideWords, feed, mirolive } from '../servers.ts';
import { openWhepPage } from '../whep-page.ts';

/** What is expected of 95 % of the openings, in ms, whatever the distance of key frames. */
const openedP95Ms = 300;
/** What is expected of the poster, in ms. */
const posterMs = 200;
/** Nobody is on air for less than so long when viewers come, in ms; mediasoup holds young layers back. */
const settleMs = 3000;

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
  return opened(context, 'opening → picture of a broadcast', []);
}

/** The same of a broadcast with renditions, which a viewer begins on the lowest of. */
export function openedLadder(context: Context): Promise<Row[]> {
  const options = ['--renditions', 'source,360p,240p'];
  return opened(context, 'opening → picture, with renditions', options);
}

/** The same of a client with nothing of ours in it, by WHEP, of what is published by RTMP; the server beside in turns. */
export async function openedWhep(context: Context): Promise<Row[]> {
  const file = await publishedSample();
  const makers = [mirolive, besideOf(context)].filter((make) => make !== null);
  const servers = await Promise.all(makers.map((make) => make(context)));
  for (const server of servers) {
    feed(context, server, file);
    await server.onAir();
  }
  await pause(context, settleMs);
  const browser = await openBrowser(context);
  const [ours = [], beside] = await openings(
    context,
    servers.map(
      ({ whepUrl }) =>
        (inner: Context) =>
          openWhepPage(inner, browser, whepUrl, ['audio', 'video']),
    ),
  );
  return openedRows('WHEP → picture of a broadcast', ours, beside, null);
}

async function opened(context: Context, name: string, options: readonly string[]): Promise<Row[]> {
  const file = await copiedSample();
  const daemon = await startDaemon(context);
  await putOnAir(context, daemon, file, 'running', options);
  await pause(context, settleMs);
  const browser = await openBrowser(context);
  const open = (inner: Context) => openPage(inner, browser, `${daemon.url}/running`);
  const posters: number[] = [];
  const openNoting = async (inner: Context) => {
    const page = await open(inner);
    posters.push(await firstStillMs(page));
    return page;
  };
  const [values = []] = await openings(context, [openNoting]);
  return [
    row({ name: name.replace('picture', 'poster'), unit: 'ms', values: posters, atMost: posterMs }),
    ...openedRows(name, values, undefined, openedP95Ms),
  ];
}

/** How long each of several ways to open a page takes, in turns. */
async function openings(
  context: Context,
  ways: readonly ((inner: Context) => Promise<Page>)[],
): Promise<number[][]> {
  const values = ways.map((): number[] => []);
  const times = context.runs ?? 20;
  for (let index = 0; index < times; index++)
    for (const [number, open] of ways.entries()) {
      // Each picture comes at a key frame: without this every opening would fall on the same moment between two.
      await pause(context, (index / times) * keyFrameIntervalMs);
      const measure = async (inner: Context) => firstFrameMs(await open(inner));
      const ms = number === 0 ? await within(context, measure) : await attempt(context, besideWords, measure);
      if (ms !== undefined) values[number]?.push(ms);
    }
  return values;
}

function openedRows(
  name: string,
  values: readonly number[],
  other: readonly number[] | undefined,
  atMost: number | null,
): Row[] {
  const facts = { unit: 'ms', values, beside: other && { values: other } } as const;
  return [row({ ...facts, name }), row({ ...facts, name: `${name}, 95 %`, statistic: 'p95', atMost })];
}
