import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import type { DaemonMessage } from '../../../src/contract/signalling.ts';
import { PageTidings, type PageTidingsOptions } from '../../../src/daemon/viewers/page-tidings.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

test.each([
  ['open', 'The talk'],
  ['link', 'The talk'],
  ['closed', undefined],
  ['lost', undefined],
] as const)('a page of a room that is %s hears that %s comes next', (entry, name) => {
  const sign = { title: null, description: null, welcome: null, language: null };
  const nothing = { viewers: [], title: null, sign, broadcast: null, served: null };
  const room: unknown = Object.assign(
    { name: 'lobby', entry, ...nothing },
    { on: () => room, off: () => room },
  );
  using tidings = new PageTidings({
    ...{ room: room as PageTidingsOptions['room'], clock: new VirtualClock(), version: '1' },
    wire: { send: () => {} } as unknown as PageTidingsOptions['wire'],
    ...{ poster: () => null, next: { atMs: 1, name: 'The talk' }, offered: () => undefined },
  });
  expect(tidings.greet().next?.name).toBe(name);
});

test('what a room says of itself is told where nothing is on air, once, and after what was on air', () => {
  const room = Object.assign(new EventEmitter(), {
    ...{ name: 'lobby', entry: 'open', viewers: [], title: null, broadcast: null, served: null as unknown },
    sign: { title: 'Town hall', description: null, welcome: 'Soon' as string | null, language: null },
  });
  const said: DaemonMessage[] = [];
  using tidings = new PageTidings({
    ...{ room: room as unknown as PageTidingsOptions['room'], clock: new VirtualClock(), version: '1' },
    wire: { send: (message: DaemonMessage) => said.push(message) } as unknown as PageTidingsOptions['wire'],
    ...{ poster: () => null, next: null, offered: () => undefined },
  });
  const heard = () => said.splice(0).map((one) => one.type === 'hello' && [one.title, one.welcome]);
  tidings.greet();
  expect(heard()).toEqual([['Town hall', 'Soon']]);
  room.emit('sign');
  expect(heard()).toEqual([]);
  room.sign = { ...room.sign, welcome: null };
  room.emit('sign');
  expect(heard()).toEqual([['Town hall', undefined]]);
  room.served = {};
  room.sign = { ...room.sign, title: 'Later' };
  room.emit('sign');
  expect(heard()).toEqual([]);
  // Something else is about to be there: its last picture stays.
  room.served = null;
  tidings.gone('replaced');
  room.emit('sign');
  expect(heard()).toEqual([]);
  tidings.gone('ended');
  expect(heard()).toEqual([['Later', undefined]]);
  room.entry = 'closed';
  tidings.gone('closed');
  room.sign = { ...room.sign, welcome: 'A secret' };
  room.emit('sign');
  expect(heard()).toEqual([]);
});
