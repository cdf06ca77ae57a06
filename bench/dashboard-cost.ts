// `node bench/dashboard-cost.ts`, after a build: what the dashboard costs on a terminal of 160x48, with 20 broadcasts whose figures all change each second, and 2,000 viewers, all rooms at a glance and one room with the list of them.
import { setTimeout as pause } from 'node:timers/promises';
import pino from 'pino';
import { systemClock } from '../src/contract/clock.ts';
import { Observer, type Sight } from '../src/daemon/view/observer.ts';
import { openDesk } from '../test/cli/desk.ts';
import { lobby, viewOf } from '../test/cli/tui/dashboard/sample-view.ts';
import { openTerminal } from '../test/helpers/terminal.ts';
import { listedViewer } from './crowd.ts';
import { memoryOfAll, processTree, treeCpuMs } from './processes.ts';

const [broadcasts, viewers, windowMs] = [20, 2000, 15_000];
/** Until it has begun, and its code is compiled, in ms. */
const settleMs = 8000;

/** All rooms after so many seconds: places go on, and viewers come and go. */
const after = (seconds: number) =>
  viewOf(
    Array.from({ length: broadcasts }, (_, room) => ({
      ...lobby,
      name: `room-${room}`,
      figures: lobby.figures && {
        ...lobby.figures,
        positionMs: seconds * 1000,
        bitrateBps: 2e6 + ((seconds * room) % 9) * 1e5,
      },
      audience: { ...lobby.audience, viewers: viewers / broadcasts + ((seconds + room) % 3) },
    })),
  );

/** Viewers of the room that is opened: all of them, each of whom is looked at every five seconds. */
const listed = (seconds: number) =>
  Object.fromEntries(
    Array.from({ length: viewers }, (_, at) => {
      const one = listedViewer('room-0', at);
      const looked = Math.floor((seconds + (at % 5)) / 5);
      return [
        one.id,
        { ...one, lossPercent: ((looked * 7 + at) % 40) / 10, roundTripMs: 20 + ((looked + at) % 50) },
      ];
    }),
  );

const bin = new URL('../bin/mirolive', import.meta.url).pathname;
let seconds = 0;
const sight: Sight = {
  watch: () => () => {},
  look: () => ({ ...after(seconds), viewers: { 'room-0': listed(seconds) } }),
};
const observer = new Observer({
  ...{ sight, clock: systemClock, log: pino({ level: 'silent' }), epoch: 'e' },
});
const lens = { allowed: null, isAdmin: true } as const;
await using desk = await openDesk(
  { version: () => ({ version: '0.1.0', api: 2, node: '24', mediasoup: '3' }) },
  {
    observe: ({ room = null, detail, viewers: each }, gone) =>
      observer.observe(
        { ...lens, room, detail: detail ?? (room === null ? 'glance' : 'whole'), viewers: each },
        null,
        gone,
      ),
  },
);
const telling = setInterval(() => seconds++, 1000);
await using terminal = await openTerminal(`${bin} tui --socket ${desk.socket}`, { columns: 160, rows: 48 });
await terminal.shows(/● well +room-19/);

/** Of a core, over the window. */
async function share(): Promise<string> {
  await pause(settleMs);
  const shell = await terminal.pid();
  const before = await treeCpuMs(shell);
  const begun = performance.now();
  await pause(windowMs);
  const used = ((await treeCpuMs(shell)) - before) / (performance.now() - begun);
  const { proportionalMb } = await memoryOfAll((await processTree(shell)).map(({ pid }) => pid));
  return `${(used * 100).toFixed(1)} % of a core, ${proportionalMb.toFixed(0)} MB`;
}

const overview = await share();
await terminal.press('Enter');
await terminal.shows('Programme');
await terminal.press('Tab');
await terminal.shows('FREEZES');
const open = await share();
clearInterval(telling);
process.stdout.write(
  `dashboard: ${overview}; with ${viewers} viewers listed in the room that is open: ${open} (${broadcasts} broadcasts, 160x48)\n`,
);
