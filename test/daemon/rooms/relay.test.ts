import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { Relay, type RelayOptions } from '../../../src/daemon/rooms/relay.ts';
import { newBroadcast } from '../../../src/daemon/rooms/room-state.ts';
import { MarkFile } from '../../../src/ingest/child/mark-file.ts';
import type { IngestPool } from '../../../src/ingest/pool/ingest-pool.ts';
import { items } from '../../contract/playlist/items.ts';
import { plannedBroadcast } from '../../helpers/planned-broadcast.ts';

test.each([
  { where: 'there is a place for marks', marks: MarkFile.create, warns: 0 },
  { where: 'there is none', marks: () => null, warns: 1 },
])('Relay warns where nobody can find out over what a process died, once: $where', ({ marks, warns }) => {
  const warned: string[] = [];
  const log = { warn: (_: unknown, words: string) => warned.push(words), error: () => {} };
  const health = { need: () => {}, lost: () => {}, found: () => {} };
  const relay = new Relay({ hub: {}, log, health } as unknown as RelayOptions);
  relay.watch(Object.assign(new EventEmitter(), { processes: [] }) as unknown as IngestPool, marks());
  expect(warned).toHaveLength(warns);
});

test('Relay announces a playlist by the number of its items', () => {
  const announced: unknown[] = [];
  const hub = { announce: (event: unknown) => announced.push(event) };
  const relay = new Relay({ hub } as unknown as RelayOptions);
  const source = { kind: 'playlist', items: items('abc'), loop: true, shuffle: false } as const;
  const { broadcast, wishes } = plannedBroadcast({ source });
  const place = { name: 'lobby', watchUrl: '', viewers: [] };
  relay.listenTo(place).live(newBroadcast(broadcast, 'person', wishes, 0));
  const told = { kind: 'playlist', count: 3, loop: true, shuffle: false };
  expect(announced).toMatchObject([{ type: 'broadcast.started', value: { source: told } }]);
  expect(JSON.stringify(announced)).not.toContain('items');
});
