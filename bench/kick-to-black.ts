// `node bench/kick-to-black.ts [runs]`, after a build: from `mirolive viewers kick`, and from the call that it makes, to the moment at which the viewer's page shows no picture any more.
import { execa } from 'execa';
import { createClient } from '../src/cli/client.ts';
import { launchBrowser } from '../test/helpers/browser.ts';
import { startDaemon } from '../test/helpers/daemon.ts';

const [runs = 20] = process.argv.slice(2).map(Number);

/** Runs in the page: when it was drawn without the picture, by the clock of the machine, in ms. */
function goneAt(): Promise<number> {
  const drawn = (done: (ms: number) => void) =>
    requestAnimationFrame(() =>
      requestAnimationFrame(() => done(performance.timeOrigin + performance.now())),
    );
  return new Promise((done) => {
    const { documentElement } = document;
    new MutationObserver(() => {
      if (documentElement.dataset.state === 'kicked') drawn(done);
    }).observe(documentElement, { attributes: true });
  });
}

await using server = await startDaemon({ log: { level: 'error' }, limits: { joinsPerSecond: 100 } });
await using browser = await launchBrowser();
const client = createClient(server.socket);
await client.call('startBroadcast', {
  room: 'lobby',
  source: { kind: 'test', pattern: 'motion', label: '' },
});
const page = await browser.newPage();

/** How long it takes, in ms, by one way to put somebody out. */
async function kicked(kick: (id: string) => Promise<unknown>): Promise<number> {
  await page.goto(`${server.url}/lobby`);
  await page.locator('html[data-state="playing"]').waitFor();
  const [{ id = '' } = {}] = await client.call('listViewers', { room: 'lobby' });
  const gone = page.evaluate(goneAt);
  // The page is asked, and has begun to look, before the clock is read.
  await page.evaluate(() => {});
  const begun = performance.timeOrigin + performance.now();
  await kick(id);
  return (await gone) - begun;
}

const byCall: number[] = [];
const byCommand: number[] = [];
for (let run = 0; run < runs; run++) {
  byCall.push(await kicked((id) => client.call('kickViewers', { ids: [id] })));
  byCommand.push(
    await kicked((id) => execa('bin/mirolive', ['viewers', 'kick', id, '--socket', server.socket])),
  );
}
const words = (times: number[]) => {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => Math.round(sorted[Math.ceil(share * sorted.length) - 1] ?? 0);
  return `median ${at(0.5)} ms, p95 ${at(0.95)} ms, worst ${at(1)} ms`;
};
process.stdout.write(
  `from the call to a page without its picture: ${words(byCall)}; from the command: ${words(byCommand)} (${runs} runs each)\n`,
);
