// `node bench/dashboard-cost.ts`, after a build: what the dashboard costs on a terminal of 160x48, with 20 broadcasts whose figures all change each second, and 2,000 viewers.
import { setTimeout as pause } from 'node:timers/promises';
import { openDesk } from '../test/cli/desk.ts';
import { lobby, viewOf } from '../test/cli/tui/dashboard/sample-view.ts';
import { openTerminal } from '../test/helpers/terminal.ts';
import { memoryOfAll, processTree, treeCpuMs } from './processes.ts';

const [broadcasts, viewers, windowMs] = [20, 2000, 20_000];
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

const bin = new URL('../bin/mirolive', import.meta.url).pathname;
await using desk = await openDesk({
  version: () => ({ version: '0.1.0', api: 2, node: '24', mediasoup: '3' }),
});
let seconds = 0;
desk.show(after(seconds));
const telling = setInterval(() => desk.show(after(++seconds)), 1000);
await using terminal = await openTerminal(`${bin} tui --socket ${desk.socket}`, { columns: 160, rows: 48 });
await terminal.shows(/● well +room-19/);
await pause(settleMs);
const shell = await terminal.pid();
const before = await treeCpuMs(shell);
await pause(windowMs);
const share = ((await treeCpuMs(shell)) - before) / windowMs;
const { proportionalMb } = await memoryOfAll((await processTree(shell)).map(({ pid }) => pid));
clearInterval(telling);
process.stdout.write(
  `dashboard: ${(share * 100).toFixed(1)} % of a core, ${proportionalMb.toFixed(0)} MB (${broadcasts} broadcasts, ${viewers} viewers, 160x48)\n`,
);
