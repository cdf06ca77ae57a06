import { expect, test } from 'vitest';
import { PageTidings, type PageTidingsOptions } from '../../../src/daemon/viewers/page-tidings.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

test.each([
  ['open', 'The talk'],
  ['link', 'The talk'],
  ['closed', undefined],
  ['lost', undefined],
] as const)('a page of a room that is %s hears that %s comes next', (entry, name) => {
  const nothing = { viewers: [], title: null, broadcast: null, served: null };
  const room: unknown = Object.assign(
    { name: 'lobby', entry, ...nothing },
    { on: () => room, off: () => room },
  );
  using tidings = new PageTidings({
    ...{ room: room as PageTidingsOptions['room'], clock: new VirtualClock() },
    wire: { send: () => {} } as unknown as PageTidingsOptions['wire'],
    ...{ poster: () => null, next: { atMs: 1, name: 'The talk' }, offered: () => undefined },
  });
  expect(tidings.info.next?.name).toBe(name);
});
