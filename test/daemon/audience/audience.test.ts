import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import type { Viewer } from '../../../src/contract/models.ts';
import type { Principal } from '../../../src/contract/principal.ts';
import { Audience } from '../../../src/daemon/audience/audience.ts';
import { Reports } from '../../../src/daemon/audience/reports.ts';
import type { OnAir } from '../../../src/daemon/audience/room-tally.ts';
import { audienceTable } from '../../../src/daemon/history/audience-table.ts';
import type { History } from '../../../src/daemon/history/history.ts';
import { usualLimits } from '../../helpers/history.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

const talk: OnAir = { id: 'b-aaaaaaaaaa', title: 'The talk' };
const nothing: OnAir = { id: '', title: null };
const anybody: Principal = { kind: 'daemon' };
const startMs = Date.UTC(2026, 0, 1, 12);

/** A disk, and one daemon after the other that counts on it. */
function openHall() {
  const database = new DatabaseSync(':memory:');
  const clock = new VirtualClock(1000, startMs);
  audienceTable.begin(database, startMs);
  const history = {
    add: (_: string, row: never) => audienceTable.write(database, [row], usualLimits),
    read: async (_: string, query: never, part: number | string = 0) => {
      if (!disk.isReadable) throw new Error('the disk does not answer');
      return part === 0 || part === 'file' ? audienceTable.read(database, query) : null;
    },
  } as unknown as History;
  const disk = { isReadable: true };
  let onAir = nothing;
  const asked: string[] = [];
  const options = {
    ...{ clock, history, isOwn: (room: string) => room === 'lobby' },
    onAir(room: string) {
      asked.push(room);
      return onAir;
    },
  };
  const begin = () => new Audience(options);
  let audience = begin();
  const reports = new Reports({
    ...{ history, clock, give: () => audience.give() },
    live: (id) =>
      onAir.id === id
        ? { room: 'lobby', name: 'The talk', startedAt: new Date(startMs).toISOString() }
        : null,
  });
  const seen = new Map<string, Viewer>();
  return {
    ...{ clock, database, reports, disk },
    /** The rooms that it has looked at. */
    asked,
    get audience() {
      return audience;
    },
    air(what: OnAir) {
      onAir = what;
    },
    /** A viewer is there, as he was but for this. */
    see(id: string, change: Partial<Viewer> = {}, renditions: readonly string[] = []) {
      const viewer = { ...(seen.get(id) ?? newViewer(id)), ...change };
      seen.set(id, viewer);
      audience.seen(viewer, renditions);
    },
    leave: (id: string, silentMs = 0) => audience.left(id, silentMs),
    /** Another daemon comes; what the one before had not given is lost. */
    async restart(isKilled: boolean, awayMs = 5000) {
      if (!isKilled) audience.close();
      if (awayMs > 0) await clock.pass(awayMs);
      audience = begin();
      await audience.recall();
    },
    total: async (asked: object = {}, caller = anybody) =>
      (await reports.get({ room: 'lobby', ...asked }, caller)).total,
    [Symbol.dispose]() {
      audience.close();
      database.close();
    },
  };
}

function newViewer(id: string): Viewer {
  return {
    ...{ id, room: 'lobby', kind: 'page', state: 'playing', rendition: null, picture: true },
    ...{ bitrateBps: null, lossPercent: null, roundTripMs: null, freezes: null, firstPictureMs: null },
    ...{ frozenPercent: null, suffers: null },
    ...{ address: '192.0.2.9', browser: `u-${id}`, browserName: 'Chrome 126 on Linux', userAgent: null },
    joinedAt: new Date(startMs).toISOString(),
  };
}

describe('Audience', () => {
  test('counts who stays over the borders of minutes, in each of them', async () => {
    using hall = openHall();
    hall.air(talk);
    await hall.clock.pass(30_000);
    hall.see('one');
    await hall.clock.pass(90_000);
    hall.see('two');
    await hall.clock.pass(60_000);
    hall.leave('one');
    await hall.clock.pass(120_000);
    const { intervals, title, total, browsers } = await hall.reports.get({ broadcast: talk.id }, anybody);
    expect(title).toBe('The talk');
    expect(total).toMatchObject({ there: 0, joined: 2, left: 1, peak: 2, minutesWatched: 5.5 });
    expect(
      intervals.map(({ joined, left, peak, minutesWatched }) => [joined, left, peak, minutesWatched]),
    ).toEqual([
      [1, 0, 1, 0.5],
      [0, 0, 1, 1],
      [1, 0, 2, 2],
      [0, 1, 2, 1],
      [0, 0, 1, 1],
      [0, 0, 0, 0],
    ]);
    expect(browsers).toEqual([{ name: 'Chrome on Linux', minutesWatched: 5.5 }]);
  });

  test('has in a broadcast who was there before it, and nobody after it', async () => {
    using hall = openHall();
    hall.see('one', { state: 'waiting' });
    await hall.clock.pass(60_000);
    hall.air(talk);
    hall.see('one', { state: 'playing' });
    await hall.clock.pass(60_000);
    hall.air(nothing);
    hall.see('one', { state: 'waiting' });
    await hall.clock.pass(600_000);
    expect(await hall.total({ broadcast: talk.id })).toMatchObject({
      there: 1,
      joined: 0,
      minutesWatched: 1,
      average: 1,
    });
    expect(await hall.total()).toMatchObject({ there: 0, joined: 1, minutesWatched: 1, peak: 1 });
  });

  test('a visit goes on where its page comes back, and is over where it does not', async () => {
    using hall = openHall();
    hall.see('one');
    hall.leave('one');
    await hall.clock.pass(20_000);
    hall.see('again', { browser: 'u-one' });
    expect(await hall.total()).toMatchObject({ joined: 1, left: 0 });
    hall.leave('again');
    await hall.clock.pass(59_000);
    expect(await hall.total()).toMatchObject({ joined: 1, left: 0 });
    await hall.clock.pass(11_000);
    expect(await hall.total()).toMatchObject({ joined: 1, left: 1, peak: 1 });
    hall.see('late', { browser: 'u-one' });
    expect(await hall.total()).toMatchObject({ joined: 2, left: 1 });
  });

  test('a page that is loaded anew while its old socket is still open is one visit', async () => {
    using hall = openHall();
    hall.air(talk);
    hall.see('other');
    hall.see('one');
    await hall.clock.pass(65_000);
    hall.see('again', { browser: 'u-one' });
    await hall.clock.pass(9000);
    hall.leave('one');
    await hall.clock.pass(100_000);
    expect(await hall.total()).toMatchObject({ joined: 2, left: 0 });
    // It goes on where it is killed, and ends once.
    await hall.restart(true);
    hall.see('back', { browser: 'u-one' });
    hall.leave('back');
    await hall.clock.pass(200_000);
    expect(await hall.total()).toMatchObject({ joined: 2, left: 2 });
    expect(hall.database.prepare('SELECT * FROM audience_visits').all()).toEqual([]);
  });

  test.each([
    { name: 'was noticed to be gone late', aliveMs: 45_000, silentMs: 40_000, joined: 1, left: 0 },
    { name: 'was open beside it', aliveMs: 11_000, silentMs: 0, joined: 2, left: 1 },
    { name: 'is in another room', aliveMs: 1000, silentMs: 0, room: 'hall', joined: 1, left: 1 },
    { name: 'is of another browser', aliveMs: 1000, silentMs: 0, browser: 'u-two', joined: 2, left: 1 },
    { name: 'has none', aliveMs: 1000, silentMs: 0, browser: null, joined: 2, left: 1 },
  ])(
    'a page whose other one $name',
    async ({ aliveMs, silentMs, room = 'lobby', browser = 'u-one', joined, left }) => {
      using hall = openHall();
      const own = browser === null ? { browser } : {};
      hall.see('one', own);
      await hall.clock.pass(30_000);
      hall.see('again', { browser, room });
      await hall.clock.pass(aliveMs);
      hall.leave('one', silentMs);
      await hall.clock.pass(200_000);
      expect(await hall.total()).toMatchObject({ joined, left });
    },
  );

  test('of two tabs, the one that came first goes on; each reload hands over to one', async () => {
    using hall = openHall();
    hall.see('first', { browser: 'u-one' });
    hall.see('second', { browser: 'u-one' });
    await hall.clock.pass(2000);
    hall.leave('second');
    await hall.clock.pass(200_000);
    expect(await hall.total()).toMatchObject({ joined: 2, left: 1 });
    hall.see('third', { browser: 'u-one' });
    await hall.clock.pass(20_000);
    for (const id of ['first-again', 'third-again']) hall.see(id, { browser: 'u-one' });
    for (const id of ['first', 'third']) hall.leave(id);
    await hall.clock.pass(200_000);
    expect(await hall.total()).toMatchObject({ joined: 3, left: 1 });
    for (const id of ['first-again', 'third-again']) hall.leave(id);
    await hall.clock.pass(200_000);
    expect(await hall.total()).toMatchObject({ joined: 3, left: 3 });
  });

  test.each([
    { how: 'a kill', isKilled: true },
    { how: 'an end', isKilled: false },
  ])('who is there over $how of the daemon, and comes back, is counted once', async ({ isKilled }) => {
    using hall = openHall();
    hall.air(talk);
    hall.see('one');
    hall.see('two');
    hall.see('whep', { kind: 'whep', browser: null });
    await hall.clock.pass(60_000);
    if (!isKilled) for (const id of ['one', 'two', 'whep']) hall.leave(id);
    await hall.restart(isKilled);
    hall.see('one-again', { browser: 'u-one' });
    hall.see('whep-again', { kind: 'whep', browser: null });
    await hall.clock.pass(60_000);
    // Whom nobody can know again has left, and came.
    expect(await hall.total()).toMatchObject({ joined: 4, left: 1 });
    await hall.clock.pass(120_000);
    expect(await hall.total()).toMatchObject({ joined: 4, left: 2, peak: 3 });
    // What is over is awaited no more.
    hall.leave('one-again');
    hall.leave('whep-again');
    await hall.clock.pass(120_000);
    await hall.restart(true);
    await hall.clock.pass(200_000);
    expect(await hall.total()).toMatchObject({ joined: 4, left: 4 });
    expect(hall.database.prepare('SELECT * FROM audience_visits').all()).toEqual([]);
  });

  test('a page that is quicker than the disk after a restart is no new visit either', async () => {
    using hall = openHall();
    hall.see('one');
    await hall.clock.pass(20_000);
    const recalled = hall.restart(true, 0);
    hall.see('again', { browser: 'u-one' });
    await recalled;
    await hall.clock.pass(200_000);
    expect(await hall.total()).toMatchObject({ joined: 1, left: 0 });
  });

  test('nobody who comes later is in a broadcast whose visits are over then', async () => {
    using hall = openHall();
    hall.air(talk);
    hall.see('one');
    hall.see('two');
    await hall.clock.pass(60_000);
    await hall.restart(true, 0);
    hall.air(nothing);
    await hall.clock.pass(60_000);
    for (const id of ['three', 'four', 'five']) hall.see(id);
    await hall.clock.pass(200_000);
    expect(await hall.total({ broadcast: talk.id })).toMatchObject({ peak: 2, left: 2 });
    expect(await hall.total()).toMatchObject({ peak: 3, joined: 5 });
  });

  test('who came a moment before the daemon ended, and comes back, is counted once', async () => {
    using hall = openHall();
    hall.air(talk);
    hall.see('one');
    hall.see('two');
    await hall.clock.pass(5000);
    for (const id of ['one', 'two']) hall.leave(id);
    await hall.restart(false);
    hall.see('one-again', { browser: 'u-one' });
    await hall.clock.pass(200_000);
    expect(await hall.total()).toMatchObject({ joined: 2, left: 1 });
    expect(hall.database.prepare('SELECT id FROM audience_visits').all()).toEqual([{ id: 'one-again' }]);
  });

  test('asks who was there until the disk answers, and awaits none of its own', async () => {
    using hall = openHall();
    hall.air(talk);
    for (const id of ['one', 'two', 'three']) hall.see(id);
    await hall.clock.pass(60_000);
    hall.disk.isReadable = false;
    const recalled = hall.restart(true, 0);
    await hall.clock.pass(1000);
    // He is there again long before it is known that he was.
    hall.see('one-again', { browser: 'u-one' });
    await hall.clock.pass(3_600_000);
    hall.see('there');
    hall.see('away');
    await hall.clock.pass(20_000);
    hall.leave('away');
    hall.disk.isReadable = true;
    await hall.clock.pass(600_000);
    await recalled;
    await hall.clock.pass(200_000);
    expect(await hall.total({ sinceMs: 2 * 3_600_000 })).toMatchObject({ joined: 5, left: 3 });
    const kept = hall.database.prepare('SELECT id FROM audience_visits ORDER BY id').all();
    expect(kept.map(({ id }) => id)).toEqual(['one-again', 'there']);
  });

  test('asks no more who was there once it is closed', async () => {
    using hall = openHall();
    hall.disk.isReadable = false;
    const recalled = hall.restart(true, 0);
    await hall.clock.pass(60_000);
    hall.audience.close();
    await recalled;
    expect(hall.clock.timers).toBe(1);
  });

  test('believes freezes as far as they can be, and the first picture once', async () => {
    using hall = openHall();
    hall.see('one');
    hall.see('two', { kind: 'whep' });
    await hall.clock.pass(5000);
    hall.see('one', { freezes: 2, firstPictureMs: 600 });
    await hall.clock.pass(5000);
    hall.see('one', { freezes: 1_000_000, firstPictureMs: 900 });
    await hall.clock.pass(3_595_000);
    const { freezesPerHour, firstPicture } = await hall.total();
    // 34 fit into 5 s.
    expect(freezesPerHour).toBe(36);
    expect(firstPicture).toEqual({ count: 1, p50Ms: 625, p95Ms: 738 });
  });

  test('knows the best of several renditions; of a single one, and of WHEP, nothing', async () => {
    using hall = openHall();
    hall.see('one', { rendition: '480p' }, ['480p', '720p']);
    hall.see('two', { rendition: '720p' }, ['480p', '720p']);
    hall.see('three', { rendition: '720p' }, ['720p']);
    hall.see('four', { rendition: 'h264' }, ['480p', '720p']);
    await hall.clock.pass(60_000);
    hall.see('one', { rendition: '720p' }, ['480p', '720p']);
    await hall.clock.pass(60_000);
    expect(await hall.total()).toMatchObject({
      bestShare: 0.75,
      freezesPerHour: null,
      firstPicture: null,
      minutesWatched: 8,
    });
  });

  test('keeps nothing of rooms that strangers make up', async () => {
    using hall = openHall();
    hall.see('one', { room: 'made-up' });
    await hall.clock.pass(60_000);
    hall.leave('one');
    await hall.clock.pass(120_000);
    expect(hall.database.prepare('SELECT * FROM audience').all()).toEqual([]);
    expect(hall.database.prepare('SELECT * FROM audience_visits').all()).toEqual([]);
  });

  test('does not wait for strangers in rooms that they make up', async () => {
    using hall = openHall();
    hall.see('one', { room: 'made-up' });
    hall.leave('one');
    await hall.clock.pass(10_000);
    hall.asked.length = 0;
    await hall.clock.pass(20_000);
    expect(hall.asked).toEqual([]);
  });

  test('has no address anywhere', async () => {
    using hall = openHall();
    hall.see('one', { browserName: null, userAgent: 'Strange 192.0.2.9' });
    await hall.clock.pass(60_000);
    const tables = ['audience', 'audience_visits', 'audience_titles'];
    const rows = tables.flatMap((name) => hall.database.prepare(`SELECT * FROM ${name}`).all());
    expect(rows.length).toBeGreaterThan(1);
    expect(JSON.stringify(rows)).not.toContain('192.0.2.9');
  });
});

describe('Reports', () => {
  const bound = (room: string): Principal => ({
    ...{ kind: 'token', id: 't-aaaaaaaaaa', name: 'anna', role: 'read', rooms: [room] },
  });

  test('tell of a broadcast who may see its room, and say the same to others as of one that is not', async () => {
    using hall = openHall();
    hall.air(talk);
    hall.see('one');
    await hall.clock.pass(60_000);
    hall.air(nothing);
    await hall.clock.pass(60_000);
    const ask = (broadcast: string, caller: Principal) => hall.reports.get({ broadcast }, caller);
    expect((await ask(talk.id, bound('lobby'))).total.joined).toBe(1);
    const unknown = await ask('b-bbbbbbbbbb', bound('hall')).catch((error) => error);
    const others = await ask(talk.id, bound('hall')).catch((error) => error);
    expect([unknown.code, others.code]).toEqual(['BROADCAST_NOT_FOUND', 'BROADCAST_NOT_FOUND']);
    expect(others.message).toBe(unknown.message.replace('b-bbbbbbbbbb', talk.id));
    expect(others.hint).toContain('mirolive report --room ROOM');
  });

  test('of a broadcast that nobody watches yet, and of a room where nobody was, are empty', async () => {
    using hall = openHall();
    hall.air(talk);
    expect(await hall.total({ broadcast: talk.id })).toMatchObject({
      joined: 0,
      peak: 0,
      freezesPerHour: null,
    });
    expect(await hall.total({ room: 'hall' })).toMatchObject({ joined: 0, minutesWatched: 0 });
  });

  test.each([
    [{}, 'expected a broadcast or a room, got neither'],
    [{ room: 'lobby', sinceMs: 60_000, untilMs: 3_600_000 }, 'begins before it ends'],
    [{ room: 'lobby', sinceMs: Date.UTC(2100, 0) }, 'not before 1970'],
    [
      { room: 'lobby', sinceMs: 365 * 86_400_000, stepMs: 60_000 },
      'expected 2000 intervals at most, got 525',
    ],
  ])('refuse %o', async (asked, message) => {
    using hall = openHall();
    await expect(hall.reports.get(asked, anybody)).rejects.toMatchObject({
      ...{ code: 'INVALID_REQUEST', message: expect.stringContaining(message) },
    });
  });
});
