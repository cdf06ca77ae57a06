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
  const settings = Settings.create({ config, file, store, health, log: { warn: () => {} } });
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
    { name: 'lobby', settings: { hold: '3s' }, appliedBy: 'webinar', changedAtMs: 7 },
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
});
