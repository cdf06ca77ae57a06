import { describe, expect, it } from 'vitest';
import { config as configSchema } from '../../../src/contract/config.ts';
import { MiroliveError } from '../../../src/contract/errors.ts';
import type { Event } from '../../../src/contract/events.ts';
import type { LeaveReason } from '../../../src/contract/publishing.ts';
import { EventHub } from '../../../src/daemon/event-hub.ts';
import { StreamKeys } from '../../../src/daemon/publishers/keys/stream-keys.ts';
import { Publishers } from '../../../src/daemon/publishers/publishers.ts';
import { openState, silentLog, temporaryFolder } from '../../helpers/state.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

const media = { protocol: 'rtmp', pullUrl: 'rtmp://127.0.0.1/x', tracks: [] } as const;

/** Publishers with real keys in a folder of their own, and all that is told of them. */
function openPublishers(rooms: Record<string, unknown> = {}, clock = new VirtualClock()) {
  const folder = temporaryFolder();
  const store = openState(folder.path);
  const keys = StreamKeys.create(store, clock);
  const hub = new EventHub();
  const events: Event[] = [];
  hub.listen((event) => events.push(event));
  const publishers = new Publishers({
    config: configSchema.parse({ rooms }),
    keys,
    hub,
    log: silentLog,
    clock,
  });
  const facts: unknown[] = [];
  publishers.on('published', ({ id }, media) => facts.push(['published', id, media]));
  publishers.on('silent', ({ id }, silent) => facts.push(['silent', id, silent]));
  publishers.on('gone', ({ id }, reason) => facts.push(['gone', id, reason]));
  const ended: LeaveReason[] = [];
  const come = (secret: string, room = 'lobby') =>
    publishers.admit({
      room,
      secret,
      protocol: 'rtmp',
      address: '192.0.2.9',
      end: (reason) => ended.push(reason),
    });
  const types = () => events.map(({ type }) => type);
  return {
    ...{ keys, publishers, events, facts, ended, come, types },
    [Symbol.dispose]() {
      publishers.close();
      store.close();
      folder[Symbol.dispose]();
    },
  };
}

describe('Publishers', () => {
  it('lets whoever sends too much come back at once, then later and later, and others at any time', async () => {
    const clock = new VirtualClock();
    using desk = openPublishers({}, clock);
    const flooding = desk.keys.create({ room: 'lobby', expiresMs: null });
    const other = desk.keys.create({ room: 'lobby', expiresMs: null });
    let floods = 0;
    for (let seconds = 0; seconds < 600; seconds++) {
      await clock.pass(1000);
      try {
        const { id } = desk.come(flooding.secret);
        desk.publishers.begin(id, media);
        desk.publishers.release(id, 'tooMuch');
        floods++;
      } catch (error) {
        expect(error).toMatchObject({
          code: 'LIMIT_REACHED',
          message: expect.stringMatching(
            /^stream key cam1 of room lobby sent more than limits.sourceBitrate; it may come back in \d+ s$/,
          ),
          hint: expect.stringContaining('limits.sourceBitrate'),
        });
      }
    }
    expect(floods).toBeGreaterThanOrEqual(13);
    expect(floods).toBeLessThanOrEqual(17);
    expect(desk.events).toContainEqual(
      expect.objectContaining({ type: 'publisher.left', reason: 'tooMuch' }),
    );
    expect(desk.events).toContainEqual(
      expect.objectContaining({ type: 'publisher.refused', code: 'LIMIT_REACHED' }),
    );
    expect(desk.come(other.secret)).toMatchObject({ key: 'cam2' });
    const { secret } = desk.keys.rotate(flooding.key.id, undefined);
    expect(desk.come(secret)).toMatchObject({ key: 'cam1' });
  });

  it('lets whoever publishes go on for as long as the key is valid now', async () => {
    const clock = new VirtualClock();
    using desk = openPublishers({}, clock);
    const { secret } = desk.keys.create({ room: 'lobby', expiresMs: 60_000 });
    const { id } = desk.come(secret);
    desk.publishers.begin(id, media);
    const until = (expiresAt: number) =>
      desk.keys.takeUp(desk.keys.records().map((record) => ({ ...record, expiresAt })));
    until(clock.wallMs() + 600_000);
    await clock.pass(590_000);
    expect(desk.publishers.list()).toHaveLength(1);
    until(clock.wallMs() - 1);
    await clock.pass(1000);
    expect(desk.events.at(-1)).toMatchObject({ type: 'publisher.left', id, reason: 'expired' });
  });

  it('refuses whoever sends a codec that is not taken, with what to set, whether it is on air or not', () => {
    using desk = openPublishers();
    const { secret } = desk.keys.create({ room: 'lobby', expiresMs: null });
    desk.publishers.refuseCodec(desk.come(secret).id, 'HEVC');
    const { id } = desk.come(secret);
    desk.publishers.begin(id, media);
    desk.publishers.refuseCodec(id, 'AV1');
    desk.publishers.refuseCodec(id, 'AV1');
    expect(desk.types()).toEqual([
      ...['publisher.refused', 'publisher.joined', 'publisher.refused', 'publisher.left'],
    ]);
    expect(desk.events[2]).toMatchObject({
      ...{ room: 'lobby', code: 'PUBLISHER_CODEC' },
      message: 'expected cam1 to send H.264 and AAC by RTMP, got AV1',
    });
    expect(desk.events[3]).toMatchObject({ id, reason: 'codec' });
    expect(desk.publishers.list()).toEqual([]);
  });

  it('lets whoever has a valid key in, and tells of it once the media is there', () => {
    using desk = openPublishers();
    const { secret } = desk.keys.create({ room: 'lobby', expiresMs: null });
    const publication = desk.come(secret);
    expect(publication).toMatchObject({ room: 'lobby', key: 'cam1', protocol: 'rtmp', address: '192.0.2.9' });
    expect(publication.id).toMatch(/^p-[a-z2-7]{10}$/);
    expect(desk.publishers.list()).toEqual([]);
    desk.publishers.begin(publication.id, media);
    desk.publishers.begin(publication.id, media);
    expect(desk.publishers.list('lobby')).toEqual([{ ...publication, state: 'live' }]);
    expect(desk.publishers.list('hall')).toEqual([]);
    desk.publishers.release(publication.id);
    desk.publishers.release(publication.id);
    expect(desk.facts).toEqual([
      ['published', publication.id, media],
      ['gone', publication.id, 'left'],
    ]);
    expect(desk.types()).toEqual(['publisher.joined', 'publisher.left']);
    expect(desk.keys.list({ revoked: false })[0]?.lastUsedAt).not.toBeNull();
    expect(desk.ended).toEqual([]);
  });

  it('tells nothing of one that goes before its media was there', () => {
    using desk = openPublishers();
    const { secret } = desk.keys.create({ room: 'lobby', expiresMs: null });
    desk.publishers.release(desk.come(secret).id);
    expect(desk.facts).toEqual([]);
    expect(desk.types()).toEqual([]);
  });

  it.each([
    { name: 'an unknown key', secret: () => 'mlk_none', code: 'KEY_UNKNOWN' },
    { name: 'an empty key', secret: () => '', code: 'KEY_UNKNOWN' },
    {
      name: 'a revoked key',
      secret: (keys: StreamKeys) => {
        const made = keys.create({ room: 'lobby', expiresMs: null });
        keys.revoke(made.key.id);
        return made.secret;
      },
      code: 'KEY_REVOKED',
    },
    {
      name: 'the key of another room',
      secret: (keys: StreamKeys) => keys.create({ room: 'hall', expiresMs: null }).secret,
      code: 'KEY_UNKNOWN',
    },
  ])('refuses $name, and tells the operator why', ({ secret, code }) => {
    using desk = openPublishers();
    const given = secret(desk.keys);
    expect(() => desk.come(given)).toThrow(expect.objectContaining({ code }));
    expect(desk.events).toMatchObject([{ type: 'publisher.refused', room: 'lobby', code, protocol: 'rtmp' }]);
  });

  it.each([
    { room: '', got: 'nothing' },
    { room: 'Lobby', got: '"Lobby"' },
    { room: '../etc', got: '"../etc"' },
    { room: 'mlk_vz3uyatok53ydbwjcg3laegaagyrbfol', got: 'a stream key' },
    { room: 'live/MLK_VZ3UYATOK53YDBWJCG3LAEGAAGYRBFOL', got: 'a stream key' },
    { room: 'a'.repeat(100_000), got: `"${'a'.repeat(60)}"` },
  ])('refuses a room that is called $got, and says so of no room', ({ room, got }) => {
    using desk = openPublishers();
    const { secret } = desk.keys.create({ room: 'lobby', expiresMs: null });
    const code = 'PUBLISHER_UNCLEAR';
    expect(() => desk.come(secret, room)).toThrow(expect.objectContaining({ code }));
    const message = `expected the name of a room, got ${got}`;
    expect(desk.events).toMatchObject([{ type: 'publisher.refused', room: null, code, message }]);
  });

  it('tells of the first failures of an address only, and still takes a valid key from it', () => {
    using desk = openPublishers();
    const { secret } = desk.keys.create({ room: 'lobby', expiresMs: null });
    for (let attempt = 0; attempt < 50; attempt++) expect(() => desk.come('mlk_none')).toThrow();
    expect(desk.events).toHaveLength(5);
    expect(desk.come(secret).key).toBe('cam1');
  });

  it('tells of few who never said what they want, from many networks too, and of failures as before', () => {
    using desk = openPublishers();
    const unclear = new MiroliveError('PUBLISHER_UNCLEAR', 'expected RTMP, got HTTP');
    for (let host = 0; host < 200; host++)
      desk.publishers.turnAway({ protocol: 'rtmp', address: `2001:db8:${host.toString(16)}::1` }, unclear);
    expect(desk.events).toHaveLength(20);
    for (let attempt = 0; attempt < 50; attempt++) {
      desk.publishers.turnAway({ protocol: 'rtmp', address: '192.0.2.9' }, unclear);
      expect(() => desk.come('mlk_none')).toThrow();
    }
    expect(desk.events).toHaveLength(25);
  });

  it('refuses a second publisher with the same key, but takes one with another', () => {
    using desk = openPublishers();
    const first = desk.keys.create({ room: 'lobby', expiresMs: null });
    const second = desk.keys.create({ room: 'lobby', expiresMs: null });
    desk.publishers.begin(desk.come(first.secret).id, media);
    expect(() => desk.come(first.secret)).toThrow(
      expect.objectContaining({
        code: 'PUBLISHER_CONFLICT',
        message: 'somebody publishes with stream key cam1 of room lobby already, from 192.0.2.9 by rtmp',
      }),
    );
    expect(desk.come(second.secret).key).toBe('cam2');
    expect(desk.ended).toEqual([]);
  });

  it('ends the first where the room says takeover', () => {
    using desk = openPublishers({ lobby: { onConflict: 'takeover' } });
    const { secret } = desk.keys.create({ room: 'lobby', expiresMs: null });
    const first = desk.come(secret);
    desk.publishers.begin(first.id, media);
    const second = desk.come(secret);
    expect(desk.ended).toEqual([]);
    desk.publishers.begin(second.id, media);
    expect(desk.ended).toEqual(['takeover']);
    expect(desk.facts).toEqual([
      ['published', first.id, media],
      ['gone', first.id, 'takeover'],
      ['published', second.id, media],
    ]);
  });

  it('lets one take over that is not heard any more: it is often the same encoder', () => {
    using desk = openPublishers();
    const { secret } = desk.keys.create({ room: 'lobby', expiresMs: null });
    const first = desk.come(secret);
    desk.publishers.begin(first.id, media);
    desk.publishers.setSilent(first.id, true);
    desk.publishers.setSilent(first.id, true);
    expect(desk.publishers.list()).toMatchObject([{ id: first.id, state: 'silent' }]);
    desk.publishers.setSilent(first.id, false);
    expect(() => desk.come(secret)).toThrow(expect.objectContaining({ code: 'PUBLISHER_CONFLICT' }));
    desk.publishers.setSilent(first.id, true);
    const second = desk.come(secret);
    expect(desk.ended).toEqual([]);
    desk.publishers.begin(second.id, media);
    expect(desk.ended).toEqual(['takeover']);
    expect(desk.facts).toEqual([
      ['published', first.id, media],
      ['silent', first.id, true],
      ['silent', first.id, false],
      ['silent', first.id, true],
      ['gone', first.id, 'takeover'],
      ['published', second.id, media],
    ]);
    expect(desk.types()).toEqual([
      'publisher.joined',
      'publisher.silent',
      'publisher.heard',
      'publisher.refused',
      'publisher.silent',
      'publisher.left',
      'publisher.joined',
    ]);
  });

  it.each(['refuse', 'takeover'])(
    'lets the newest that connects have the key, and ends who came before it, where the room says %s',
    (onConflict) => {
      using desk = openPublishers({ lobby: { onConflict } });
      const { secret } = desk.keys.create({ room: 'lobby', expiresMs: null });
      const [oldest, older, newest] = [1, 2, 3].map(() => desk.come(secret).id);
      desk.publishers.begin(older ?? '', media);
      expect(desk.ended).toEqual(['takeover']);
      desk.publishers.begin(oldest ?? '', media);
      expect(desk.publishers.list().map(({ id }) => id)).toEqual([older]);
      expect(desk.types()).toEqual(['publisher.joined']);
      desk.publishers.begin(newest ?? '', media);
      const wins = onConflict === 'takeover' ? newest : older;
      expect(desk.publishers.list().map(({ id }) => id)).toEqual([wins]);
      expect(desk.ended).toEqual(['takeover', 'takeover']);
    },
  );

  it('lets four wait with one key: the oldest makes room for a fifth, and none of another key does', () => {
    using desk = openPublishers();
    const { secret } = desk.keys.create({ room: 'lobby', expiresMs: null });
    const other = desk.come(desk.keys.create({ room: 'lobby', expiresMs: null }).secret);
    const [oldest, ...more] = [1, 2, 3, 4, 5].map(() => desk.come(secret));
    expect(desk.ended).toEqual(['takeover']);
    desk.publishers.begin(oldest?.id ?? '', media);
    expect(desk.publishers.list()).toEqual([]);
    for (const { id } of [other, ...more.slice(0, 1)]) desk.publishers.begin(id, media);
    expect(desk.publishers.list().map(({ key }) => key)).toEqual(['cam2', 'cam1']);
  });

  it.each(['revoked', 'rotated'] as const)('ends a publisher whose key is %s at once', (reason) => {
    using desk = openPublishers();
    const { key, secret } = desk.keys.create({ room: 'lobby', expiresMs: null });
    const publication = desk.come(secret);
    desk.publishers.begin(publication.id, media);
    if (reason === 'revoked') desk.keys.revoke(key.id);
    else desk.keys.rotate(key.id, undefined);
    expect(desk.ended).toEqual([reason]);
    expect(desk.facts.at(-1)).toEqual(['gone', publication.id, reason]);
    expect(desk.publishers.list()).toEqual([]);
  });

  it('ends a publisher when the time of its key is over', async () => {
    const clock = new VirtualClock();
    using desk = openPublishers({}, clock);
    const { secret } = desk.keys.create({ room: 'lobby', expiresMs: 8 * 3_600_000 });
    const publication = desk.come(secret);
    desk.publishers.begin(publication.id, media);
    await clock.pass(8 * 3_600_000 - 1);
    expect(desk.ended).toEqual([]);
    await clock.pass(1);
    expect(desk.ended).toEqual(['expired']);
  });

  it('close() ends everybody, and may be called twice', () => {
    using desk = openPublishers();
    const { secret } = desk.keys.create({ room: 'lobby', expiresMs: null });
    desk.publishers.begin(desk.come(secret).id, media);
    desk.publishers.close();
    desk.publishers.close();
    expect(desk.ended).toEqual(['shutdown']);
  });
});
