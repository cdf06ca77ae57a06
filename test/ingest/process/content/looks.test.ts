import { expect, test } from 'vitest';
import { isBlack, isSame } from '../../../../src/ingest/process/content/picture-look.ts';
import { SoundMeter } from '../../../../src/ingest/process/content/sound-look.ts';

const points = (at: (place: number) => number) =>
  Uint8Array.from({ length: 64 * 36 }, (_, place) => at(place));

test.each([
  { name: 'black', picture: points(() => 16), expected: true },
  { name: 'a camera whose cap is on', picture: points((at) => 16 + (at % 20)), expected: true },
  { name: 'black with a clock in its corner', picture: points((at) => (at < 40 ? 235 : 16)), expected: true },
  { name: 'black with a line of words', picture: points((at) => (at < 128 ? 200 : 16)), expected: false },
  { name: 'a dark scene', picture: points((at) => 20 + (at % 60)), expected: false },
  { name: 'grey', picture: points(() => 120), expected: false },
])('a picture: $name', ({ picture, expected }) => {
  expect(isBlack(picture)).toBe(expected);
});

test('a picture is the same with what encoders make of it, and not where something small moves', () => {
  const before = points((at) => at % 200);
  const encoded = points((at) => (at % 200) + (at % 5));
  const moved = points((at) => (at === 700 ? 250 : at % 200));
  expect([isSame(before, encoded), isSame(before, moved)]).toEqual([true, false]);
});

/** One second of both channels. */
const second = (at: (time: number, sample: number) => number) =>
  Int16Array.from({ length: 96_000 }, (_, sample) =>
    Math.max(-32_768, Math.min(32_767, Math.round(32_767 * at((sample >> 1) / 48_000, sample)))),
  );
const sine = (time: number) => Math.sin(2 * Math.PI * 440 * time);
const well = { silent: false, clipping: false };
const levels = (peakDb: number, loudnessDb: number) => ({ peakDb, loudnessDb });

test.each([
  { name: 'nothing', samples: second(() => 0), look: { ...well, silent: true }, told: levels(-100, -100) },
  {
    name: 'the noise of a line, at -70 dBFS',
    samples: second((_, n) => (n % 2 ? 1 : -1) * 0.0003),
    look: { ...well, silent: true },
    told: levels(-70.3, -70.3),
  },
  {
    name: 'a tone at -50 dBFS',
    samples: second((t) => 0.0045 * sine(t)),
    look: well,
    told: levels(-47, -49.9),
  },
  {
    name: 'a tone in one channel',
    samples: second((t, n) => (n % 2 ? 0 : 0.1 * sine(t))),
    look: well,
    told: levels(-20, -26),
  },
  {
    name: 'a tone just below full scale',
    samples: second((t) => 0.98 * sine(t)),
    look: well,
    told: levels(-0.2, -3.2),
  },
  {
    name: 'a tone that is cut off',
    samples: second((t) => 1.5 * sine(t)),
    look: { ...well, clipping: true },
    told: levels(0, -1.5),
  },
  {
    name: 'a few peaks at full scale',
    samples: second((t, n) => (n % 200 === 0 ? 1 : 0.5 * sine(t))),
    look: well,
    told: levels(0, -8.9),
  },
])('a second of sound: $name', ({ samples, look, told }) => {
  const meter = new SoundMeter(2);
  const pieces = Array.from({ length: 50 }, (_, piece) => samples.subarray(piece * 1920, (piece + 1) * 1920));
  const looks = pieces.map((piece) => meter.push(piece));
  expect(looks).toEqual([...Array.from({ length: 49 }, () => null), { ...look, levels: told }]);
});
