import { expect, test } from 'vitest';
import { Tickets } from '../../../src/daemon/viewers/tickets.ts';
import { openState, temporaryFolder } from '../../helpers/state.ts';

const id = 'v-k3v7qm2xay';

test('a ticket is of one viewer of one room, also after a restart', () => {
  using folder = temporaryFolder();
  const first = openState(folder.path);
  const ticket = new Tickets(first).of('lobby', id);
  first.close();
  using second = openState(folder.path);
  const tickets = new Tickets(second);
  expect(tickets.holder('lobby', ticket)).toBe(id);
  expect(tickets.holder('hall', ticket)).toBeNull();
  const forged = [
    ticket.replace(id, 'v-aaaaaaaaaa'),
    `${ticket.slice(0, -1)}${ticket.endsWith('A') ? 'B' : 'A'}`,
    ticket.slice(0, -1),
    `${ticket}A`,
    `mlv_${id}_`,
    'mlv_',
    '',
    `mlg_l-aaaaaaaaaa_g-aaaaaaaaaa_${'A'.repeat(43)}`,
  ];
  expect(forged.map((one) => tickets.holder('lobby', one))).toEqual(forged.map(() => null));
});

test('a ticket of another state is none', () => {
  using one = temporaryFolder();
  using other = temporaryFolder();
  using first = openState(one.path);
  using second = openState(other.path);
  expect(new Tickets(second).holder('lobby', new Tickets(first).of('lobby', id))).toBeNull();
});

test('where the state cannot be used it holds as long as the daemon runs', () => {
  using folder = temporaryFolder();
  const store = openState(folder.path);
  store.close();
  const tickets = new Tickets(store);
  expect(tickets.holder('lobby', tickets.of('lobby', id))).toBe(id);
  expect(new Tickets(store).holder('lobby', tickets.of('lobby', id))).toBeNull();
});
