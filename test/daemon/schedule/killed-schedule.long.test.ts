import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { scheduleSpec } from '../../../src/contract/schedule.ts';
import { readLiveRuns, writeRun } from '../../../src/daemon/state/schedule-runs.ts';
import { writeSchedule } from '../../../src/daemon/state/schedules.ts';
import { makeMedia } from '../../helpers/media/sample-files.ts';
import { MortalDaemon } from '../../helpers/mortal-daemon.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const maker = { kind: 'socket', user: 'anna' } as const;
const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=10'];

test('A film whose hour has passed begins where it would be, goes on after kill -9, and ends once', {
  timeout: 120_000,
}, async () => {
  const path = await makeMedia('ten-minutes.mp4', {
    args: [
      ...picture,
      '-t',
      '600',
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      '-g',
      '20',
      '-pix_fmt',
      'yuv420p',
    ],
  });
  await using folder = await temporaryFolder();
  await using daemon = await MortalDaemon.create(folder.path);
  const { client } = daemon;
  const run = async () => (await client.call('getSchedule', { name: 'film' })).last;
  const onAir = async () => (await client.call('listBroadcasts', {}))[0];
  const whileDead = (act: (database: DatabaseSync) => void) => {
    const database = new DatabaseSync(daemon.stateFile);
    act(database);
    database.close();
  };
  await daemon.start();
  await daemon.end();
  const atMs = Date.now() - 60_000;
  const spec = scheduleSpec.parse({
    room: 'lobby',
    when: { everyMs: 86_400_000, fromAt: new Date(atMs).toISOString() },
    end: { forMs: 3_600_000 },
    what: { call: 'startBroadcast', params: { source: { kind: 'file', path } } },
  });
  whileDead((database) => writeSchedule(database, { name: 'film', spec, maker }, null, atMs - 1000));
  await daemon.start();
  await expect
    .poll(async () => (await onAir())?.stats.positionMs ?? 0, { timeout: 30_000 })
    .toBeGreaterThan(60_000);
  const { id, stats } = (await onAir()) ?? {};
  expect(stats?.positionMs).toBeLessThanOrEqual(Date.now() - atMs);
  await daemon.kill();
  const endsAtMs = Date.now() + 4000;
  whileDead((database) => {
    for (const one of readLiveRuns(database)) writeRun(database, { ...one, endsAtMs });
  });
  await daemon.start();
  await expect.poll(async () => (await run())?.outcome, { timeout: 30_000 }).toBe('ended');
  expect(Date.now(), await daemon.lastWords()).toBeGreaterThanOrEqual(endsAtMs);
  expect(await onAir()).toBeUndefined();
  // What was done before the kill may not have been written down.
  const deeds = (await client.call('listAudit', {})).filter(({ who }) => who.kind === 'schedule');
  const since = deeds.filter(({ at }) => Date.parse(at) >= endsAtMs - 4000);
  expect(since.map(({ what, subject, result }) => `${what} ${subject} ${result}`)).toEqual([
    `stopBroadcast ${id} ok`,
  ]);
});
