import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClient } from '../../../src/cli/client.ts';
import type { ProgrammeState } from '../../../src/contract/programme-state.ts';
import { eventually } from '../../helpers/browser.ts';
import { startDaemon, type TestDaemon } from '../../helpers/daemon.ts';
import { aac, h264, picture, tone } from '../../helpers/media/recipes.ts';
import { makeMedia } from '../../helpers/media/sample-files.ts';

let server: TestDaemon;

beforeAll(async () => {
  server = await startDaemon({ rtmp: { enabled: false }, workers: { count: 2 } });
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
});

type Killed = 'worker' | 'ingest process' | 'both';

test.each<{ killed: Killed }>([{ killed: 'worker' }, { killed: 'ingest process' }, { killed: 'both' }])(
  'After kill -9 of the $killed all is as an operator has left it: item, place, edits, take, pause, volume, mute, slate',
  async ({ killed }) => {
    const client = createClient(server.socket);
    const room = `room-${killed.replaceAll(' ', '-')}`;
    const file = async (name: string) => ({
      kind: 'file' as const,
      path: await makeMedia(`recovery-${name}.mp4`, {
        args: [...picture('320x180', 60), ...tone(440, 60), ...h264(15), ...aac],
      }),
    });
    const items = await Promise.all(
      ['one', 'two', 'three'].map(async (name) => ({ source: await file(name), title: name })),
    );
    const started = await client.call('startBroadcast', { room, source: { kind: 'playlist', items } });
    const control = (command: Parameters<typeof client.call<'control'>>[1]['command']) =>
      client.call('control', { room, command });
    const [, second, third] = (await client.call('getProgramme', { room })).playlist?.items ?? [];
    await control({ type: 'jump', item: second?.item ?? '' });
    await control({ type: 'remove', item: third?.item ?? '' });
    await control({ type: 'add', items: [{ source: await file('one'), title: 'added' }], at: 0 });
    await eventually(
      () => client.call('getProgramme', { room }),
      ({ playlist }) => playlist?.items.find(({ state }) => state === 'playing')?.words === 'two',
    );
    const sought: unknown[] = [];
    const heard = server.daemon.hub.listen((event) => {
      if (event.type === 'programme.sought') sought.push([event.entry, event.words, event.positionMs]);
    });
    await control({ type: 'seek', positionMs: 30_000 });
    heard();
    expect(sought).toEqual([['main', 'two', 30_000]]);
    await control({ type: 'mute', on: true });
    await control({ type: 'volume', percent: 70 });
    await control({ type: 'take', source: await file('taken') });
    await control({ type: 'slate', on: true });
    await eventually(
      () => client.call('getProgramme', { room }),
      ({ onAir, entries }) =>
        onAir.entry === 'slate' && entries.some(({ entry, state }) => entry === 'take' && state === 'ready'),
    );
    const before = wishes(await client.call('getProgramme', { room }));
    const seenBefore = server.daemon.desk.findRoom(room)?.actor.state.broadcast?.seen;
    const switches: string[] = [];
    let deaths = 0;
    const leave = server.daemon.hub.listen((event) => {
      if (event.type === 'worker.died') deaths++;
      if (event.type === 'programme.switched' && event.room === room) switches.push(event.to.entry);
    });
    const { programme, media } = server.daemon.desk.findRoom(room)?.actor.state.broadcast ?? {};

    await kill(killed, room);
    await eventually(
      async () => server.daemon.desk.findRoom(room)?.actor.state.broadcast,
      (now) =>
        now?.joined != null &&
        (killed === 'worker' || now.programme !== programme) &&
        now.media !== media &&
        now.media?.is === 'open' &&
        now.programme.is === 'open',
    );
    // What is played comes in where it is forwarded now.
    await eventually(
      () => {
        const producers = server.daemon.desk.findRoom(room)?.served?.producers ?? [];
        return Promise.all(producers.map((producer) => producer.getStats()));
      },
      (stats) =>
        stats.length === 2 && stats.every((streams) => streams.some(({ byteCount }) => byteCount > 0)),
    );
    // What was seen before is told at first, and then what is had again, bit by bit.
    await eventually(
      () => client.call('getProgramme', { room }),
      (state) => JSON.stringify(wishes(state)) === JSON.stringify(before),
    );
    const seenAfter = server.daemon.desk.findRoom(room)?.actor.state.broadcast?.seen;
    const [placesBefore, placesAfter] = [placesOf(seenBefore), placesOf(seenAfter)];
    expect(placesAfter.map(({ item }) => item)).toEqual(placesBefore.map(({ item }) => item));
    for (const [index, { positionMs }] of placesAfter.entries())
      expect(Math.abs(positionMs - (placesBefore[index]?.positionMs ?? 0))).toBeLessThan(2000);
    // Nothing but the slate was on air for a moment.
    expect(switches.filter((entry) => entry !== 'slate')).toEqual([]);
    expect((await client.call('listBroadcasts', { room })).map(({ id }) => id)).toEqual([started.id]);
    await control({ type: 'release' });
    const back = await eventually(
      () => client.call('getProgramme', { room }),
      ({ onAir, playlist }) =>
        onAir.entry === 'main' && playlist?.items.some(({ state }) => state === 'playing') === true,
    );
    expect(back.playlist?.items.find(({ state }) => state === 'playing')?.words).toBe('two');
    const { stats } = await eventually(
      () => client.call('getBroadcast', { id: started.id }),
      (model) => model.stats.positionMs > 1000,
    );
    expect(stats.positionMs).toBeGreaterThan(28_000);
    expect(stats.positionMs).toBeLessThan(50_000);
    expect(deaths).toBe(killed === 'ingest process' ? 0 : 1);
    leave();
    await client.call('stopRoom', { room });
  },
);

/** All that an operator has set, and what is on air by that. */
function wishes({ onAir, entries, paused, volumePercent, muted, playlist }: ProgrammeState) {
  return {
    onAir: onAir.entry,
    entries: entries.map(({ entry, words, state }) => `${entry} ${words} ${state}`),
    playlist: playlist?.items.map(({ item, words, state }) => `${item} ${words} ${state}`),
    ...{ paused, volumePercent, muted },
  };
}

interface Place {
  readonly item: string | null;
  readonly positionMs: number;
}

/** Where candidates are. */
function placesOf(seen: { readonly candidates: readonly Place[] } | null | undefined): readonly Place[] {
  return seen?.candidates ?? [];
}

async function kill(what: Killed, room: string): Promise<void> {
  const { pool, desk } = server.daemon;
  if (what !== 'ingest process') {
    const slot = desk.findRoom(room)?.slot;
    process.kill(pool.slots.find((one) => one === slot)?.worker.pid ?? Number.NaN, 'SIGKILL');
  }
  if (what === 'worker') return;
  const { ingest } = await createClient(server.socket).call('status', {});
  for (const { pid } of ingest) process.kill(pid, 'SIGKILL');
}
