import { expect, test } from 'vitest';
import { openProgramme } from '../../../src/daemon/rooms/open-programme.ts';
import type { OpeningOptions } from '../../../src/daemon/rooms/room-parts.ts';
import { Line } from '../../../src/ingest/child/line.ts';
import type { IngestCalls, Opening } from '../../../src/ingest/pool/calls.ts';
import { RemoteProgramme } from '../../../src/ingest/pool/remote-programme.ts';
import { plannedBroadcast } from '../../helpers/planned-broadcast.ts';

test('Two openings of one programme are two programmes to whoever carries them', async () => {
  const nobody = new Line<IngestCalls>(() => {});
  const ids: string[] = [];
  const open = async (id: string, opening: Opening) => {
    ids.push(id);
    return new RemoteProgramme(nobody, id, opening, 4000);
  };
  const { broadcast, wishes } = plannedBroadcast({});
  const snapshot = { wanted: wishes.wanted, seen: null };
  const listener = { event: () => {}, seen: () => {}, gone: () => {} };
  for (const generation of [1, 2]) {
    const options = { broadcast, snapshot, generation, looked: {}, listener } as unknown as OpeningOptions;
    await openProgramme({ open }, options);
  }
  expect(new Set(ids).size).toBe(2);
});
