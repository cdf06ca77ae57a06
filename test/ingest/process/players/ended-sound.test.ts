import { describe, expect, test } from 'vitest';
import type { MediaFrame } from '../../../../src/ingest/media/media-frame.ts';
import { EndedSound } from '../../../../src/ingest/process/players/ended-sound.ts';
import { audio, ms, pictures, sounds, video } from '../splicer/frames.ts';

/** What goes on of these, in the order of their times but for those that come last, in ms. */
function taken(frames: MediaFrame[], last: MediaFrame[] = []): { video: number; audio: number[] } {
  const ended = new EndedSound();
  const given = [...frames.toSorted((a, b) => a.ptsUs - b.ptsUs), ...last].flatMap((one) => ended.take(one));
  const times = (kind: string) => given.filter((one) => one.kind === kind).map(({ ptsUs }) => ptsUs / ms);
  return { video: times('video').length, audio: times('audio') };
}

const at = (frames: MediaFrame[]) => frames.map(({ ptsUs }) => ptsUs / ms);

describe('EndedSound', () => {
  test('goes on with silence where the sound ends before its picture, and drops what its encoder held', () => {
    const { video: shown, audio: heard } = taken([...pictures(0, 60_000), ...sounds(0, 5000)], [audio(5000)]);
    expect(shown).toBe(1500);
    expect(heard.slice(0, 251)).toEqual([...at(sounds(0, 5000)), 5000]);
    expect(heard.every((us, index) => us === index * 20)).toBe(true);
    expect(heard.at(-1)).toBeGreaterThan(57_500);
  });

  test.each([
    {
      name: 'in a pause that is short',
      frames: [...pictures(0, 8000), ...sounds(0, 2000), ...sounds(7900, 8000)],
    },
    { name: 'where it comes behind its picture', frames: sounds(0, 8000), picturesFirst: pictures(0, 5000) },
    {
      name: 'where the times of the source jump',
      frames: [...pictures(0, 1000), ...sounds(0, 1000), video(90_000)],
    },
    { name: 'where none has come', frames: pictures(0, 20_000) },
  ])('adds nothing $name', ({ frames, picturesFirst = [] }) => {
    const sound = frames.filter(({ kind }) => kind === 'audio');
    expect(taken(picturesFirst, frames).audio).toEqual(at(sound));
  });

  test('takes the sound again that comes behind a pause', () => {
    const { audio: heard } = taken([...pictures(0, 20_000), ...sounds(0, 1000), ...sounds(15_000, 20_000)]);
    expect(heard.filter((us) => us >= 15_000)).toEqual(at(sounds(15_000, 20_000)));
    expect(heard.filter((us) => us < 15_000).length).toBeGreaterThan(600);
  });

  test('adds nothing for what cannot be had', () => {
    const ended = new EndedSound();
    for (const frame of [...pictures(0, 1000), ...sounds(0, 1000)]) ended.take(frame);
    ended.leaveOut();
    expect(ended.take(video(20_000, true))).toEqual([video(20_000, true)]);
  });

  test('tells what comes late from what follows', () => {
    const ended = new EndedSound();
    for (const frame of [audio(0), ...pictures(0, 50_000)]) ended.take(frame);
    expect([audio(20), audio(49_900), video(20)].map((frame) => ended.isLate(frame))).toEqual([
      true,
      false,
      false,
    ]);
  });
});
