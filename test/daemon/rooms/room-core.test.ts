import { expect, test } from 'vitest';
import type { PreparedSource } from '../../../src/ingest/sources/sources.ts';
import { graceMs, ScriptedRoom } from '../../sim/scripted-room.ts';

/** Of these parts everything is open, and nothing twice. */
const served = { programme: { is: 'open' }, media: { is: 'open' } };

test.each(['programme', 'media'] as const)(
  'A room waits no longer for a %s whose opening hangs',
  async (part) => {
    const room = new ScriptedRoom(true);
    room.hangs = part === 'programme';
    await room.clock.pass(45);
    room.hangs = true;
    await room.clock.pass(100);
    expect(room.actor.state.broadcast?.[part].is).toBe('opening');
    room.hangs = false;
    await room.clock.pass(61_000);
    expect(room.actor.state.broadcast).toMatchObject(served);
    expect(room.givenUp).toBe(part === 'programme' ? 1 : 0);
    await room.actor.close();
  },
);

test('A room opens a programme anew that says nothing, counts that as failures, and is on air once one speaks', async () => {
  const room = new ScriptedRoom(true);
  room.mute = true;
  await room.clock.pass(100_000);
  expect(room.opened.filter(({ what }) => what === 'programme')).toHaveLength(4);
  expect(room.actor.broadcast?.programme).toMatchObject({ is: 'open', failures: 3 });
  room.mute = false;
  await room.clock.pass(60_000);
  expect(room.actor.broadcast).toMatchObject({ ...served, live: true });
  await room.actor.close();
});

const cam1 = { kind: 'publisher', key: 'cam1' } as const;

test('A room tries again and again to put on air who publishes, says so, and rests when it is there', async () => {
  const room = new ScriptedRoom(false);
  room.publishable = false;
  await room.publish();
  await room.clock.pass(60_000);
  const tries = room.opened.filter(({ what }) => what === 'publisher').length;
  expect([tries > 5, tries < 10]).toEqual([true, true]);
  expect(room.missing).toBe('it cannot be put on air');
  room.publishable = true;
  await room.clock.pass(31_000);
  expect(room.actor.broadcast?.live).toBe(true);
  expect([room.actor.state.publishing, room.missing]).toEqual([null, null]);
  await room.actor.close();
});

test.each([false, true])(
  'A person’s start that is being looked at is not beaten by who publishes meanwhile; always on: %s',
  async (alwaysOn) => {
    const room = new ScriptedRoom(alwaysOn);
    await room.clock.pass(1000);
    const [started, failed] = [room.start('slow'), room.start('bad')];
    await room.clock.pass(100);
    await room.publish();
    await room.clock.pass(5000);
    expect([await failed, await started]).toEqual(['SOURCE_NOT_MEDIA', 'done']);
    await room.actor.close();
  },
);

test('Who publishes is on air as soon as the start of a person has failed', async () => {
  const room = new ScriptedRoom(false);
  await room.publish();
  const started = room.start('bad');
  await room.clock.pass(1000);
  expect(await started).toBe('SOURCE_NOT_MEDIA');
  expect(room.actor.broadcast?.live).toBe(true);
  expect(room.actor.state.publishing).toBeNull();
  await room.actor.close();
});

test('A room no longer tries to put on air who is gone', async () => {
  const room = new ScriptedRoom(false);
  room.publishable = false;
  await room.publish();
  await room.clock.pass(5000);
  expect(room.actor.resting).toBe(false);
  room.actor.unpublishes(cam1);
  await room.clock.pass(1000);
  expect([room.actor.resting, room.missing, room.clock.timers]).toEqual([true, null, 0]);
});

test('A room no longer tries to put on air who publishes, where a person has put something else', async () => {
  const room = new ScriptedRoom(false);
  room.publishable = false;
  await room.publish();
  await room.clock.pass(5000);
  const started = room.start('good');
  await room.clock.pass(1000);
  expect(await started).toBe('done');
  room.publishable = true;
  await room.actor.stop();
  await room.clock.pass(60_000);
  expect(room.actor.resting).toBe(true);
});

test('A room that is not to be always on any more rests once who publishes there is gone', async () => {
  const room = new ScriptedRoom(true);
  await room.clock.pass(1000);
  await room.publish();
  await room.clock.pass(1000);
  room.actor.respec({ alwaysOn: false, graceMs });
  await room.clock.pass(1000);
  expect(room.actor.broadcast?.live).toBe(true);
  room.unpublish('cam1');
  await room.clock.pass(graceMs + 2000);
  expect([room.actor.broadcast, room.actor.resting]).toEqual([null, true]);
  await room.actor.close();
});

test('A room that is not to be always on any more does not begin what was being found out', async () => {
  const room = new ScriptedRoom(true);
  room.actor.respec({ alwaysOn: false, graceMs });
  await room.clock.pass(1000);
  expect([room.begun, room.actor.resting, room.clock.timers]).toEqual([[], true, 0]);
});

test('A room that is not to be always on any more lacks nothing', async () => {
  const room = new ScriptedRoom(true);
  room.keepable = false;
  await room.clock.pass(10_000);
  expect(room.missing).toBe('it cannot be kept');
  room.actor.respec({ alwaysOn: false, graceMs: 0 });
  expect(room.missing).toBeNull();
});

test('A room that was missing something lacks nothing once it is closed', async () => {
  const room = new ScriptedRoom(true);
  room.keepable = false;
  await room.clock.pass(10_000);
  await room.actor.close();
  expect([room.missing, room.clock.timers]).toEqual([null, 0]);
});

test('A programme that could not follow what it was told is told again, ever less often', async () => {
  const room = new ScriptedRoom(true);
  await room.clock.pass(1000);
  room.deaf = true;
  const muted = room.control({ type: 'mute', on: true });
  await room.clock.pass(10_000);
  const [programme] = room.programmes;
  expect([await muted, programme?.wanted.muted, programme?.told]).toEqual(['done', false, 3]);
  room.deaf = false;
  await room.clock.pass(6000);
  expect([programme?.wanted.muted, programme?.told]).toEqual([true, 4]);
  await room.clock.pass(60_000);
  expect([programme?.told, room.clock.timers]).toEqual([4, 0]);
  await room.actor.close();
});

test('Many commands at one moment are told together', async () => {
  const room = new ScriptedRoom(true);
  await room.clock.pass(1000);
  const answers = Array.from({ length: 100 }, (_, percent) => room.control({ type: 'volume', percent }));
  await room.clock.pass(500);
  expect(new Set(await Promise.all(answers))).toEqual(new Set(['done']));
  const [programme] = room.programmes;
  expect([programme?.wanted.volumePercent, programme?.told]).toEqual([99, 2]);
  await room.actor.close();
});

test('A start waits for a worker as long as one may need to begin', async () => {
  const room = new ScriptedRoom(false);
  room.worker = false;
  const started = room.start('good');
  await room.clock.pass(20_000);
  room.worker = true;
  room.actor.hurry();
  await room.clock.pass(1000);
  expect(await started).toBe('done');
  await room.actor.close();
});

test('A start fails where there is no worker for longer than one may need', async () => {
  const room = new ScriptedRoom(false);
  room.worker = false;
  const started = room.start('good');
  let answer = '';
  void started.then((said) => {
    answer = said;
  });
  await room.clock.pass(24_900);
  expect(answer).toBe('');
  // At that moment, whenever it would have been tried next.
  await room.clock.pass(200);
  expect(answer).toBe('NO_WORKER');
  await room.actor.close();
});

test('A room tells a programme once what somebody has found out of a source; another one looks anew', async () => {
  const room = new ScriptedRoom(true);
  await room.clock.pass(1000);
  const { broadcast } = room.actor;
  if (!broadcast) throw new Error('expected something on air');
  const prepared = {} as PreparedSource;
  const source = { kind: 'publisher', key: 'cam2' } as const;
  await room.actor.take(broadcast.id, source, async () => ({ id: 'c-aaaaaaaaaa', seed: 1, prepared }));
  const [first] = room.programmes;
  const muted = room.control({ type: 'mute', on: true });
  await room.clock.pass(1000);
  expect(await muted).toBe('done');
  expect(first?.looked).toEqual(['c-aaaaaaaaaa']);
  room.kill('process');
  await room.clock.pass(1000);
  const [second] = room.programmes;
  expect([second !== first, second?.looked]).toEqual([true, []]);
  await room.actor.close();
});

test('A worker that was away long ago is not blamed for a programme that is gone now', async () => {
  const room = new ScriptedRoom(true);
  await room.clock.pass(1000);
  room.worker = false;
  room.kill('worker');
  await room.clock.pass(5000);
  expect(room.missing).toBe('no worker');
  room.worker = true;
  await room.clock.pass(60_000);
  expect(room.missing).toBeNull();
  room.kill('process');
  const told = new Set<string | null>();
  for (let passedMs = 0; passedMs < 5000; passedMs += 10) {
    await room.clock.pass(10);
    told.add(room.missing);
  }
  expect([...told]).toEqual([null]);
  await room.actor.close();
});
