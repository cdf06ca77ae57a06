import { loadavg } from 'node:os';
import { eventually } from '../../test/helpers/browser.ts';
import { publishClock } from '../clock-publisher.ts';
import { type ShownPicture, shownPictures, watchPictures } from '../clock-strip.ts';
import { type Context, pause, repeat } from '../context.ts';
import { startDaemon } from '../mirolive.ts';
import { firstFrameMs, openBrowser, openPage } from '../page.ts';
import { type Row, row } from '../row.ts';

/** Until what is on air has settled, in ms. */
const settleMs = 3000;
/** Until the slate is shown, or the publisher again, in ms. */
const limitMs = 20_000;

/** From the death of a publisher to the slate, and from its start anew to its picture. */
export async function outage(context: Context): Promise<Row[]> {
  const daemon = await startDaemon(context);
  const browser = await openBrowser(context);
  const back: number[] = [];
  const slate = await repeat(context, context.runs ?? 3, async (inner, index) => {
    const room = `outage-${index}`;
    const page = await openPage(inner, browser, `${daemon.url}/${room}`);
    const publisher = { url: await daemon.publishUrl(room), keyFrameIntervalS: 1, bFrames: 0 };
    const first = publishClock(inner, publisher);
    await firstFrameMs(page);
    await watchPictures(page);
    await pause(inner, settleMs);
    const shown = async (sinceMs: number, wanted: (picture: ShownPicture) => boolean) => {
      const find = async () =>
        (await shownPictures(page)).find((picture) => picture.atMs > sinceMs && wanted(picture));
      const picture = await eventually(find, (found) => found !== undefined, limitMs);
      return (picture as ShownPicture).atMs - sinceMs;
    };
    const diedMs = Date.now();
    first.kill('SIGKILL');
    const slateMs = await shown(diedMs, ({ madeMs }) => madeMs === null);
    await pause(inner, settleMs);
    const startedMs = Date.now();
    publishClock(inner, publisher);
    back.push(await shown(startedMs, ({ madeMs }) => madeMs !== null));
    return slateMs;
  });
  const note = `load ${(loadavg()[0] as number).toFixed(1)}`;
  return [
    row({ name: 'publisher killed → slate', unit: 'ms', values: slate, note }),
    row({ name: 'publisher started anew → picture', unit: 'ms', values: back, note }),
  ];
}
