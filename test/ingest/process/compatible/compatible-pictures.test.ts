import { expect, test } from 'vitest';
import type { MediaFrame } from '../../../../src/ingest/media/media-frame.ts';
import type { CompatibleEncoderOptions } from '../../../../src/ingest/process/compatible/compatible-encoder.ts';
import { CompatiblePictures } from '../../../../src/ingest/process/compatible/compatible-pictures.ts';
import { Feed } from '../../../../src/ingest/process/splicer/feed.ts';
import { VirtualClock } from '../../../helpers/virtual-clock.ts';

/** A key frame of VP8 tells its size. */
function keyFrame(width: number, height: number): Buffer {
  const data = Buffer.from('0000009d012a00000000', 'hex');
  data.writeUInt16LE(width, 6);
  data.writeUInt16LE(height, 8);
  return data;
}
const delta = Buffer.from([1]);

/** Stands for an encoder: gives each picture back at once. */
class ScriptedEncoder {
  readonly #ended = Promise.withResolvers<void>();
  readonly ended = this.#ended.promise;
  readonly options: CompatibleEncoderOptions;
  readonly written: number[] = [];
  busy = false;
  mute = false;
  closed = false;

  constructor(options: CompatibleEncoderOptions) {
    this.options = options;
  }

  write(data: Buffer, atMs: number): void {
    this.written.push(atMs);
    const key = data.length > 1;
    if (!this.mute) this.options.onPicture({ kind: 'video', layer: 0, key, ptsUs: atMs * 1000, data });
  }

  die(): void {
    this.#ended.resolve();
  }

  async close(): Promise<void> {
    this.closed = true;
    this.die();
  }
}

function made({ layers = 1, layer = 0 } = {}) {
  const clock = new VirtualClock();
  const encoders: ScriptedEncoder[] = [];
  const sent: number[] = [];
  const asked: number[] = [];
  /** As those that begin now are. */
  const next = { mute: false };
  const pictures = new CompatiblePictures({
    ...{ ffmpeg: 'ffmpeg', from: 'vp8', clock, random: () => 0, layers, layer },
    send: (codec, _, timeUs) => sent.push(codec === 'h264' ? timeUs : Number.NaN),
    onKeyFrameWanted: (one) => asked.push(one),
    encoder: (options) => {
      const encoder = Object.assign(new ScriptedEncoder(options), next);
      encoders.push(encoder);
      return encoder;
    },
  });
  const feed = (feedLayers = 1) => new Feed(['video'], { layers: feedLayers });
  const note = (of: Feed, timeUs: number, data: Buffer, layer = 0) => {
    const frame: MediaFrame = { kind: 'video', layer, key: data.length > 1, ptsUs: 0, data };
    pictures.note({ frame, timeUs, feed: of });
  };
  return { clock, encoders, sent, asked, pictures, feed, note, next };
}

test('nothing is made before it is wanted, nor any more when it is not', async () => {
  const { pictures, encoders, note, feed, sent } = made();
  const source = feed();
  note(source, 0, keyFrame(640, 360));
  expect(encoders).toHaveLength(0);
  pictures.want(['h264']);
  note(source, 40_000, keyFrame(640, 360));
  expect(sent).toEqual([40_000]);
  pictures.want([]);
  expect(encoders[0]?.closed).toBe(true);
  note(source, 80_000, keyFrame(640, 360));
  expect(sent).toEqual([40_000]);
});

test('it begins with a key frame, which is asked for once a second, and its pictures keep their times', async () => {
  const { pictures, note, feed, sent, asked, clock, encoders } = made({ layers: 1, layer: 0 });
  pictures.want(['h264']);
  const source = feed();
  // The first one of what is on air has left before.
  note(source, 900_000, keyFrame(640, 360));
  encoders[0]?.die();
  await clock.pass(0);
  for (let at = 1_000_000; at < 2_500_000; at += 100_000) {
    note(source, at, delta);
    await clock.pass(100);
  }
  expect(asked).toEqual([0, 0]);
  note(source, 2_500_000, keyFrame(640, 360));
  note(source, 2_540_000, delta);
  expect(sent.slice(1)).toEqual([2_500_000, 2_540_000]);
  expect(encoders[1]?.written).toEqual([0, 40]);
});

test('another size is another encoder, of no more than 480 lines, and none for the same size of another feed', async () => {
  const { pictures, note, feed, encoders, sent } = made();
  pictures.want(['h264']);
  note(feed(), 0, keyFrame(1920, 1080));
  note(feed(), 40_000, keyFrame(1920, 1080));
  note(feed(), 80_000, keyFrame(360, 640));
  expect(encoders.map(({ options }) => options.size)).toEqual([
    { width: 852, height: 480 },
    { width: 360, height: 640 },
  ]);
  expect(encoders.map(({ closed }) => closed)).toEqual([true, false]);
  expect(sent).toEqual([0, 40_000, 80_000]);
  expect(pictures.made).toEqual([{ codec: 'h264', width: 360, height: 640, problem: null }]);
});

test('of what ffmpeg cannot keep up with it leaves out all up to a key frame', () => {
  const { pictures, note, feed, sent, encoders, asked } = made();
  pictures.want(['h264']);
  const source = feed();
  note(source, 0, keyFrame(640, 360));
  const [encoder] = encoders;
  if (encoder) encoder.busy = true;
  note(source, 40_000, delta);
  if (encoder) encoder.busy = false;
  note(source, 80_000, delta);
  note(source, 120_000, keyFrame(640, 360));
  expect(sent).toEqual([0, 120_000]);
  expect(asked).toEqual([0]);
});

test('one that ends is begun anew, ever more seldom, and tells where nothing has ever come of it', async () => {
  const { pictures, note, feed, clock, encoders, next } = made();
  next.mute = true;
  pictures.want(['h264']);
  const source = feed();
  for (let second = 0; second < 30; second++) {
    note(source, second * 1_000_000, keyFrame(640, 360));
    encoders.at(-1)?.die();
    await clock.pass(1000);
  }
  expect(encoders.length).toBeLessThan(9);
  expect(pictures.made).toEqual([
    { codec: 'h264', width: null, height: null, problem: 'ffmpeg makes no h264 of it' },
  ]);
  next.mute = false;
  await clock.pass(30_000);
  note(source, 60_000_000, keyFrame(640, 360));
  expect(pictures.made[0]?.problem).toBeNull();
});

test('one that hangs is replaced', async () => {
  const { pictures, note, feed, clock, encoders, next } = made();
  next.mute = true;
  pictures.want(['h264']);
  const source = feed();
  note(source, 0, keyFrame(640, 360));
  for (const half of [1, 2]) {
    await clock.pass(5000);
    next.mute = false;
    note(source, half * 5_000_000, delta);
  }
  expect(encoders[0]?.closed).toBe(true);
  note(source, 10_040_000, keyFrame(640, 360));
  expect(encoders).toHaveLength(2);
  expect(pictures.made[0]?.width).toBe(640);
});

test('one that hangs before it has given anything is told', async () => {
  const { pictures, note, feed, clock, encoders, next } = made();
  next.mute = true;
  pictures.want(['h264']);
  const source = feed();
  for (let at = 0; at <= 10; at++) {
    note(source, at * 1_000_000, at === 0 ? keyFrame(640, 360) : delta);
    await clock.pass(1000);
  }
  expect(encoders[0]?.closed).toBe(true);
  expect(pictures.made[0]?.problem).toBe('ffmpeg makes no h264 of it');
});

test('one that was given nothing for long does not hang', async () => {
  const { pictures, note, feed, clock, encoders } = made();
  pictures.want(['h264']);
  const source = feed();
  note(source, 0, keyFrame(640, 360));
  await clock.pass(20_000);
  note(source, 20_000_000, delta);
  expect(encoders[0]?.closed).toBe(false);
  expect(encoders[0]?.written).toHaveLength(2);
});

test('of several renditions one is taken, and a lower one where that gives nothing for long', async () => {
  const { pictures, note, feed, clock, sent } = made({ layers: 3, layer: 1 });
  pictures.want(['h264']);
  const source = feed(3);
  note(source, 0, keyFrame(320, 180), 0);
  note(source, 1, keyFrame(640, 360), 1);
  note(source, 2, keyFrame(1280, 720), 2);
  note(source, 40_000, delta, 0);
  note(source, 40_001, delta, 1);
  expect(sent).toEqual([0, 1, 40_001]);
  await clock.pass(2000);
  note(source, 2_000_000, keyFrame(320, 180), 0);
  await clock.pass(1000);
  note(source, 3_000_000, keyFrame(320, 180), 0);
  expect(sent).toEqual([0, 1, 40_001, 3_000_000]);
});

test('close() ends what encodes, and is idempotent', async () => {
  const { pictures, note, feed, encoders } = made();
  pictures.want(['h264']);
  note(feed(), 0, keyFrame(640, 360));
  await pictures.close();
  await pictures.close();
  expect(encoders[0]?.closed).toBe(true);
});
