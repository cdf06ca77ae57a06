import { launchBrowser } from '../helpers/browser.ts';
import { noteFrames, type ShownFrame, shownFrames } from '../helpers/shown-frames.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { KilledEvent } from './kills.ts';

/** What `noteFrames` leaves in a page. */
interface Shown {
  readonly shownFrames: readonly ShownFrame[];
}

/**
 * Kills the daemon so often at moments by chance over a running event that a page watches; one time in four all its processes. Tells how long
 * it takes from the last of some kills in a row until the page's picture moves again. What does not survive ends it, with those moments.
 */
export async function soakKills(times: number, random: () => number): Promise<void> {
  await using scope = new AsyncDisposableStack();
  const folder = scope.use(await temporaryFolder());
  const event = scope.use(await KilledEvent.begin(folder.path));
  const browser = scope.adopt(await launchBrowser(), (one) => one.close());
  const page = await browser.newPage();
  await page.addInitScript(noteFrames);
  await page.goto(`http://127.0.0.1:${event.daemon.httpPort}/file`);
  const pictureMs: number[] = [];
  const onAirMs: number[] = [];
  for (let killed = 0; killed < times; ) {
    const suddenMs = Array.from({ length: Math.floor(random() * 4) }, () => Math.floor(random() * 3000));
    const first = random() < 0.25 ? 'all' : 'daemon';
    const survived = await event.survive({ suddenMs, first }).catch((error: unknown) => {
      const moments = suddenMs.join(', ') || 'rest';
      throw new Error(`kills, of ${first} at first, at ${moments} ms after a start`, { cause: error });
    });
    await page.waitForFunction(
      (sinceMs) =>
        performance.timeOrigin + ((globalThis as unknown as Shown).shownFrames.at(-1)?.atMs ?? 0) > sinceMs,
      survived.onAirMs,
    );
    const originMs = await page.evaluate(() => performance.timeOrigin);
    const moments = (await shownFrames(page)).map(({ atMs }) => originMs + atMs);
    pictureMs.push(movingAgainMs(survived.lastKillMs, moments));
    onAirMs.push(survived.onAirMs - survived.lastKillMs);
    killed += 1 + suddenMs.length;
    console.log(
      `${killed} kills survived; ms to the picture in a page ${spread(pictureMs)}, to all rooms ${spread(onAirMs)}`,
    );
  }
}

/** How long after a kill the longest time without a picture ended, in ms. @param moments when pictures were shown */
function movingAgainMs(killMs: number, moments: readonly number[]): number {
  const since = [killMs, ...moments.filter((ms) => ms > killMs)];
  const gaps = since.slice(1).map((ms, at) => ms - (since[at] ?? ms));
  return (since[gaps.indexOf(Math.max(...gaps)) + 1] ?? Number.NaN) - killMs;
}

/** The least, the median and the most. */
function spread(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  return [sorted.at(0), sorted[sorted.length >> 1], sorted.at(-1)]
    .map((ms) => Math.round(ms ?? Number.NaN))
    .join(' / ');
}
