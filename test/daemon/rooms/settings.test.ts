import { expect, it } from 'vitest';
import { parseConfigFile } from '../../../src/contract/config-file.ts';
import { Settings } from '../../../src/daemon/rooms/settings.ts';
import { readRoomSettings, writeRoomSettings } from '../../../src/daemon/state/room-settings.ts';
import { openState, temporaryFolder } from '../../helpers/state.ts';

const file = parseConfigFile('rooms: { lobby: { hold: 2s, failback: manual } }', 'm.yaml');
const deed = { who: { kind: 'socket', user: 'anna' }, what: 'setRoom', subject: 'lobby' } as const;

function opened(path: string) {
  const store = openState(path);
  const told: string[] = [];
  const config = { ...file.config };
  const health = {
    lost: (part: string, { reason }: { reason: string }) => void told.push(`${part}: ${reason}`),
    found: (part: string) => void told.push(`${part} found`),
  };
  const log = { warn: () => {} };
  const settings = Settings.create({ config, file, store, health, log, clock: { wallMs: () => 1000 } });
  return { store, told, config, settings };
}

it('what the state says of a room is above what the file says, at the start and whenever it is taken up', () => {
  using folder = temporaryFolder();
  const { store, config, settings, told } = opened(folder.path);
  using _ = store;
  let changed = 0;
  settings.on('changed', () => changed++);
  store.change(deed, (database) => writeRoomSettings(database, 'lobby', { hold: '3s' }, 'webinar', 7));
  expect(config.rooms.lobby).toMatchObject({ hold: 2000, failback: 'manual' });
  settings.takeUp();
  expect(config.rooms.lobby).toMatchObject({ hold: 3000, failback: 'manual' });
  expect(
    settings.over(parseConfigFile('rooms: { lobby: { hold: 8s } }', 'm.yaml')).rooms.lobby,
  ).toMatchObject({
    hold: 3000,
    failback: 'auto',
  });
  expect(store.read(readRoomSettings)).toEqual([
    { name: 'lobby', settings: { hold: '3s' }, appliedBy: 'webinar', changedAtMs: 7, made: false },
  ]);
  store.change(deed, (database) => writeRoomSettings(database, 'lobby', null, null, 8));
  settings.takeUp();
  expect(config.rooms.lobby).toMatchObject({ hold: 8000 });
  expect([changed, told]).toEqual([2, []]);
});

it('what is wrong in the state ends nothing: the file holds there, and health tells it until it is mended', () => {
  using folder = temporaryFolder();
  const first = openState(folder.path);
  first.change(deed, (database) => {
    writeRoomSettings(database, 'lobby', { hold: 'soon', failback: 'auto' }, null, 7);
    database.exec("INSERT INTO rooms (name, settings, changed_at) VALUES ('hall', '{', 7)");
  });
  first.close();
  const { store, config, settings, told } = opened(folder.path);
  using _ = store;
  expect(config.rooms.lobby).toMatchObject({ hold: 2000, failback: 'auto' });
  expect(told).toEqual([
    'settings of room lobby: what the configuration says holds instead: hold: expected a duration such as 250ms, 3s, 10m or 8h, got "soon"; see which: mirolive rooms show lobby',
    'settings of room hall: what the configuration says holds instead: what was set cannot be read; see which: mirolive rooms show hall',
  ]);
  told.length = 0;
  store.change(deed, (database) => {
    for (const room of ['lobby', 'hall']) writeRoomSettings(database, room, { hold: '1s' }, null, 8);
  });
  settings.takeUp();
  expect(told).toEqual(['settings of room lobby found', 'settings of room hall found']);
  expect(config.rooms.hall).toMatchObject({ hold: 1000 });
});

it('while the state cannot be read, what was read last holds', () => {
  using folder = temporaryFolder();
  const { store, config, settings } = opened(folder.path);
  store.change(deed, (database) => writeRoomSettings(database, 'lobby', { hold: '3s' }, null, 7));
  settings.takeUp();
  store.close();
  settings.takeUp();
  expect(config.rooms.lobby).toMatchObject({ hold: 3000 });
  expect(settings.entry('lobby')).toBe('open');
});

it('what never could be read lets nobody in but where the file says so, until it can be', () => {
  let problem: Error | null = new Error('no');
  const told: string[] = [];
  const given = parseConfigFile('rooms: { hall: { access: open }, lobby: { hold: 2s } }', 'm.yaml');
  const config = { ...given.config };
  const settings = Settings.create({
    ...{ config, file: given, log: { warn: () => {} }, clock: { wallMs: () => 1000 } },
    health: { lost: (part) => void told.push(part), found: () => {} },
    store: {
      lost: null,
      change: () => expect.unreachable(),
      read: () => {
        if (problem) throw problem;
        return [{ name: 'stage', settings: { access: 'closed' }, appliedBy: null, changedAtMs: 7 }] as never;
      },
    },
  });
  const entries = () => ['hall', 'lobby', 'stage'].map((room) => settings.entry(room));
  expect([entries(), told]).toEqual([['open', 'lost', 'lost'], ['access']]);
  settings.look();
  expect(entries()).toEqual(['open', 'lost', 'lost']);
  problem = null;
  settings.look();
  expect(entries()).toEqual(['open', 'open', 'closed']);
});

it('set changes all that was asked for or nothing, and says from when on it holds', () => {
  using folder = temporaryFolder();
  const { store, config, settings } = opened(folder.path);
  using _ = store;
  const anna = { kind: 'socket', user: 'anna' } as const;
  const change = (set: object | null, unset: string[] = []) =>
    settings.set({ room: 'lobby', set: set as Record<string, unknown> | null, unset }, anna);
  expect(change({ hold: '3s', alwaysOn: true, 'slate.text': 'Soon' })).toEqual([
    { key: 'alwaysOn', holds: 'now' },
    { key: 'slate.text', holds: 'next broadcast' },
    { key: 'hold', holds: 'next broadcast' },
  ]);
  expect(change({ hold: '3s' })).toEqual([]);
  expect(config.rooms.lobby).toMatchObject({ hold: 3000, alwaysOn: true, slate: { text: 'Soon' } });
  const refused: [object | null, string[], string][] = [
    [
      { alwaysOn: false, hold: 'soon' },
      [],
      'hold: expected a duration such as 250ms, 3s, 10m or 8h, got "soon"',
    ],
    [{ alwaysOn: false, hodl: '1s' }, [], 'unknown key hodl; did you mean hold?'],
    [{ 'slate.txt': 'x' }, ['hold'], 'unknown key slate.txt; did you mean text?'],
    [{ hold: '1s' }, ['slate.txet'], 'unknown key slate.txet; did you mean slate.text?'],
    [{ 'slate.kind': 'image' }, [], 'slate.path: expected the absolute path of the image, got nothing'],
  ];
  for (const [set, unset, message] of refused) {
    expect(() => change(set, unset)).toThrow(expect.objectContaining({ code: 'INVALID_REQUEST', message }));
    expect(config.rooms.lobby).toMatchObject({ hold: 3000, alwaysOn: true, slate: { text: 'Soon' } });
  }
  const told = (key: string) => settings.of('lobby').settings.find((one) => one.key === key);
  const at = expect.any(String);
  expect(told('hold')).toEqual({ key: 'hold', value: '3s', from: 'set', by: 'anna', at, file: '2s' });
  const applied = {
    who: { kind: 'socket', user: 'ben' },
    what: 'apply.room',
    subject: 'lobby',
    room: 'lobby',
    details: { file: 'webinar', act: 'change', changed: ['hold'] },
  } as const;
  store.change(applied, (database) => {
    const [row] = readRoomSettings(database);
    writeRoomSettings(database, 'lobby', { ...row?.settings, hold: '5s' }, 'webinar', 9);
  });
  expect([told('hold'), told('alwaysOn')]).toMatchObject([
    { value: '5s', by: 'ben' },
    { value: true, by: 'anna' },
  ]);
  change({ hold: '3s' });
  expect(told('failback')).toEqual({ key: 'failback', value: 'manual', from: 'file' });
  expect(change({}, ['slate', 'alwaysOn'])).toHaveLength(2);
  expect(change(null)).toEqual([{ key: 'hold', holds: 'next broadcast' }]);
  expect(store.read(readRoomSettings)).toEqual([]);
  expect(config.rooms.lobby).toMatchObject({ hold: 2000 });
});

it('what was set and is wrong by now keeps nobody from setting something else', () => {
  using folder = temporaryFolder();
  const { store, settings, config } = opened(folder.path);
  using _ = store;
  store.change(deed, (database) => writeRoomSettings(database, 'hall', { hodl: '1s' }, 'webinar', 7));
  const by = { kind: 'socket', user: null } as const;
  settings.set({ room: 'hall', set: { hold: '4s' }, unset: [] }, by);
  expect(config.rooms.hall).toMatchObject({ hold: 4000 });
  expect(settings.of('hall')).toMatchObject({
    ...{ name: 'hall', inFile: false, appliedBy: 'webinar' },
    problems: [{ key: 'hodl', message: 'unknown key hodl; did you mean hold?' }],
  });
  settings.set({ room: 'hall', set: {}, unset: ['hodl'] }, by);
  expect(settings.of('hall').problems).toEqual([]);
});

it('a room that was made stays though nothing is set of it, whoever else declares it, until it is deleted', () => {
  using folder = temporaryFolder();
  const { store, config, settings } = opened(folder.path);
  using _ = store;
  const anna = { kind: 'socket', user: 'anna' } as const;
  const isThere = () => Object.hasOwn(config.rooms, 'berlin');
  const make = (room: string, set: Record<string, unknown> = {}) => settings.make({ room, set }, anna);
  expect(() => make('berlin', { hold: 'soon' })).toThrow(
    expect.objectContaining({ code: 'INVALID_REQUEST' }),
  );
  expect(isThere()).toBe(false);
  make('berlin', { title: 'Town hall' });
  expect(config.rooms.berlin?.title).toBe('Town hall');
  expect(settings.of('berlin')).toMatchObject({ made: true, inFile: false });
  expect(settings.of('berlin').settings.find(({ key }) => key === 'title')).toMatchObject({ by: 'anna' });
  for (const room of ['berlin', 'lobby'])
    expect(() => make(room)).toThrow(expect.objectContaining({ code: 'ROOM_EXISTS' }));
  settings.set({ room: 'berlin', set: null, unset: [] }, anna);
  expect([isThere(), config.rooms.berlin?.title]).toEqual([true, null]);
  // A file that declares it, and is no more.
  store.change(deed, (database) => writeRoomSettings(database, 'berlin', { hold: '3s' }, 'webinar', 7));
  store.change(deed, (database) => writeRoomSettings(database, 'berlin', null, 'webinar', 8));
  expect(store.read(readRoomSettings)).toEqual([
    { name: 'berlin', settings: {}, appliedBy: null, changedAtMs: 8, made: true },
  ]);
  settings.forget('berlin', anna);
  expect([isThere(), store.read(readRoomSettings)]).toEqual([false, []]);
  expect(() => settings.forget('berlin', anna)).toThrow(expect.objectContaining({ code: 'ROOM_NOT_FOUND' }));
  // What was only told how to be is made and deleted all the same.
  settings.set({ room: 'hall', set: { hold: '3s' }, unset: [] }, anna);
  make('hall', { title: 'Hall' });
  expect(config.rooms.hall).toMatchObject({ hold: 3000, title: 'Hall' });
  settings.forget('hall', anna);
  settings.set({ room: 'lobby', set: { hold: '3s' }, unset: [] }, anna);
  expect(() => settings.forget('lobby', anna)).toThrow(
    expect.objectContaining({
      code: 'ROOM_IN_FILE',
      hint: expect.stringContaining('rooms unset lobby --all'),
    }),
  );
});
