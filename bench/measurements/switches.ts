import { loadavg } from 'node:os';
import type { Page } from 'playwright-core';
import type { Control } from '../../src/contract/control.ts';
import { eventually } from '../../test/helpers/browser.ts';
import { longestGapMs, noteFrames, type ShownFrame, shownFrames } from '../../test/helpers/shown-frames.ts';
import { type Context, pause } from '../context.ts';
import { putOnAir, startDaemon } from '../mirolive.ts';
import { openBrowser, openPage } from '../page.ts';
import { type Row, row } from '../row.ts';
import { copiedSample, shortSample } from '../samples.ts';

/** What viewers may miss at most, in ms: of what goes on by itself, and of what an operator or a loss brings. */
const [seamMs, switchMs] = [100, 1000];
/** Looked at behind each switch, in ms. */
const behindMs = 1500;

const seek = { type: 'seek', positionMs: 20_000 } as const;

/** The longest time without a new picture in a page, at each kind of switch. */
export async function switches(context: Context): Promise<Row[]> {
  const taken = { kind: 'file', path: await shortSample(640), loop: true, audioTrack: null } as const;
  const steps: readonly (readonly [string, Control])[] = [
    ['slate on', { type: 'slate', on: true }],
    ['slate off', { type: 'slate', on: false }],
    ['take', { type: 'take', source: taken }],
    ['release', { type: 'release' }],
    ['seek', seek],
    ['pause', { type: 'pause' }],
    ['resume', { type: 'resume' }],
  ];
  const daemon = await startDaemon(context);
  const browser = await openBrowser(context);
  await putOnAir(context, daemon, await copiedSample(), 'desk');
  const desk = await openPage(context, browser, `${daemon.url}/desk`, noteFrames);
  const gaps = new Map(steps.map(([name]) => [name, [] as number[]]));
  for (let round = 0; round < (context.runs ?? 5); round++)
    for (const [name, command] of steps) {
      const from = await settled(desk);
      await daemon.client.call('control', { room: 'desk', command });
      await pause(context, behindMs);
      gaps.get(name)?.push(longestGapMs(await shownFrames(desk, from)));
    }
  const files = [await shortSample(1280), await shortSample(640)] as const;
  await putOnAir(context, daemon, files[0], 'list', ['--file', files[1]]);
  const list = await openPage(context, browser, `${daemon.url}/list`, noteFrames);
  const frames = await eventually(
    () => shownFrames(list),
    (shown) => seamsOf(shown).length > (context.runs ?? 5),
    60_000,
  );
  const note = `load ${(loadavg()[0] as number).toFixed(1)}`;
  return [
    ...[...gaps].map(([name, values]) =>
      row({ name: `longest gap, ${name}`, unit: 'ms', values, atMost: switchMs, note }),
    ),
    row({ name: 'longest gap, next item', unit: 'ms', values: seamsOf(frames), atMost: seamMs, note }),
  ];
}

/** Waits for a picture; gives its number. */
async function settled(page: Page): Promise<number> {
  const { length } = await shownFrames(page);
  const frames = await eventually(
    () => shownFrames(page),
    (shown) => shown.length > length,
  );
  return frames.length - 1;
}

/** The gaps at which the width changes, in ms. */
function seamsOf(frames: readonly ShownFrame[]): number[] {
  return frames.flatMap(({ atMs, width }, index) => {
    const before = frames[index - 1];
    return before && before.width !== width ? [atMs - before.atMs] : [];
  });
}
