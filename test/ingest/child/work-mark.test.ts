import { closeSync, openSync } from 'node:fs';
import { expect, test } from 'vitest';
import { markOf } from '../../../src/ingest/child/mark.ts';
import { WorkMark } from '../../../src/ingest/child/work-mark.ts';

test('WorkMark lets work be done where there is no room to mark it', () => {
  // Whoever writes into it is told that there is no space left.
  const full = openSync('/dev/full', 'w');
  const work: string[] = [];
  const source = { kind: 'file', path: '/srv/talk.mkv', loop: false, audioTrack: null } as const;
  new WorkMark(full).slice(markOf('lobby', source))(() => work.push('done'));
  closeSync(full);
  expect(work).toEqual(['done']);
});
