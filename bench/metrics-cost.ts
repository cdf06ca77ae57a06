// `node bench/metrics-cost.ts`: how long /metrics takes of a daemon with 20 broadcasts and 2,000 viewers, and of one with none.
import { setTimeout as pause } from 'node:timers/promises';
import type { Viewer } from '../src/contract/models.ts';
import { startDaemon } from '../test/helpers/daemon.ts';
import { freePorts } from '../test/helpers/free-ports.ts';
import { quantile } from './row.ts';

const [broadcasts, viewers, scrapes] = [20, 2000, 15];
/** What was told a moment ago is told again: each question is asked after it is old, in ms. */
const freshMs = 1050;

/** How long whole answers take, in ms, and how large the last one is. */
async function scraped(port: number): Promise<{ readonly ms: readonly number[]; readonly bytes: number }> {
  const ms: number[] = [];
  let bytes = 0;
  for (let asked = 0; asked < scrapes; asked++) {
    await pause(freshMs);
    const startedMs = performance.now();
    bytes = (await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()).length;
    ms.push(performance.now() - startedMs);
  }
  // The first one compiles what the others run.
  return { ms: ms.slice(1), bytes };
}

const sample: Omit<Viewer, 'id' | 'room'> = {
  ...{
    kind: 'page',
    state: 'playing',
    rendition: null,
    picture: true,
    bitrateBps: 2_000_000,
    lossPercent: 1,
  },
  ...{ roundTripMs: 30, freezes: 0, frozenPercent: 0, firstPictureMs: 400, suffers: null },
  ...{ address: '192.0.2.1', browser: null, browserName: null, userAgent: null },
  joinedAt: '2026-01-02T03:04:05.000Z',
};

const [port = 0] = await freePorts(1);
await using server = await startDaemon({
  rtmp: { enabled: false },
  metrics: { enabled: true, port },
});
const { desk } = server.daemon;
const none = await scraped(port);
// Cards: they take least of the processors, which the question waits for.
for (let at = 0; at < broadcasts; at++)
  await desk.start({ room: `room-${at}`, source: { kind: 'card', title: `Room ${at}`, text: '' } });
for (let at = 0; at < viewers; at++) {
  const room = desk.room(`room-${at % broadcasts}`);
  room.setViewer({ ...sample, id: `v-${`${at}`.padStart(10, '0')}`, room: room.name }, async () => ({
    ...{ bitrateBps: 2_000_000, lossPercent: 1, roundTripMs: 30 },
  }));
}
const full = await scraped(port);
const [alone, crowded] = [none, full].map(({ ms }) => quantile(ms, 0.5)) as [number, number];
process.stdout.write(
  `/metrics: ${crowded.toFixed(1)} ms (p95 ${quantile(full.ms, 0.95).toFixed(1)}), ${Math.round(full.bytes / 1024)} kB, with ${broadcasts} broadcasts and ${viewers} viewers; ${alone.toFixed(1)} ms with none: ${(crowded / alone).toFixed(1)} times as long\n`,
);
