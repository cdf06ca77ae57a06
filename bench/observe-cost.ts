// `node bench/observe-cost.ts [broadcasts] [clients]`, after a build: processor time of the daemon's main process with broadcasts on air, while nobody observes and while clients do, in turns, in one run.
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { MortalDaemon } from '../test/helpers/mortal-daemon.ts';
import { temporaryFolder } from '../test/helpers/temporary-folder.ts';
import { processCpuMs } from './processes.ts';

const [broadcasts = 20, clients = 20] = process.argv.slice(2).map(Number);
/** Of each turn, and how many turns of each, in ms. */
const [windowMs, turns] = [6000, 2];
/** Until all is on air, and code is compiled; and behind each change, in ms. */
const [settleMs, turnMs] = [8000, 1500];

await using folder = await temporaryFolder();
await using daemon = await MortalDaemon.create(folder.path);
await daemon.start(
  Object.fromEntries(Array.from({ length: broadcasts }, (_, at) => [`room-${at}`, { alwaysOn: true }])),
);
const { pid, socket } = await daemon.client.call('status', {});

/** Cost of the daemon over a window, as a share of a core. */
async function share(): Promise<number> {
  await pause(turnMs);
  const before = await processCpuMs(pid);
  const begun = performance.now();
  await pause(windowMs);
  return ((await processCpuMs(pid)) - before) / (performance.now() - begun);
}

/** Reads all that is told, and counts its bytes. */
async function observing(): Promise<Disposable & { readonly bytes: () => number }> {
  const asked = get({ socketPath: socket, path: '/v1/observe?viewers=true', agent: false });
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
  });
  // It ends as it is left.
  response.on('error', () => {});
  asked.on('error', () => {});
  return { bytes: () => bytes, [Symbol.dispose]: () => void asked.destroy() };
}

while ((await daemon.client.call('status', {})).broadcasts.length < broadcasts) await pause(200);
await pause(settleMs);
const [without, one, all]: [number[], number[], number[]] = [[], [], []];
let bytes = 0;
for (let turn = 0; turn < turns; turn++) {
  without.push(await share());
  using first = await observing();
  one.push(await share());
  await using others = new AsyncDisposableStack();
  for (let at = 1; at < clients; at++) others.use(await observing());
  const before = first.bytes();
  all.push(await share());
  bytes = (first.bytes() - before) / ((windowMs + turnMs) / 1000);
}
const mean = (shares: readonly number[]) => shares.reduce((sum, some) => sum + some, 0) / shares.length;
const percent = (shares: readonly number[]) => `${(mean(shares) * 100).toFixed(1)} %`;
process.stdout.write(
  `daemon with ${broadcasts} broadcasts: ${percent(without)} of a core, with one who observes ${percent(one)}, with ${clients} ${percent(all)}: ` +
    `${(mean(all) / mean(without)).toFixed(2)} times; each is sent ${(bytes / 1000).toFixed(0)} kB a second\n`,
);
