import fc from 'fast-check';
import type { View } from '../../../src/contract/view/view.ts';

/** Names that are rooms' and, but for the last, nobody's else. */
const names = ['lobby', 'hall', 'constructor'];
const word = fc.constantFrom('one', 'two', null);

const table = <T>(ids: readonly string[], one: (id: string) => fc.Arbitrary<T>) =>
  fc
    .tuple(...ids.map((id) => fc.option(one(id).map((value) => [id, value] as const))))
    .map((found) => Object.fromEntries(found.filter((entry) => entry !== null)));

const room = (name: string) =>
  fc.record({
    name: fc.constant(name),
    health: fc.record({ word, reason: word }),
    figures: fc.option(fc.record({ positionMs: fc.nat(3) })),
    programme: fc.option(fc.record({ volumePercent: fc.nat(2) })),
    playlist: fc.option(fc.record({ round: fc.nat(2) })),
  });

/** Some of its pieces may come and go, as in those that a newer daemon tells. */
const viewer = (id: string) =>
  fc.record(
    { id: fc.constant(id), bitrateBps: fc.option(fc.nat(3)), lossPercent: fc.nat(2) },
    { requiredKeys: ['id', 'bitrateBps'] },
  );

/** Views that are like each other, and not too full: what differs between two is often one piece. */
export const views = fc
  .record({
    daemon: fc.record({
      pid: fc.nat(2),
      degraded: fc.subarray([
        { part: 'room hall', reason: 'ENOENT: /srv/desk/slate.png' },
        { part: 'worker 1', reason: 'it died' },
      ]),
      nextRun: fc.option(fc.record({ room: fc.constantFrom(...names) })),
    }),
    machine: fc.record({ load1: fc.nat(2), egressBps: fc.option(fc.nat(2)) }),
    processes: table(['10', '11'], (pid) =>
      fc.record({ pid: fc.constant(Number(pid)), rooms: fc.subarray(names), cpuPercent: fc.nat(2) }),
    ),
    rooms: table(names, room),
    viewers: table(names, () => table(['v-a', 'v-b'], viewer)).map((rooms) =>
      Object.fromEntries(Object.entries(rooms).filter(([, all]) => Object.keys(all).length > 0)),
    ),
  })
  // As plain as what comes over the wire.
  .map((view) => JSON.parse(JSON.stringify(view)) as View);
