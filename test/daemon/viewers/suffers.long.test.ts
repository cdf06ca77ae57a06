import { expect, test } from 'vitest';
import type { Event } from '../../../src/contract/events.ts';
import { inProcess } from '../../cli/mirolive.ts';
import { startDaemon } from '../../helpers/daemon.ts';
import { sample } from '../../helpers/media/sample-files.ts';
import { whepPeer } from '../../helpers/whep-peer.ts';

/** What leads on from each cause. */
const leads = {
  line: /^See who: mirolive viewers list --room lobby --sort loss$/,
  server: /: mirolive tui; |: top$/,
  source: /: mirolive events --since 5m --room lobby;/,
} as const;

test('three players that lose one packet of five are told of, with why, until they lose none', {
  timeout: 180_000,
}, async () => {
  await using server = await startDaemon({ plan: { compatible: 'off' } });
  const { desk, hub } = server.daemon;
  const next = <T extends Event['type']>(type: T) =>
    new Promise<Extract<Event, { type: T }>>((resolve) => {
      const leave = hub.listen((event) => {
        if (event.type !== type) return;
        leave();
        resolve(event as Extract<Event, { type: T }>);
      });
    });
  const listed = async (...words: string[]) => {
    const { stdout } = await inProcess([...words, '--socket', server.socket]);
    return stdout;
  };
  const path = await sample('talk.mp4');
  await desk.start({
    room: 'lobby',
    source: { kind: 'file', path, loop: true, audioTrack: null },
    name: 'talk',
  });
  await using players = new AsyncDisposableStack();
  const peers = await Promise.all(
    [1, 2, 3].map(async () => players.use(await whepPeer(`${server.url}/whep/lobby`))),
  );
  await expect
    .poll(() => Math.min(...peers.map(({ received }) => received)), { timeout: 30_000 })
    .toBeGreaterThan(20);
  const suffers = next('viewer.suffers');
  for (const peer of peers) peer.lose(5);
  const { cause, hint, ...told } = await suffers;
  expect(told).toMatchObject({
    ...{ room: 'lobby', viewers: 3, suffering: 3, most: 'loss', by: 'all', address: null, rendition: null },
  });
  // A machine that is busy with other tests is the likelier cause.
  expect(hint).toMatch(leads[cause]);
  expect(await listed('viewers', 'list')).toMatch(/SUFFERS(.|\n)*playing +loss +/);
  const recovered = next('viewer.recovered');
  for (const peer of peers) peer.lose(null);
  expect(await recovered).toMatchObject({ room: 'lobby', viewers: 3, suffering: 0, reason: null });
  expect(await listed('viewers', 'list')).not.toContain('SUFFERS');
});
