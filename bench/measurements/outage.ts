import { loadavg } from 'node:os';
import { eventually } from '../../test/helpers/browser.ts';
import { publishClock } from '../clock-publisher.ts';
import { type ShownPicture, shownPictures, watchPictures } from '../clock-strip.ts';
import { type Context, pause, repeat } from '../context.ts';
import { type BenchDaemon, startDaemon } from '../mirolive.ts';
import { firstFrameMs, openBrowser, openPage } from '../page.ts';
import { type Row, row } from '../row.ts';

/** Until what is on air has settled, in ms. */
const settleMs = 3000;
/** Until the slate is shown, or the publisher again, in ms. */
const limitMs = 20_000;

/** From the death of a publisher to the slate, and from its return to its picture. */
export async function outage(context: Context): Promise<Row[]> {
  const daemon = await startDaemon(context);
  const browser = await openBrowser(context);
  const back: number[] = [];
  const backFromJoin: number[] = [];
  const slate = await repeat(context, context.runs ?? 3, async (inner, index) => {
    const room = `outage-${index}`;
    const page = await openPage(inner, browser, `${daemon.url}/${room}`);
    const publisher = { url: await daemon.publishUrl(room), keyFrameIntervalS: 1, bFrames: 0 };
    const first = publishClock(inner, publisher);
    await firstFrameMs(page);
    await watchPictures(page);
    await pause(inner, settleMs);
    const shown = async (sinceMs: number, wanted: Wanted) => {
      const find = async () => {
        const pictures = (await shownPictures(page)).filter(({ atMs }) => atMs > sinceMs);
        return pictures.find((_, index) => wanted(pictures.slice(index)));
      };
      const picture = await eventually(find, (found) => found !== undefined, limitMs);
      return (picture as ShownPicture).atMs - sinceMs;
    };
    const diedMs = Date.now();
    first.kill('SIGKILL');
    const slateMs = await shown(diedMs, isSlate);
    await pause(inner, settleMs);
    const joined = joins(inner, daemon, room);
    const startedMs = Date.now();
    publishClock(inner, publisher);
    back.push(await shown(startedMs, isProgramme));
    backFromJoin.push(await shown(await joined, isProgramme));
    return slateMs;
  });
  const note = `load ${(loadavg()[0] as number).toFixed(1)}`;
  return [
    row({ name: 'publisher killed → slate', unit: 'ms', values: slate, note, atMost: 1000 }),
    row({ name: 'publisher started anew → picture', unit: 'ms', values: back, note }),
    row({ name: 'publisher let in again → picture', unit: 'ms', values: backFromJoin, note, atMost: 1000 }),
  ];
}

type Wanted = (from: readonly ShownPicture[]) => boolean;

/** Pictures whose clock could not be read for a moment are none. */
const isSlate: Wanted = (from) => from.length >= 3 && from.slice(0, 3).every(({ madeMs }) => madeMs === null);
const isProgramme: Wanted = ([first]) => first?.madeMs !== null;

/** When a publisher is let in next, on the wall clock in ms: its first key frame follows at once. */
async function joins({ signal }: Context, { client }: BenchDaemon, room: string): Promise<number> {
  for await (const event of client.events({}, { signal }))
    if (event.type === 'publisher.joined' && event.room === room) return Date.parse(event.at);
  throw new Error('expected events until a publisher has come');
}
