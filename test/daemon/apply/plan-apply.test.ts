import { describe, expect, it, test } from 'vitest';
import { declared, type NewDeclared } from '../../../src/contract/event/declared.ts';
import { eventText } from '../../../src/contract/event/event-text.ts';
import type { NewScheduleSpec } from '../../../src/contract/schedule.ts';
import type { Current, Owned, Running } from '../../../src/daemon/apply/current.ts';
import { declaredOf } from '../../../src/daemon/apply/declared-of.ts';
import { planApply, wantedBroadcast } from '../../../src/daemon/apply/plan-apply.ts';

const [secret, other] = ['a'.repeat(64), 'b'.repeat(64)];
const file = (path: string) => ({ kind: 'file', path }) as const;
const list = (...paths: string[]) => ({ items: paths.map((path) => ({ source: file(path) })) });
const played = (...paths: string[]) => ({ source: { kind: 'playlist', ...list(...paths) } }) as const;

/** What there is where a file was applied; `words` says what is on air. */
function there(
  given: Omit<NewDeclared, 'name'>,
  by: string | null = 'webinar',
  more: Partial<Current> = {},
): Current {
  const whole = declared.parse({ name: 'webinar', ...given });
  const owned = <T>(things: Readonly<Record<string, T>>) =>
    new Map(Object.entries(things).map(([name, is]): [string, Owned<T>] => [name, { by, is }]));
  const playlists = owned(whole.playlists);
  const broadcasts = Object.entries(whole.broadcasts).map(([room, one]): [string, Running] => {
    const is = wantedBroadcast(one, whole.playlists, { playlists });
    if (!is) throw new Error(`expected a playlist for ${room}`);
    return [
      room,
      { by, is, id: `b-${room}`, words: 'talk.mp4', kept: true, scheduled: false, begunBy: 'person' },
    ];
  });
  return {
    rooms: owned(whole.rooms),
    schedules: owned(whole.schedules),
    keys: new Map(whole.keys.map((is) => [`${is.room}/${is.name}`, { by, is }])),
    ...{ revoked: new Set(), playlists, broadcasts: new Map(broadcasts) },
    ...{ atMs: Date.UTC(2026, 11, 1), configured: new Map(), readable: true, going: new Set() },
    ...{ publishing: new Set(), viewers: new Map(), idling: new Set(), ...more },
  };
}
const nothing = there({});

const key = { room: 'lobby', name: 'cam1', hash: secret, expiresAt: '2026-12-31T22:00:00Z' };
const morning = {
  ...{ room: 'stage', when: { cron: '0 9 * * 1-5', zone: 'Europe/Berlin' }, end: { forMs: 3_600_000 } },
  what: { call: 'startBroadcast', params: { source: { kind: 'playlist', ...list('/srv/a.mp4') } } },
} satisfies NewScheduleSpec;
const whole = {
  rooms: { lobby: { hold: '9s', slate: { text: 'Soon' } } },
  keys: [key],
  playlists: { evening: list('/srv/a.mp4', '/srv/b.mp4') },
  broadcasts: {
    lobby: { source: file('/srv/talk.mp4'), name: 'Talk' },
    stage: { source: { kind: 'saved', playlist: 'evening' } },
  },
  schedules: { morning },
} satisfies Omit<NewDeclared, 'name'>;

/** Each change in a line: what, field by field, and what is noticed. */
function lines(given: Omit<NewDeclared, 'name'>, current: Current, prune = false): string[] {
  const plan = planApply(declared.parse({ name: 'webinar', ...given }), current, prune);
  return [
    ...plan.changes.map(({ what, name, act, fields, effect, offAir, takenFrom }) =>
      [
        `${act} ${what} ${name}`,
        ...fields.map(({ path, before, after }) => `${path}: ${before} → ${after}`),
        ...(effect === null ? [] : [`${offAir ? '! ' : ''}${effect}`]),
        ...(takenFrom === null ? [] : [`from ${takenFrom}`]),
      ].join('; '),
    ),
    ...plan.left.map((left) => `left: ${left}`),
    ...plan.paused.map((name) => `paused: ${name}`),
    ...plan.problems.map(({ path, message }) => `${path.join('.')}: ${message}`),
  ];
}

describe('planApply', () => {
  it('makes all of it where there is nothing', () => {
    expect(lines(whole, nothing)).toEqual([
      'create room lobby; hold: null → 9s; slate.text: null → Soon',
      'create key lobby/cam1; secret: null → aaaaaaaa…; expires: null → 2026-12-31T22:00:00.000Z',
      'create playlist evening; loop: null → false; shuffle: null → false; items.1: null → a.mp4; items.2: null → b.mp4',
      'start broadcast lobby; file: null → /srv/talk.mp4; name: null → Talk',
      'start broadcast stage; loop: null → false; shuffle: null → false; items.1: null → a.mp4; items.2: null → b.mp4',
      'create schedule morning; room: null → stage; cron: null → 0 9 * * 1-5; zone: null → Europe/Berlin; for: null → 3600s; stream.loop: null → false; stream.shuffle: null → false; stream.items.1: null → a.mp4; priority: null → 50; onMissed: null → join; preflight: null → 600s',
    ]);
  });

  it('changes nothing where all is there, whoever applied it', () => {
    for (const by of ['webinar', 'other', null]) expect(lines(whole, there(whole, by))).toEqual([]);
  });

  it('makes nothing of what is exported of it', () => {
    for (const file of ['webinar', null]) {
      const current = there(whole);
      expect(planApply(declaredOf(current, file), current, true)).toEqual({
        changes: [],
        problems: [],
        left: [],
        paused: [],
      });
      expect(eventText(declaredOf(current, file))).toContain('saved: evening');
    }
    expect(declaredOf(there(whole), 'other')).toEqual(declared.parse({ name: 'other' }));
  });

  it('exports of a schedule that it is paused, and nothing where it is not', () => {
    const paused = there({ schedules: { morning: { ...morning, paused: true } } });
    expect(declaredOf(paused, null).schedules.morning?.paused).toBe(true);
    const runs = there({ schedules: { morning: { ...morning, paused: false } } });
    expect(declaredOf(runs, null).schedules.morning).not.toHaveProperty('paused');
  });

  it('exports nothing that a schedule has put on air', () => {
    const current = there({ broadcasts: { lobby: { source: file('/srv/talk.mp4') } } }, null);
    const [[room, one] = ['', null]] = current.broadcasts;
    const broadcasts = new Map([[room, { ...(one as Running), scheduled: true }]]);
    expect(declaredOf({ ...current, broadcasts }, null).broadcasts).toEqual({});
  });

  it('exports no setting that does not hold, with which no file could be read', () => {
    const settings = { hold: '9s', slate: { text: 'Soon', colour: 'red' }, older: true };
    const rooms = new Map([['lobby', { by: null, is: settings }]]);
    expect(declaredOf({ ...nothing, rooms }, null).rooms).toEqual({
      lobby: { hold: '9s', slate: { text: 'Soon' } },
    });
  });

  const { rooms, keys, playlists, broadcasts } = whole;
  it.each<[string, Omit<NewDeclared, 'name'>, Current, string[]]>([
    [
      'a setting that is another, one that is gone, and one that is new',
      { rooms: { lobby: { hold: '5s', alwaysOn: true } } },
      there({ rooms }),
      ['change room lobby; hold: 9s → 5s; slate.text: Soon → null; alwaysOn: null → true'],
    ],
    [
      'another secret',
      { keys: [{ ...key, hash: other }] },
      there({ keys }),
      ['change key lobby/cam1; secret: aaaaaaaa… → bbbbbbbb…'],
    ],
    [
      'another secret of somebody who publishes',
      { keys: [{ ...key, hash: other }] },
      there({ keys }, 'webinar', { publishing: new Set(['lobby/cam1']) }),
      ['change key lobby/cam1; secret: aaaaaaaa… → bbbbbbbb…; ! cuts off who publishes with lobby/cam1'],
    ],
    [
      'another end of a key of somebody who publishes',
      { keys: [{ ...key, expiresAt: null }] },
      there({ keys }, 'webinar', { publishing: new Set(['lobby/cam1']) }),
      ['change key lobby/cam1; expires: 2026-12-31T22:00:00.000Z → null'],
    ],
    [
      'an end that is past of a key of somebody who publishes',
      { keys: [{ ...key, expiresAt: '2026-11-30T22:00:00Z' }] },
      there({ keys }, 'webinar', { publishing: new Set(['lobby/cam1']) }),
      [
        'change key lobby/cam1; expires: 2026-12-31T22:00:00.000Z → 2026-11-30T22:00:00.000Z; ! cuts off who publishes with lobby/cam1',
      ],
    ],
    [
      'the same end in another zone',
      { keys: [{ ...key, expiresAt: '2026-12-31T23:00:00+01:00' }] },
      there({ keys }),
      [],
    ],
    [
      'another source',
      { broadcasts: { lobby: { source: file('/srv/other.mp4'), name: 'Talk' } } },
      there({ broadcasts: { lobby: broadcasts.lobby } }),
      [
        'restart broadcast lobby; file: /srv/talk.mp4 → /srv/other.mp4; ! takes lobby off air: talk.mp4 → other.mp4',
      ],
    ],
    [
      'another name',
      { broadcasts: { lobby: { ...broadcasts.lobby, name: 'A talk' } } },
      there({ broadcasts: { lobby: broadcasts.lobby } }),
      ['restart broadcast lobby; name: Talk → A talk; ! takes lobby off air: talk.mp4 → talk.mp4'],
    ],
    [
      'other items of what plays',
      { broadcasts: { lobby: played('/srv/a.mp4', '/srv/c.mp4') } },
      there({ broadcasts: { lobby: played('/srv/a.mp4', '/srv/b.mp4') } }),
      ['edit broadcast lobby; items.2: b.mp4 → c.mp4'],
    ],
    [
      'other items of a saved playlist that plays',
      { playlists: { evening: list('/srv/a.mp4') }, broadcasts: { stage: broadcasts.stage } },
      there({ playlists, broadcasts: { stage: broadcasts.stage } }),
      ['change playlist evening; items.2: b.mp4 → null', 'edit broadcast stage; items.2: b.mp4 → null'],
    ],
    [
      'a folder among the items of what plays',
      {
        broadcasts: {
          lobby: { source: { kind: 'playlist', items: [{ source: { kind: 'folder', path: '/srv/x' } }] } },
        },
      },
      there({ broadcasts: { lobby: played('/srv/a.mp4') } }),
      ['restart broadcast lobby; items.1: a.mp4 → x/; ! takes lobby off air: talk.mp4 → x/'],
    ],
    [
      'another hour, and other items then',
      {
        schedules: {
          morning: {
            ...morning,
            when: { cron: '0 10 * * 1-5', zone: 'Europe/Berlin' },
            what: { call: 'startBroadcast', params: played('/srv/b.mp4') },
          },
        },
      },
      there({ schedules: { morning } }),
      ['change schedule morning; cron: 0 9 * * 1-5 → 0 10 * * 1-5; stream.items.1: a.mp4 → b.mp4'],
    ],
    [
      'what plays, and would end with the daemon',
      { broadcasts: { lobby: broadcasts.lobby } },
      (() => {
        const current = there({ broadcasts: { lobby: broadcasts.lobby } }, null);
        const [[room, one] = ['', null]] = current.broadcasts;
        return { ...current, broadcasts: new Map([[room, { ...(one as Running), kept: false }]]) };
      })(),
      ['keep broadcast lobby; kept: false → true'],
    ],
    [
      'what another file applied',
      { rooms: { lobby: { hold: '1s' } } },
      there({ rooms: { lobby: { hold: '2s' } } }, 'other'),
      ['change room lobby; hold: 2s → 1s; from other'],
    ],
    [
      'what a command made',
      { rooms: { lobby: { hold: '1s' } } },
      there({ rooms: { lobby: { hold: '2s' } } }, null),
      ['change room lobby; hold: 2s → 1s'],
    ],
    [
      'a room that lets nobody in any more, and somebody is in it',
      { rooms: { lobby: { access: 'closed' } } },
      there({}, null, { viewers: new Map([['lobby', 3]]) }),
      ['create room lobby; access: null → closed; ! lets 3 viewers of lobby go'],
    ],
    [
      'a room that was always on, on its slate',
      { rooms: { lobby: {} } },
      there({ rooms: { lobby: { alwaysOn: true } } }, null, { idling: new Set(['lobby']) }),
      ['change room lobby; alwaysOn: true → null; ! takes lobby off air: its slate'],
    ],
    [
      'a room that lets nobody in any more, since what was set over the configuration is gone',
      { rooms: { lobby: {} } },
      there({ rooms: { lobby: { access: 'open' } } }, null, {
        ...{ viewers: new Map([['lobby', 1]]), configured: new Map([['lobby', { access: 'closed' }]]) },
      }),
      ['change room lobby; access: open → null; ! lets the viewer of lobby go'],
    ],
    [
      'a room that somebody closed, of which the file says nothing',
      { rooms: { lobby: { hold: '9s' } } },
      there({ rooms: { lobby: { hold: '9s', access: 'closed' } } }),
      ['change room lobby; access: closed → null; ! lets viewers into lobby, which is closed'],
    ],
    [
      'a room that was closed and that the file opens',
      { rooms: { lobby: { access: 'open' } } },
      there({ rooms: { lobby: { access: 'closed' } } }),
      ['change room lobby; access: closed → open'],
    ],
    [
      'a room that is closed already by the configuration',
      { rooms: { lobby: { access: 'closed' } }, broadcasts: { lobby: broadcasts.lobby } },
      there({}, null, {
        ...{ viewers: new Map([['lobby', 1]]), configured: new Map([['lobby', { access: 'closed' }]]) },
      }),
      [
        'create room lobby; access: null → closed',
        'start broadcast lobby; file: null → /srv/talk.mp4; name: null → Talk; nobody sees it: the room is closed',
      ],
    ],
    [
      'a room that is on air by the configuration, and would be no more',
      { rooms: { lobby: { alwaysOn: false } } },
      there({}, null, {
        ...{ idling: new Set(['lobby']), configured: new Map([['lobby', { alwaysOn: true }]]) },
      }),
      ['create room lobby; alwaysOn: null → false; ! takes lobby off air: its slate'],
    ],
    [
      'a room that a lost state keeps shut, and one that the configuration opens',
      {
        rooms: { lobby: { access: 'open' }, stage: { access: 'open' } },
        broadcasts: { hall: broadcasts.lobby },
      },
      there({}, null, { readable: false, configured: new Map([['stage', { access: 'closed' }]]) }),
      [
        'create room lobby; access: null → open',
        'create room stage; access: null → open',
        'start broadcast hall; file: null → /srv/talk.mp4; name: null → Talk; nobody sees it: the room lets nobody in, since the state is lost',
        'rooms.lobby.access: expected a state that is not lost: the room lets nobody in until a backup is restored, or mirolive state accept goes on without one',
      ],
    ],
    [
      'a schedule of which a run goes on',
      { schedules: { morning: { ...morning, end: { forMs: 60_000 } } } },
      there({ schedules: { morning } }, 'webinar', { going: new Set(['morning']) }),
      ['change schedule morning; for: 3600s → 60s; the run that goes on stays as it began, until its end'],
    ],
    [
      'a schedule that is paused, of which the file says nothing',
      { schedules: { morning: { ...morning, priority: 60 } } },
      there({ schedules: { morning: { ...morning, paused: true } } }),
      ['change schedule morning; priority: 50 → 60', 'paused: morning'],
    ],
    [
      'a schedule that is paused, and is not to be',
      { schedules: { morning: { ...morning, paused: false } } },
      there({ schedules: { morning: { ...morning, paused: true } } }),
      ['change schedule morning; paused: true → false'],
    ],
    [
      'a schedule that is to be paused',
      { schedules: { morning: { ...morning, paused: true } } },
      there({ schedules: { morning: { ...morning, paused: false } } }),
      ['change schedule morning; paused: false → true'],
    ],
    [
      'a secret in an address, and headers',
      {
        broadcasts: {
          lobby: { source: { kind: 'url', url: 'https://a:b@c.example/1', headers: { Cookie: 'secret' } } },
        },
      },
      nothing,
      ['start broadcast lobby; url: null → https://c.example/1; headers: null → Cookie'],
    ],
    [
      'secrets that are void, or of another key',
      { keys: [key, { room: 'b', name: 'cam1', hash: other }] },
      there({ keys: [{ room: 'c', name: 'cam9', hash: other }] }, null, { revoked: new Set([secret]) }),
      [
        'create key lobby/cam1; secret: null → aaaaaaaa…; expires: null → 2026-12-31T22:00:00.000Z',
        'create key b/cam1; secret: null → bbbbbbbb…',
        'keys.0: expected another secret for key lobby/cam1: this one was revoked',
        'keys.1: expected another secret for key b/cam1: key c/cam9 has this one',
      ],
    ],
    [
      'a playlist that there is not, and a pipe',
      { broadcasts: { a: broadcasts.stage, b: { source: { kind: 'stdin', token: 'a'.repeat(10) } } } },
      nothing,
      [
        'start broadcast b; source.kind: null → stdin; source.token: null → aaaaaaaaaa',
        'broadcasts.a.saved: expected a playlist of the file, or one that is saved, got evening',
        'broadcasts.b: expected a source that can be opened again, got a pipe',
      ],
    ],
  ])('tells of %s', (_, given, current, expected) => {
    expect(lines(given, current)).toEqual(expected);
  });

  it('leaves what is in the file no more, and says so; removes it with prune', () => {
    expect(lines({}, there(whole))).toEqual([
      'left: room lobby',
      'left: key lobby/cam1',
      'left: playlist evening',
      'left: broadcast lobby',
      'left: broadcast stage',
      'left: schedule morning',
    ]);
    expect(lines({}, there(whole), true)).toEqual([
      'remove room lobby',
      'remove key lobby/cam1',
      'remove playlist evening',
      'stop broadcast lobby; ! takes lobby off air: talk.mp4',
      'stop broadcast stage; ! takes stage off air: talk.mp4',
      'remove schedule morning',
    ]);
  });

  test('prune removes nothing that another file applied, or a command made', () => {
    for (const by of ['other', null]) expect(lines({}, there(whole, by), true)).toEqual([]);
  });
});
