import { expect, test } from 'vitest';
import type { ViewChanges } from '../../../src/contract/view/view-line.ts';
import { ChangeRing } from '../../../src/daemon/view/change-ring.ts';

const of = (id: string, viewer: object | null) => ({ viewers: { lobby: { [id]: viewer } } }) as ViewChanges;

test('what is kept says nothing of who has left but that, and all else as before', () => {
  const ring = new ChangeRing();
  ring.push(of('v-one', { address: '192.0.2.1' }));
  ring.push({ ...of('v-two', { address: '192.0.2.2' }), machine: { load1: 2 } } as ViewChanges);
  ring.push(of('v-one', { lossPercent: 3 }));
  ring.push(of('v-one', null));
  const since = (seq: number) => ring.since(seq);
  for (const seq of [0, 1]) {
    expect(since(seq)).toMatchObject({
      machine: { load1: 2 },
      viewers: { lobby: { 'v-one': null, 'v-two': { address: '192.0.2.2' } } },
    });
  }
  expect(since(2)).toEqual(of('v-one', null));
  expect(ring.kept.map((changes) => JSON.stringify(changes)).join()).not.toContain('192.0.2.1');
});
