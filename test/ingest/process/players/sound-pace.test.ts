import { describe, expect, test } from 'vitest';
import type { MediaFrame } from '../../../../src/ingest/media/media-frame.ts';
import { SoundPace } from '../../../../src/ingest/process/players/sound-pace.ts';
import { behindPictureUs, SoundPacer } from '../../../../src/ingest/process/players/sound-pacer.ts';
import { pseudoRandom } from '../../../helpers/pseudo-random.ts';
import { VirtualClock } from '../../../helpers/virtual-clock.ts';
import { audio } from '../splicer/frames.ts';

const packetUs = 20_000;

interface Packet {
  readonly ptsUs: number;
  readonly nowUs: number;
}

/** Packets of 20 ms, each there as soon as the last frame that it is made of. */
function madeOf(frameUs: number, seconds: number, sentUs = (us: number) => us): Packet[] {
  return Array.from({ length: (seconds * 1e6) / packetUs }, (_, index) => ({
    ptsUs: index * packetUs,
    nowUs: sentUs(Math.ceil(((index + 1) * packetUs) / frameUs) * frameUs),
  }));
}

/** When each leaves. */
function paced(packets: readonly Packet[]): { readonly leftUs: number; readonly heldUs: number }[] {
  const pace = new SoundPace();
  return packets.map(({ ptsUs, nowUs }) => {
    const leftUs = Math.max(nowUs, pace.leavesAtUs(ptsUs, nowUs));
    return { leftUs, heldUs: leftUs - nowUs };
  });
}

/** The jitter of packets that are 20 ms apart by their times, as receivers count it (RFC 3550, 6.4.1), at its greatest. */
function jitterUs(times: readonly number[]): number {
  let jitter = 0;
  const steps = times.slice(1).map((at, index) => Math.abs(at - (times[index] ?? 0) - packetUs));
  return Math.max(
    ...steps.map((apartUs) => {
      jitter += (apartUs - jitter) / 16;
      return jitter;
    }),
  );
}

describe('live sound leaves as even as its times', () => {
  const atOnce = (us: number) => us;
  const withPictures = (us: number) => Math.ceil(us / 33_333) * 33_333;
  test.each([
    { name: 'AAC at 48 kHz', frameUs: 21_333, sent: atOnce, unevenUs: 1500, heldUs: 21_000 },
    { name: 'AAC at 44.1 kHz', frameUs: 23_220, sent: atOnce, unevenUs: 3000, heldUs: 24_000 },
    { name: 'HE-AAC at 48 kHz', frameUs: 42_667, sent: atOnce, unevenUs: 15_000, heldUs: 42_000 },
    { name: 'AAC sent with pictures', frameUs: 21_333, sent: withPictures, unevenUs: 10_000, heldUs: 55_000 },
  ])('$name', ({ frameUs, sent, unevenUs, heldUs }) => {
    const packets = madeOf(frameUs, 20, sent);
    expect(jitterUs(packets.map(({ nowUs }) => nowUs))).toBeGreaterThan(unevenUs);
    const settled = paced(packets).slice(packets.length / 4);
    expect(jitterUs(settled.map(({ leftUs }) => leftUs))).toBeLessThan(1000);
    expect(Math.max(...settled.map((one) => one.heldUs))).toBeLessThan(heldUs);
  });

  test('on a line that is uneven by itself, held back by 60 ms at most', () => {
    const below = pseudoRandom(5);
    const packets = madeOf(21_333, 60, (us) => us + (below(50) === 0 ? below(300_000) : below(5000)));
    const held = paced(packets).map(({ heldUs }) => heldUs);
    expect(Math.max(...held)).toBeLessThanOrEqual(60_000);
  });

  test.each([
    { name: 'on', byUs: 7_000_000 },
    { name: 'back', byUs: -7_000_000 },
  ])('and at its pace again soon after its times have jumped $name', ({ byUs }) => {
    const [before, after] = [madeOf(21_333, 10), madeOf(21_333, 10)];
    const jumped = after.map(({ ptsUs, nowUs }) => ({
      ptsUs: ptsUs + 10_000_000 + byUs,
      nowUs: nowUs + 10_000_000,
    }));
    const left = paced([...before, ...jumped]);
    expect(Math.max(...left.map(({ heldUs }) => heldUs))).toBeLessThanOrEqual(60_000);
    expect(jitterUs(left.slice(-250).map(({ leftUs }) => leftUs))).toBeLessThan(1000);
  });
});

describe('SoundPacer', () => {
  function pacer() {
    const clock = new VirtualClock();
    const left: { readonly packet: MediaFrame; readonly atMs: number }[] = [];
    const sound = new SoundPacer(clock, (packets) => {
      for (const packet of packets) left.push({ packet, atMs: clock.nowMs() });
    });
    return { clock, left, sound };
  }

  test('lets packets go one by one and in order, stamped to be heard a little behind the picture', async () => {
    const { clock, left, sound } = pacer();
    // None, then two at once: what frames of twice the length give.
    for (let atMs = 0; atMs < 4000; atMs += 40) {
      await clock.pass(40);
      sound.push(audio(atMs));
      sound.push(audio(atMs + 20));
    }
    await clock.pass(100);
    expect(left).toHaveLength(200);
    expect(left.map(({ packet }) => packet.ptsUs)).toEqual(
      Array.from({ length: 200 }, (_, index) => index * packetUs + behindPictureUs),
    );
    const steps = left.slice(101).map(({ atMs }, index) => atMs - (left[index + 100]?.atMs ?? 0));
    expect(new Set(steps)).toEqual(new Set([20]));
    expect(clock.timers).toBe(0);
  });

  test('close() is idempotent, and what waits is of no use any more', async () => {
    const { clock, left, sound } = pacer();
    for (const atMs of [0, 20, 40]) sound.push(audio(atMs));
    sound.close();
    sound.close();
    await clock.pass(1000);
    expect(left).toEqual([]);
    expect(clock.timers).toBe(0);
  });
});
