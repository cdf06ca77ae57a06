import { describe, expect, test } from 'vitest';
import type { MediaFrame } from '../../../../src/ingest/media/media-frame.ts';
import { LastPicture } from '../../../../src/ingest/process/poster/sent-picture.ts';
import { Feed } from '../../../../src/ingest/process/splicer/feed.ts';

const [talk, slate] = [new Feed(['video']), new Feed(['video'])];

/** What is kept after frames such as `k1`: a key frame of rendition 1; `p0`: a picture of rendition 0; `a`: sound. */
function kept(frames: readonly (readonly [atMs: number, what: string, feed?: Feed])[]): string | null {
  const last = new LastPicture();
  for (const [atMs, what, feed = talk] of frames) {
    const kind = what === 'a' ? 'audio' : 'video';
    const data = Buffer.from(`${what}@${atMs}`);
    const frame: MediaFrame = { kind, layer: Number(what[1] ?? 0), ptsUs: 0, key: what[0] !== 'p', data };
    last.note({ frame, timeUs: 0, feed }, atMs);
  }
  return last.sent && String(last.sent.data);
}

describe('LastPicture', () => {
  test.each<{ name: string; frames: Parameters<typeof kept>[0]; expected: string | null }>([
    {
      name: 'nothing before the first key frame',
      frames: [
        [0, 'p0'],
        [1, 'a'],
      ],
      expected: null,
    },
    {
      name: 'the last key frame',
      frames: [
        [0, 'k0'],
        [1, 'p0'],
        [2, 'k0'],
        [3, 'a'],
      ],
      expected: 'k0@2',
    },
    {
      name: 'that of the second lowest rendition',
      frames: [
        [0, 'k0'],
        [1, 'k1'],
        [2, 'k2'],
        [3, 'k0'],
      ],
      expected: 'k1@1',
    },
    {
      name: 'that of the lowest, where that alone still comes',
      frames: [
        [0, 'k1'],
        [4999, 'k0'],
        [5000, 'k0'],
      ],
      expected: 'k0@5000',
    },
    {
      name: 'nothing of what was sent before something else',
      frames: [
        [0, 'k0'],
        [1, 'p0', slate],
      ],
      expected: null,
    },
    {
      name: 'that of what was sent last',
      frames: [
        [0, 'k1'],
        [1, 'k0', slate],
      ],
      expected: 'k0@1',
    },
  ])('keeps $name', ({ frames, expected }) => {
    expect(kept(frames)).toBe(expected);
  });

  test('keeps the picture alone, not what it was read with', () => {
    const read = Buffer.alloc(65_536);
    const last = new LastPicture();
    last.note({ frame: keyFrame(read.subarray(100, 400)), timeUs: 0, feed: talk }, 0);
    expect(last.sent?.data.buffer.byteLength).toBe(300);
  });
});

function keyFrame(data: Buffer): MediaFrame {
  return { kind: 'video', layer: 0, ptsUs: 0, key: true, data };
}
