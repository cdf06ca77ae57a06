import { expect, test } from 'vitest';
import { createClient } from '../../src/cli/client.ts';
import { eventually, openRoom, received } from '../helpers/browser.ts';
import { daemonAndBrowser } from '../helpers/daemon-and-browser.ts';

const shared = daemonAndBrowser({ rtmp: { enabled: false } });
/** What is noticed (ITU-R BT.1359), in ms. */
const noticedMs = 125;
/** Where they stay so far apart, in ms, the page joins anew, within two looks and a moment of the next five seconds. */
const apartEnoughMs = 250;
/** So many looks of `eventually`, ten a second at most: longer than the page takes, and shorter than a browser takes by itself. */
const apartTooLong = 80;
/** After so many they would have been seen apart for too long, if ever. */
const lookedEnough = 200;

test('Sound and picture are together again after a worker stood still for a second', async () => {
  const { server, browser } = shared;
  await createClient(server.socket).call('startBroadcast', { room: 'lobby', source: { kind: 'test' } });
  const page = await openRoom(browser, new URL('/lobby', server.url).href);
  const media = () => received(page);
  const apartMs = ({ video, audio }: Awaited<ReturnType<typeof media>>) =>
    video?.playoutMs && audio?.playoutMs ? Math.abs(video.playoutMs - audio.playoutMs) : null;
  const together = (answer: Awaited<ReturnType<typeof media>>) =>
    (apartMs(answer) ?? noticedMs) < noticedMs && (answer.audio?.samples ?? 0) > 96_000;
  const before = await eventually(media, together);
  const pid = server.daemon.desk.findRoom('lobby')?.slot?.worker.pid ?? Number.NaN;
  process.kill(pid, 'SIGSTOP');
  const heard = before.audio?.concealedSamples ?? 0;
  try {
    await eventually(media, ({ audio }) => (audio?.concealedSamples ?? 0) - heard > 48_000);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  // What came late at once is not played out: the page takes it anew. On a busy machine it may come as slowly as it is played.
  let [looks, apartLooks, wasApart] = [0, 0, false];
  const after = await eventually(media, (answer) => {
    looks++;
    apartLooks = (apartMs(answer) ?? 0) >= apartEnoughMs ? apartLooks + 1 : 0;
    wasApart ||= apartLooks > apartTooLong;
    const isAnew = answer.connections > before.connections;
    return together(answer) && (isAnew || (!wasApart && looks > lookedEnough));
  });
  expect(after.connections - before.connections).toBeLessThanOrEqual(1);
});
