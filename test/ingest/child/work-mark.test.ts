import { closeSync, openSync } from 'node:fs';
import { expect, test } from 'vitest';
import { markOf } from '../../../src/ingest/child/mark.ts';
import { marked, WorkMark } from '../../../src/ingest/child/work-mark.ts';

test('WorkMark lets work be done where there is no room to mark it', () => {
  // Whoever writes into it is told that there is no space left.
  const full = openSync('/dev/full', 'w');
  const work: string[] = [];
  const source = { kind: 'file', path: '/srv/talk.mkv', loop: false, audioTrack: null } as const;
  new WorkMark(full).slice(markOf('lobby', source))(() => work.push('done'));
  closeSync(full);
  expect(work).toEqual(['done']);
});

test('marked gives what work gives, and lets it fail once it is no longer marked', () => {
  const said: string[] = [];
  const slice = (work: () => void) => {
    said.push('begun');
    work();
    said.push('over');
  };
  expect(marked(slice, () => said.length)).toBe(1);
  const fail = () => {
    throw new Error('it makes no sense');
  };
  expect(() => marked(slice, fail)).toThrow('it makes no sense');
  expect(said).toEqual(['begun', 'over', 'begun', 'over']);
});
