import { describe, expect, test } from 'vitest';
import { MediaClock } from '../../../../src/ingest/media/rtp-in/media-clock.ts';

const [sound, picture, upper] = [1, 2, 3];
const rates = { [sound]: 48_000, [picture]: 90_000, [upper]: 90_000 } as Record<number, number>;
/** Where each stream's time stamps begin: anywhere; two of them just before they wrap. */
const bases = { [sound]: 2 ** 32 - 9600, [picture]: 1_000_000, [upper]: 2 ** 32 - 1 } as Record<
  number,
  number
>;
/** The worker's clock, in µs since 1900, at 0 of the streams. */
const epochUs = 3.9e15;

function clockOf(...ssrcs: number[]): MediaClock {
  const clock = new MediaClock();
  for (const ssrc of ssrcs) clock.add(ssrc, ssrc === sound ? 'audio' : 'video', rates[ssrc] as number);
  return clock;
}

/** The time stamp of what a stream captured at a moment, in ms. */
const stamp = (ssrc: number, ms: number) =>
  ((bases[ssrc] as number) + Math.round((ms * (rates[ssrc] as number)) / 1000)) % 2 ** 32;

/** A frame that was captured at one moment and has come at another; gives its time, in ms. */
function frame(clock: MediaClock, ssrc: number, capturedMs: number, cameMs: number): number {
  clock.arrived(ssrc, stamp(ssrc, capturedMs), cameMs * 1000);
  return clock.timeUs(ssrc, stamp(ssrc, capturedMs)) / 1000;
}

const report = (clock: MediaClock, ssrc: number, ms: number) =>
  clock.report(ssrc, epochUs + ms * 1000, stamp(ssrc, ms));

describe('MediaClock', () => {
  test('goes by when the first packet came, and then by time stamps', () => {
    const clock = clockOf(picture);
    expect(frame(clock, picture, 0, 30)).toBe(30);
    expect(frame(clock, picture, 40, 99)).toBe(70);
    expect(frame(clock, picture, 80, 100)).toBe(110);
  });

  test('counts on where time stamps wrap', () => {
    const clock = clockOf(sound);
    const times = Array.from({ length: 50 }, (_, index) => frame(clock, sound, index * 20, index * 20 + 5));
    expect(times).toEqual(Array.from({ length: 50 }, (_, index) => index * 20 + 5));
  });

  test('takes a packet that comes late for what it is', () => {
    const clock = clockOf(upper);
    frame(clock, upper, 0, 0);
    clock.arrived(upper, stamp(upper, 80), 80_000);
    clock.arrived(upper, stamp(upper, 40), 90_000);
    expect([40, 80].map((ms) => clock.timeUs(upper, stamp(upper, ms)))).toEqual([40_000, 80_000]);
  });

  test('moves pictures to their sound as soon as both are reported', () => {
    const clock = clockOf(sound, picture);
    expect(frame(clock, sound, 0, 20)).toBe(20);
    expect(frame(clock, picture, 0, 120)).toBe(120);
    report(clock, sound, 500);
    expect(frame(clock, picture, 500, 620)).toBe(620);
    report(clock, picture, 505);
    const times = [540, 580, 620, 660, 700, 740].map((ms) => frame(clock, picture, ms, ms + 120));
    // Half as fast until it is where the sound is.
    expect(times).toEqual([640, 660, 680, 700, 720, 760]);
    expect(frame(clock, sound, 540, 560)).toBe(560);
  });

  test('moves pictures that were too early at once', () => {
    const clock = clockOf(picture, sound);
    frame(clock, picture, 0, 20);
    frame(clock, sound, 0, 100);
    report(clock, picture, 500);
    report(clock, sound, 500);
    expect(frame(clock, picture, 540, 560)).toBe(640);
  });

  test('leaves a difference that nobody notices', () => {
    const clock = clockOf(sound, picture);
    frame(clock, sound, 0, 20);
    frame(clock, picture, 0, 29);
    report(clock, sound, 500);
    report(clock, picture, 500);
    expect(frame(clock, picture, 540, 560)).toBe(569);
  });

  test('keeps layers together where there is no sound', () => {
    const clock = clockOf(picture, upper);
    frame(clock, picture, 0, 0);
    frame(clock, upper, 0, 250);
    report(clock, upper, 500);
    report(clock, picture, 500);
    const times = Array.from({ length: 20 }, (_, index) =>
      frame(clock, upper, 540 + index * 40, 800 + index * 40),
    );
    expect(times.at(-1)).toBe(540 + 19 * 40);
  });

  test('follows a clock that drifts from that of the sound', () => {
    const clock = clockOf(sound, picture);
    frame(clock, sound, 0, 0);
    frame(clock, picture, 0, 0);
    for (let second = 1; second <= 600; second++) {
      const ms = second * 1000;
      report(clock, sound, ms);
      // 100 millionths fast: 60 ms in ten minutes.
      clock.report(picture, epochUs + ms * 1000, stamp(picture, ms * 1.0001));
      const time = frame(clock, picture, ms * 1.0001, ms);
      expect(Math.abs(time - ms)).toBeLessThan(15);
    }
  });

  test('places a stream anew whose time stamps jump, and times still grow', () => {
    const clock = clockOf(picture);
    const hoursMs = 5 * 3_600_000;
    expect(frame(clock, picture, 0, 0)).toBe(0);
    expect(frame(clock, picture, hoursMs, 1000)).toBe(1000);
    expect(frame(clock, picture, hoursMs + 40, 1040)).toBe(1040);
    expect(frame(clock, picture, 0, 1080)).toBe(1080);
    report(clock, picture, 40);
    expect(frame(clock, picture, 40, 1120)).toBe(1120);
  });

  test('takes reports of what it does not know for nothing', () => {
    const clock = clockOf(sound, picture);
    report(clock, sound, 100);
    report(clock, 99, 100);
    clock.arrived(99, 5, 5);
    frame(clock, sound, 0, 10);
    expect(frame(clock, picture, 0, 70)).toBe(70);
    report(clock, picture, 500);
    expect(frame(clock, picture, 40, 110)).toBe(110);
  });

  test('gives times that grow, whatever it is told', () => {
    const clock = clockOf(sound, picture);
    let last = { [sound]: Number.NEGATIVE_INFINITY, [picture]: Number.NEGATIVE_INFINITY } as Record<
      number,
      number
    >;
    for (let step = 0; step < 2000; step++) {
      const ssrc = step % 3 === 0 ? sound : picture;
      const wild = (step * 2_654_435_761) % 2 ** 32;
      if (step % 7 === 0) clock.report(ssrc, wild * 1e5, wild);
      const timestamp = step % 50 === 0 ? wild : stamp(ssrc, step * 10);
      clock.arrived(ssrc, timestamp, step * 10_000);
      const time = clock.timeUs(ssrc, timestamp);
      expect(time).toBeGreaterThan(last[ssrc] as number);
      last = { ...last, [ssrc]: time };
    }
  });
});
