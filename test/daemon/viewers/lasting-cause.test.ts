import { expect, test } from 'vitest';
import type { Suffering } from '../../../src/contract/models.ts';
import { causeAfter, type LastingCause } from '../../../src/daemon/viewers/lasting-cause.ts';
import type { Known } from '../../../src/daemon/viewers/likely-cause.ts';
import { mostSuffered } from '../../../src/daemon/viewers/who-suffers.ts';

const known: Omit<Known, 'most'> = {
  ...{ who: { by: 'all' }, network: '192.0.2.0/24', networks: 1, mediaPort: 29400, trouble: null },
  strain: { lagMs: 3, workerPercent: 20, cpuPercent: 50, others: { cores: 0.2, of: 2 } },
};
const busy = { ...known.strain, workerPercent: 97 };

/** A moment: what each suffers, and what else is known. */
interface Look {
  readonly atMs: number;
  readonly of: Readonly<Record<string, Suffering>>;
  readonly facts?: Partial<Known>;
}

function after(looks: readonly Look[]): LastingCause | null {
  return looks.reduce<LastingCause | null>((before, { atMs, of, facts }) => {
    const viewers = Object.entries(of).map(([id, suffers]) => ({ id, browser: null, suffers }));
    const most = mostSuffered(viewers) ?? 'loss';
    return causeAfter(before, { ...known, most, ...facts }, viewers, atMs);
  }, null);
}

const lost = { cause: 'line', reason: expect.stringContaining('lost on the way to 192.0.2.0/24 alone') };
const stillAlone = { cause: 'source', reason: expect.stringContaining('although little is lost') };
const [loss, frozen] = ['loss', 'frozen'] as const;

test.each<{ name: string; looks: readonly Look[]; expected: object }>([
  { name: 'what was never lost', looks: [{ atMs: 0, of: { a: frozen } }], expected: stillAlone },
  {
    name: 'what was lost, for as long as a picture that stood still counts',
    looks: [
      { atMs: 0, of: { a: loss, b: loss } },
      { atMs: 59_000, of: { a: frozen, b: frozen } },
    ],
    expected: { ...lost, next: 'lines' },
  },
  {
    name: 'nothing that was lost longer ago',
    looks: [
      { atMs: 0, of: { a: loss } },
      { atMs: 30_000, of: { a: frozen } },
      { atMs: 60_000, of: { a: frozen } },
    ],
    expected: stillAlone,
  },
  {
    name: 'nothing that others have lost',
    looks: [
      { atMs: 0, of: { a: loss } },
      { atMs: 1000, of: { a: loss, b: frozen, c: frozen } },
    ],
    expected: stillAlone,
  },
  {
    name: 'nothing that no more than half of them have lost',
    looks: [
      { atMs: 0, of: { a: loss } },
      { atMs: 1000, of: { a: frozen, b: frozen } },
    ],
    expected: stillAlone,
  },
  {
    name: 'what most of them have lost, one after the other',
    looks: [
      { atMs: 0, of: { a: loss, b: loss } },
      { atMs: 10_000, of: { b: loss } },
      { atMs: 20_000, of: { a: frozen, b: frozen, c: frozen } },
    ],
    expected: lost,
  },
  {
    name: 'nothing that most of them have lost longer ago, though others go on to lose',
    looks: [
      { atMs: 0, of: { a: loss, b: loss } },
      { atMs: 50_000, of: { c: loss } },
      { atMs: 61_000, of: { a: frozen, b: frozen, c: frozen } },
    ],
    expected: stillAlone,
  },
  {
    name: 'what went wrong with the source, whatever was lost',
    looks: [
      { atMs: 0, of: { a: loss } },
      { atMs: 1000, of: { a: frozen }, facts: { trouble: 'cam has gaps' } },
    ],
    expected: { cause: 'source', reason: 'cam has gaps' },
  },
  {
    name: 'what the server lacks, whatever was lost',
    looks: [
      { atMs: 0, of: { a: loss } },
      { atMs: 1000, of: { a: frozen }, facts: { strain: busy } },
    ],
    expected: { cause: 'server', reason: expect.stringContaining('97 % of a core') },
  },
  {
    name: 'what the server lacked while packets were lost',
    looks: [
      { atMs: 0, of: { a: loss }, facts: { strain: busy, network: null } },
      { atMs: 1000, of: { a: frozen } },
    ],
    expected: { cause: 'server', reason: expect.stringContaining('97 % of a core') },
  },
  ...(['connecting', 'picture'] as const).map((between) => ({
    name: `what was lost, also where most suffered '${between}' between`,
    looks: [
      { atMs: 0, of: { a: loss } },
      { atMs: 1000, of: { a: between } },
      { atMs: 2000, of: { a: frozen } },
    ],
    expected: lost,
  })),
])('pictures that stand still are put down to $name', ({ looks, expected }) => {
  expect(after(looks)).toMatchObject({ ...expected, most: 'frozen' });
});

test('who lost packets is known again when his page comes back as another viewer', () => {
  const of = (id: string, suffers: Suffering) => [{ id, browser: 'u-aaaaaaaaaaaaaaaa', suffers }];
  const before = causeAfter(null, { ...known, most: 'loss' }, of('v-1', 'loss'), 0);
  expect(causeAfter(before, { ...known, most: 'frozen' }, of('v-2', 'frozen'), 1000)).toMatchObject(lost);
});

test('what is told of those who get nothing does not last', () => {
  const lossBefore: Look = { atMs: 0, of: { a: loss } };
  expect(after([lossBefore, { atMs: 1000, of: { a: 'connecting' } }])).toMatchObject({
    ...{ cause: 'line', next: 'way' },
  });
  expect(after([lossBefore, { atMs: 1000, of: { a: 'picture' } }])).toMatchObject({ cause: 'source' });
});
