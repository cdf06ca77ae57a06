import { fstatSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { markOf, maxMarkBytes } from '../../../src/ingest/child/mark.ts';
import { MarkFile } from '../../../src/ingest/child/mark-file.ts';
import { WorkMark } from '../../../src/ingest/child/work-mark.ts';

const mark = markOf('lobby', { kind: 'file', path: '/srv/talk.mkv', loop: false, audioTrack: null });

test('MarkFile has its place from the beginning, where there is one, and says what is worked on and when', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mirolive-marks-'));
  await using _ = { [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
  const file = MarkFile.create(['/dev/null', folder]);
  if (!file) throw new Error('expected a file for marks');
  try {
    expect(fstatSync(file.descriptor)).toMatchObject({ size: maxMarkBytes, nlink: 0 });
    expect(file.read()).toBeNull();
    const madeAtMs = file.markedAtMs;
    new WorkMark(file.descriptor).slice(mark)(() => expect(file.read()).toEqual({ mark, now: true }));
    expect(file.read()).toEqual({ mark, now: false });
    expect(file.markedAtMs).toBeGreaterThanOrEqual(madeAtMs);
  } finally {
    file.close();
  }
  expect(MarkFile.create(['/dev/null'])).toBeNull();
});

test('WorkMark writes nothing inside of work on the same, and both where it is on another', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mirolive-marks-'));
  await using _ = { [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
  const file = MarkFile.create([folder]);
  if (!file) throw new Error('expected a file for marks');
  const other = markOf('other', { kind: 'file', path: '/srv/other.mkv', loop: false, audioTrack: null });
  const work = new WorkMark(file.descriptor);
  const [outer, same, inner] = [work.slice(mark), work.slice(mark), work.slice(other)];
  const unwritten = Buffer.from([7]);
  try {
    outer(() => {
      writeSync(file.descriptor, unwritten, 0, 1, 0);
      same(() => expect(file.read()).toEqual({ mark, now: false }));
      expect(file.read()).toEqual({ mark, now: false });
      inner(() => expect(file.read()).toEqual({ mark: other, now: true }));
      expect(file.read()).toEqual({ mark, now: true });
    });
    expect(file.read()).toEqual({ mark, now: false });
  } finally {
    file.close();
  }
});
