import { EventEmitter } from 'node:events';
import type { Server, Socket } from 'node:net';
import { expect, test } from 'vitest';
import { neighbourhoodOf, networkOf, siteOf } from '../../../src/contract/network-of.ts';
import {
  ConnectionBudget,
  type ConnectionBudgetOptions,
} from '../../../src/daemon/public-server/connection-budget.ts';
import { pseudoRandom } from '../../helpers/pseudo-random.ts';

/** A server to which connections come that do nothing. */
function budgeted(options: Partial<ConnectionBudgetOptions>) {
  const server = new EventEmitter();
  const budget = new ConnectionBudget({ max: 100, maxPerNetwork: 50, isProxy: () => false, ...options });
  budget.watch(server as Server);
  let remotePort = 1000;
  const come = (remoteAddress: string) => {
    const socket = Object.assign(new EventEmitter(), {
      ...{ remoteAddress, remotePort: remotePort++, localPort: 9443, destroyed: false },
      destroy() {
        this.destroyed = true;
        // Later, as a real one.
        setImmediate(() => socket.emit('close'));
      },
    });
    server.emit('connection', socket);
    return socket;
  };
  return { budget, come, know: (socket: object) => budget.know(socket as Socket) };
}

const gone = (sockets: readonly { destroyed: boolean }[]) => sockets.map(({ destroyed }) => destroyed);

test('the oldest stranger of an address makes place for its next, and who is known stays', async () => {
  const { budget, come, know } = budgeted({ maxStrangersPerAddress: 2 });
  const [known, ...rest] = [1, 2, 3].map(() => come('192.0.2.1'));
  const neighbour = come('192.0.2.2');
  expect(known?.destroyed).toBe(true);
  know(rest[0] as object);
  const more = [come('192.0.2.1'), come('192.0.2.1')];
  expect(gone([...rest, ...more, neighbour])).toEqual([false, true, false, false, false]);
  await new Promise((resolve) => setImmediate(resolve));
  expect(budget.size).toBe(4);
});

test('where a network is full the address makes place that has most strangers there', () => {
  const { budget, come, know } = budgeted({ maxPerNetwork: 4 });
  const elsewhere = [1, 2, 3, 4].map(() => come('198.51.100.1'));
  const one = come('192.0.2.1');
  const idle = [1, 2, 3].map(() => come('192.0.2.2'));
  const next = come('192.0.2.3');
  expect(gone([...elsewhere, one, ...idle, next])).toEqual([
    ...[false, false, false, false, false],
    ...[true, false, false, false],
  ]);
  for (const socket of [one, ...idle, next]) know(socket);
  expect(come('192.0.2.4').destroyed).toBe(true);
  expect(budget.size).toBe(8);
});

test('where all is full the address makes place that has most strangers, and nobody who is known', () => {
  const { budget, come, know } = budgeted({ max: 4 });
  const known = come('203.0.113.1');
  know(known);
  const idle = [1, 2].map(() => come('198.51.100.1'));
  const one = come('192.0.2.1');
  const next = come('2001:db8::1');
  expect(gone([known, ...idle, one, next])).toEqual([false, true, false, false, false]);
  for (const socket of [...idle, one, next]) know(socket);
  expect(come('192.0.2.9').destroyed).toBe(true);
  expect(budget.size).toBe(4);
});

test('a network of IPv6 is one address', () => {
  const { come } = budgeted({ maxStrangersPerAddress: 1 });
  const [first, other] = [come('2001:db8::1'), come('2001:db8:0:1::1')];
  come('2001:db8::2');
  expect(gone([first, other])).toEqual([true, false]);
});

test('whoever has made place and is gone by and by is counted once', async () => {
  const { budget, come, know } = budgeted({ maxPerNetwork: 1 });
  for (let count = 0; count < 5; count++) come('192.0.2.1');
  await new Promise((resolve) => setImmediate(resolve));
  expect(budget.size).toBe(1);
  const last = come('192.0.2.1');
  know(last);
  expect(come('192.0.2.1').destroyed).toBe(true);
  budget.close();
  expect(last.destroyed).toBe(true);
});

test('a network that is full of known ones has nobody elsewhere ended, though all is full', () => {
  const { come, know } = budgeted({ max: 4, maxPerNetwork: 2 });
  const elsewhere = [come('198.51.100.1'), come('203.0.113.1')];
  for (const socket of [come('192.0.2.1'), come('192.0.2.2')]) know(socket);
  for (let count = 0; count < 5; count++) expect(come('192.0.2.3').destroyed).toBe(true);
  expect(gone(elsewhere)).toEqual([false, false]);
});

const proxy = '127.0.0.1';
const addresses = [
  ...['192.0.2.1', '192.0.2.2', '192.0.2.3', '198.51.100.1', '::ffff:198.51.100.2', '203.0.113.1', proxy],
  ...['2001:db8:0:1::1', '2001:db8:0:1::2', '2001:db8:0:2::1', '2001:db8:0:3::1', '2001:db8:1::1'],
];

test.each([
  { name: 'as of the control port', options: { max: 9, maxPerNetwork: 4, maxStrangersPerAddress: 2 } },
  { name: "as of the viewers' port", options: { max: 9, maxPerNetwork: 3 } },
  { name: 'as large as all', options: { max: 3, maxPerNetwork: 3 } },
])('whoever comes is refused, or makes one other go who is no known one; bounds $name', ({ options }) => {
  const { max, maxPerNetwork, maxStrangersPerAddress = max } = options;
  for (let seed = 1; seed <= 10; seed++) {
    const random = pseudoRandom(seed);
    const { come, know, budget } = budgeted({ ...options, isProxy: (address) => address === proxy });
    const known = new Set<object>();
    let there: ReturnType<typeof come>[] = [];
    for (let step = 0; step < 300; step++) {
      const one = there[random(there.length || 1)];
      const act = random(10);
      if (one && act < 2) {
        know(one);
        known.add(one);
      } else if (one && act === 2) {
        one.destroyed = true;
        one.emit('close');
        there = there.filter((other) => other !== one);
      } else {
        const address = addresses[random(addresses.length)] as string;
        const next = come(address);
        const ended = there.filter(({ destroyed }) => destroyed);
        const inAny = (of: (address: string) => string | null, others = there) =>
          others.filter(({ remoteAddress: from }) => from !== proxy && of(from) === of(address));
        const bounds = [
          { most: max, here: there },
          ...(address === proxy ? [] : [{ most: maxPerNetwork, here: inAny(neighbourhoodOf) }]),
          ...(siteOf(address) === null ? [] : [{ most: 2 * maxPerNetwork, here: inAny(siteOf) }]),
        ];
        const isFullOfKnown = bounds.some(
          ({ most, here }) => here.length >= most && here.every((other) => known.has(other)),
        );
        if (next.destroyed) expect([ended.length, isFullOfKnown]).toEqual([0, true]);
        else {
          expect(ended.length).toBeLessThanOrEqual(1);
          expect(ended.some((other) => known.has(other))).toBe(false);
          there = [...there.filter(({ destroyed }) => !destroyed), next];
          const strangers = inAny(networkOf, there).filter((other) => !known.has(other));
          if (address !== proxy) expect(strangers.length).toBeLessThanOrEqual(maxStrangersPerAddress);
          for (const { most, here } of bounds)
            expect(here.filter(({ destroyed }) => !destroyed).length + 1).toBeLessThanOrEqual(most);
        }
        expect(budget.size).toBe(there.length);
      }
    }
  }
});
