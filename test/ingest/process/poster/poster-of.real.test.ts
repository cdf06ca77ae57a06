import { execa } from 'execa';
import { expect, test } from 'vitest';
import type { ShownPicture } from '../../../../src/ingest/process/director/director.ts';
import { posterOf } from '../../../../src/ingest/process/poster/poster-of.ts';

const encoder = ['-c:v', 'libx264', '-f', 'h264', '-'];
const source = ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=s=320x180', '-frames:v', '1'];
const { stdout } = await execa('ffmpeg', [...source, '-pix_fmt', 'yuv420p', ...encoder], {
  encoding: 'buffer',
});
const data = Buffer.from(stdout);
const options = { ffmpeg: 'ffmpeg', video: { codec: 'h264' } } as Parameters<typeof posterOf>[1];

/** Shows one picture when the still is begun, and another one once it is made. */
function director(before: ShownPicture, after: ShownPicture | null) {
  const looks = [before, after];
  return {
    get shownPicture() {
      return looks.shift() ?? null;
    },
  };
}

const talk: ShownPicture = { of: 'c-aaaaaaaaaa', switches: 4, data };

test.each([
  { name: 'the same is on air', after: talk, expected: true },
  { name: 'something else is', after: { ...talk, of: 'slate', switches: 5 }, expected: false },
  { name: 'it is on air again, after something else was', after: { ...talk, switches: 6 }, expected: false },
  { name: 'nothing may be shown', after: null, expected: false },
])('there is a still ($expected) where, once it is made, $name', async ({ after, expected }) => {
  const still = await posterOf(director(talk, after), options, false, new AbortController().signal);
  expect(still !== null).toBe(expected);
});
