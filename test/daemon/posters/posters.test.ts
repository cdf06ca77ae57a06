import { expect, test } from 'vitest';
import { type PosterRoom, Posters } from '../../../src/daemon/posters/posters.ts';
import type { PosterScene } from '../../../src/daemon/rooms/poster-scene.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

const scene = (key: string): PosterScene => ({ key, slate: false, ticket: 1 });

/** Makes the stills of several rooms. */
const ingest = {};

/** A room whose stills are made when the test says so. */
class ScriptedRoom implements PosterRoom {
  scene: PosterScene | null = scene('talk');
  maker: object | null = ingest;
  /** What is being made. */
  readonly asked: { readonly key: string; readonly done: (image: Uint8Array | null) => void }[] = [];

  posterMaker(): object | null {
    return this.maker;
  }

  poster({ key }: PosterScene): Promise<Uint8Array | null> {
    const { promise, resolve } = Promise.withResolvers<Uint8Array | null>();
    this.asked.push({ key, done: resolve });
    return promise;
  }
}

function postersOf(wanted = 'auto') {
  const clock = new VirtualClock();
  const rooms = { lobby: new ScriptedRoom(), hall: new ScriptedRoom() };
  const room = (name: string) => rooms[name as keyof typeof rooms];
  return { clock, rooms, posters: new Posters({ room, wanted: () => wanted, clock }) };
}

const image = (text: string) => Buffer.from(text);
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('one still is made for all who ask within 5 s, and another one after that', async () => {
  const { posters, rooms, clock } = postersOf();
  const [first, second] = [posters.of('lobby'), posters.of('lobby')];
  await turn();
  rooms.lobby.asked[0]?.done(image('one'));
  expect(await first).toEqual({ type: 'image/jpeg', body: image('one') });
  expect(await second).toEqual(await first);
  await clock.pass(4999);
  expect(await posters.of('lobby')).toEqual(await first);
  await clock.pass(1);
  const next = posters.of('lobby');
  await turn();
  rooms.lobby.asked[1]?.done(image('two'));
  expect((await next).body).toEqual(image('two'));
});

test('what was made of another scene is shown to nobody, however fresh it is', async () => {
  const { posters, rooms } = postersOf();
  const first = posters.of('lobby');
  await turn();
  rooms.lobby.asked[0]?.done(image('programme'));
  await first;
  rooms.lobby.scene = scene('slate');
  const next = posters.of('lobby');
  await turn();
  rooms.lobby.asked[1]?.done(image('slate'));
  expect((await next).body).toEqual(image('slate'));
  rooms.lobby.scene = null;
  await expect(posters.of('lobby')).rejects.toMatchObject({ code: 'ROOM_IDLE' });
});

test('what is under way when the scene changes is shown to nobody', async () => {
  const { posters, rooms } = postersOf();
  const asked = posters.of('lobby');
  await turn();
  rooms.lobby.scene = scene('slate');
  rooms.lobby.asked[0]?.done(image('programme'));
  await expect(asked).rejects.toMatchObject({ code: 'NO_POSTER' });
});

test('each maker makes one at a time; what is not to be shown any more when its turn comes is not made', async () => {
  const { posters, rooms } = postersOf();
  const asked = [posters.of('lobby'), posters.of('hall')];
  await turn();
  expect([rooms.lobby.asked.length, rooms.hall.asked.length]).toEqual([1, 0]);
  rooms.hall.scene = scene('slate');
  rooms.lobby.asked[0]?.done(image('one'));
  await asked[0];
  await expect(asked[1]).rejects.toMatchObject({ code: 'NO_POSTER' });
  expect(rooms.hall.asked).toEqual([]);
});

test('nobody waits for one that hangs, and it holds the others up for so long only', async () => {
  const { posters, rooms, clock } = postersOf();
  const late = expect(posters.of('lobby')).rejects.toMatchObject({ code: 'NO_POSTER' });
  await turn();
  await clock.pass(9000);
  await late;
  const next = posters.of('hall');
  await turn();
  rooms.hall.asked[0]?.done(image('hall'));
  expect((await next).body).toEqual(image('hall'));
});

test.each([
  { name: 'of another maker', maker: {} },
  { name: 'whose maker is gone', maker: null },
])('one that hangs holds up no room $name', async ({ maker }) => {
  const { posters, rooms } = postersOf();
  const hangs = posters.of('lobby');
  rooms.hall.maker = maker;
  const other = posters.of('hall');
  await turn();
  rooms.hall.asked[0]?.done(image('hall'));
  expect((await other).body).toEqual(image('hall'));
  rooms.lobby.asked[0]?.done(image('lobby'));
  expect((await hangs).body).toEqual(image('lobby'));
});

test('one that cannot be made is not tried again at once', async () => {
  const { posters, rooms } = postersOf();
  const first = posters.of('lobby');
  await turn();
  rooms.lobby.asked[0]?.done(null);
  await expect(first).rejects.toMatchObject({ code: 'NO_POSTER' });
  await expect(posters.of('lobby')).rejects.toMatchObject({ code: 'NO_POSTER' });
  expect(rooms.lobby.asked).toHaveLength(1);
});

test('there is none where none is wanted', async () => {
  const { posters, rooms } = postersOf('off');
  expect(posters.prepare('lobby')).toBeNull();
  expect(posters.key('lobby')).toBeNull();
  await expect(posters.of('lobby')).rejects.toMatchObject({ code: 'NO_POSTER' });
  expect(rooms.lobby.asked).toEqual([]);
});

test('a page is told of one where something is on air, and it is made meanwhile', async () => {
  const { posters, rooms } = postersOf();
  expect([posters.prepare('lobby'), posters.prepare('nowhere')]).toEqual([posters.key('lobby'), null]);
  await turn();
  expect(rooms.lobby.asked).toHaveLength(1);
});

test('while one has not had its turn, no other one of its room is asked for', async () => {
  const { posters, rooms, clock } = postersOf();
  const [slow, waits] = [posters.of('lobby'), posters.of('hall')];
  await turn();
  await clock.pass(6000);
  const asksLater = posters.of('hall');
  rooms.lobby.asked[0]?.done(image('slow'));
  await slow;
  await turn();
  rooms.hall.asked[0]?.done(image('hall'));
  expect(await asksLater).toEqual(await waits);
  await turn();
  expect(rooms.hall.asked).toHaveLength(1);
});

test('one that is slow to make is made the less often', async () => {
  const { posters, rooms, clock } = postersOf();
  const slow = posters.of('lobby');
  await turn();
  await clock.pass(8000);
  rooms.lobby.asked[0]?.done(image('slow'));
  await slow;
  await clock.pass(31_000);
  expect(await posters.of('lobby')).toEqual(await slow);
  await clock.pass(1000);
  posters.of('lobby').catch(() => {});
  await turn();
  expect(rooms.lobby.asked).toHaveLength(2);
});

test('what is wrong with the image of the configuration is not told to whoever asks', async () => {
  const { posters } = postersOf('/nowhere/embargo.jpg');
  await expect(posters.of('lobby')).rejects.toMatchObject({
    code: 'NO_POSTER',
    message: 'there is no poster of lobby: its image cannot be used now',
  });
});

test('one that waited for a slow one is not slow itself', async () => {
  const { posters, rooms, clock } = postersOf();
  const [slow, waits] = [posters.of('lobby'), posters.of('hall')];
  await turn();
  await clock.pass(8000);
  rooms.lobby.asked[0]?.done(image('slow'));
  await slow;
  await turn();
  rooms.hall.asked[0]?.done(image('hall'));
  await waits;
  await clock.pass(5000);
  posters.of('hall').catch(() => {});
  await turn();
  expect(rooms.hall.asked).toHaveLength(2);
});

test('its name says whether what is seen is the same, and nothing of what that is', async () => {
  const { posters, rooms } = postersOf();
  const talk = posters.key('lobby');
  expect(talk).toMatch(/^[\w-]{16}$/);
  expect(postersOf().posters.key('lobby')).not.toBe(talk);
  rooms.lobby.scene = scene('slate');
  expect(posters.key('lobby')).not.toBe(talk);
  rooms.lobby.scene = scene('talk');
  expect(posters.key('lobby')).toBe(talk);
  rooms.lobby.scene = null;
  expect(posters.key('lobby')).toBeNull();
});

test('who asks for one of another name than what is seen gets none, and nothing is made for that', async () => {
  const { posters, rooms } = postersOf();
  const talk = posters.key('lobby') ?? '';
  rooms.lobby.scene = scene('slate');
  await expect(posters.of('lobby', talk)).rejects.toMatchObject({ code: 'NO_POSTER' });
  await turn();
  expect(rooms.lobby.asked).toEqual([]);
  const asked = posters.of('lobby', posters.key('lobby') ?? '');
  await turn();
  rooms.lobby.asked[0]?.done(image('slate'));
  expect((await asked).body).toEqual(image('slate'));
});

test('the image of the configuration is the same whatever is seen', () => {
  const { posters, rooms } = postersOf('/srv/lobby.jpg');
  const key = posters.prepare('lobby');
  expect(key).not.toBeNull();
  rooms.lobby.scene = scene('slate');
  expect(posters.key('lobby')).toBe(key);
  rooms.lobby.scene = null;
  expect([posters.key('lobby'), posters.prepare('lobby')]).toEqual([key, null]);
});
