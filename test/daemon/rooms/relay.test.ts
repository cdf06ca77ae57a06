import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { Relay, type RelayOptions } from '../../../src/daemon/rooms/relay.ts';
import { MarkFile } from '../../../src/ingest/child/mark-file.ts';
import type { IngestPool } from '../../../src/ingest/pool/ingest-pool.ts';

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
