import { expect, test } from 'vitest';
import type { Source } from '../../../src/contract/models.ts';
import { encodeMark, markOf, maxMarkBytes, sourceKey, workDone } from '../../../src/ingest/child/mark.ts';
import { decodeMark } from '../../../src/ingest/child/read-mark.ts';

const file = (path: string): Source => ({ kind: 'file', path, loop: false, audioTrack: null });

test('a mark is read as it was written, and as done once its first byte says so', () => {
  const mark = markOf('lobby', file('/srv/Öffnung.mkv'));
  const bytes = encodeMark(mark);
  expect(decodeMark(Buffer.concat([bytes, Buffer.from('what was longer before')]))).toEqual({
    mark,
    now: true,
  });
  workDone.copy(bytes);
  expect(decodeMark(bytes)).toEqual({ mark, now: false });
  expect(decodeMark(Buffer.alloc(0))).toBeNull();
  expect(decodeMark(bytes.subarray(0, 20))).toBeNull();
});

test.each([
  ['in three bytes each', '語'.repeat(400)],
  ['in four bytes each, cut in their midst', `x${'🎬'.repeat(300)}`],
  ['that JSON writes in six bytes each', '\u0001'.repeat(400)],
])('a mark is read whole, however long its name is: characters %s', (_, name) => {
  const mark = markOf('r'.repeat(63), file(`/srv/${name}.mkv`));
  const bytes = encodeMark(mark);
  expect(bytes.length).toBeLessThanOrEqual(maxMarkBytes);
  expect(decodeMark(bytes)?.mark).toMatchObject({ room: mark.room, source: mark.source });
});

test('sourceKey tells files and addresses by what is played alone, and publishers by their room too', () => {
  expect(sourceKey('a', file('/x'))).toBe(sourceKey('b', { ...file('/x'), loop: true } as Source));
  expect(sourceKey('a', file('/x'))).not.toBe(sourceKey('a', file('/y')));
  const url = (text: string): Source => ({
    kind: 'url',
    url: text,
    live: null,
    loop: false,
    audioTrack: null,
  });
  expect(sourceKey('a', url('http://h/x'))).toBe(
    sourceKey('a', { ...url('http://h/x'), loop: true, audioTrack: 1 } as Source),
  );
  expect(sourceKey('a', url('http://h/x'))).not.toBe(sourceKey('a', url('http://h/y')));
  const publisher: Source = { kind: 'publisher', key: 'main' };
  expect(sourceKey('a', publisher)).not.toBe(sourceKey('b', publisher));
});
