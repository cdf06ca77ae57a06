import { expect, test } from 'vitest';
import {
  type MatroskaFrame,
  matroskaCluster,
} from '../../../../src/ingest/media/matroska/matroska-writer.ts';
import type { ContentDecoderOptions } from '../../../../src/ingest/process/content/content-decoder.ts';
import { ContentMonitor } from '../../../../src/ingest/process/content/content-monitor.ts';
import { VirtualClock } from '../../../helpers/virtual-clock.ts';

/** Stands for a decoder: gives for each frame at once what it is, as its words say. */
class ScriptedDecoder {
  readonly #ended = Promise.withResolvers<void>();
  readonly ended = this.#ended.promise;
  readonly #options: ContentDecoderOptions;
  readonly written: MatroskaFrame[] = [];
  busy = false;
  closed = false;

  constructor(options: ContentDecoderOptions) {
    this.#options = options;
  }

  write(frames: readonly MatroskaFrame[]): void {
    // As it would be written.
    if (frames.length > 0) matroskaCluster(frames);
    this.written.push(...frames);
    for (const { kind, atMs, data } of frames) {
      if (kind === 'audio') this.#options.onSound(new Int16Array(1920).fill(data[0] ?? 0), atMs);
      else this.#options.onPicture(new Uint8Array(64 * 36).fill(data[0] ?? 0), atMs);
    }
  }

  die(): void {
    this.#ended.resolve();
  }

  async close(): Promise<void> {
    this.closed = true;
    this.die();
  }
}

const dark = 16;
const bright = 120;

function watched(limits = { black: 10_000, frozen: null, silent: 10_000, clipping: null }) {
  const clock = new VirtualClock();
  const decoders: ScriptedDecoder[] = [];
  const said: string[] = [];
  const monitor = new ContentMonitor({
    ...{ ffmpeg: 'ffmpeg', video: 'h264', audio: true, limits, clock, random: () => 0 },
    onNews: (news) => said.push(...news.map(({ type, fault }) => `${type} ${fault}`)),
    decoder: (options) => {
      const decoder = new ScriptedDecoder(options);
      decoders.push(decoder);
      return decoder;
    },
  });
  /** So many seconds of a source go by, with a key frame each second. */
  const pass = async (
    seconds: number,
    brightness: number,
    loudness: number,
    { id = 'main', exempt = [] as ('black' | 'silent')[] } = {},
  ) => {
    for (let second = 0; second < seconds; second++) {
      monitor.tick({ id, exempt: new Set(exempt) }, Buffer.from([brightness]));
      for (let packet = 0; packet < 50; packet++) {
        await clock.pass(20);
        monitor.hear(Buffer.from([loudness]));
      }
    }
  };
  return { clock, decoders, said, monitor, pass };
}

test('a black and silent source is told once, and when it is over', async () => {
  const { said, pass } = watched();
  await pass(15, dark, 0);
  expect(said.sort()).toEqual(['wrong black', 'wrong silent']);
  await pass(5, bright, 100);
  expect(said.sort()).toEqual(['back black', 'back silent', 'wrong black', 'wrong silent']);
});

test('key frames are looked at every two seconds, and sound is heard as a whole', async () => {
  const { decoders, pass } = watched();
  await pass(20, bright, 100);
  const written = decoders[0]?.written ?? [];
  expect(written.filter(({ kind }) => kind === 'video')).toHaveLength(10);
  // What was heard in the last second waits for the next one.
  expect(written.filter(({ kind }) => kind === 'audio')).toHaveLength(950);
});

test('the same key frame is not looked at twice', async () => {
  const { clock, decoders, monitor } = watched();
  const picture = Buffer.from([dark]);
  for (let second = 0; second < 20; second++) {
    monitor.tick({ id: 'main', exempt: new Set() }, picture);
    await clock.pass(1000);
  }
  expect(decoders[0]?.written).toHaveLength(1);
});

test('a source that gives no key frames is asked for one, seldom, and often while it is black', async () => {
  const { clock, monitor } = watched();
  /** A source that gives a key frame when it is asked, and at first; gives the seconds at which it was asked. */
  const asked = async (seconds: number, brightness: number) => {
    let picture = Buffer.from([brightness]);
    const at: number[] = [];
    for (let second = 0; second < seconds; second++) {
      monitor.tick({ id: 'cam', exempt: new Set() }, picture);
      if (monitor.asks()) {
        at.push(second);
        picture = Buffer.from([brightness]);
      }
      await clock.pass(1000);
    }
    return at;
  };
  expect(await asked(130, bright)).toEqual([60, 121]);
  expect(await asked(12, dark)).toEqual([3, 7, 11]);
});

test('nothing is asked for of what is exempt, or where black is not looked for', async () => {
  const some = watched();
  some.monitor.tick({ id: 'cam', exempt: new Set(['black']) }, null);
  const none = watched({ black: null, frozen: null, silent: 10_000, clipping: null } as never);
  none.monitor.tick({ id: 'cam', exempt: new Set() }, null);
  for (const { clock } of [some, none]) await clock.pass(100_000);
  expect([some.monitor.asks(), none.monitor.asks()]).toEqual([false, false]);
});

test('of something else on air nothing is known, and what was told is over', async () => {
  const { said, pass } = watched();
  await pass(15, dark, 100);
  await pass(8, dark, 100, { id: 'another' });
  expect(said).toEqual(['wrong black', 'back black']);
});

test('what is exempt is not told', async () => {
  const { said, pass } = watched();
  await pass(30, dark, 0, { exempt: ['silent'] });
  expect(said).toEqual(['wrong black']);
});

test('nothing is decoded where nothing is on air, or nothing is looked for', async () => {
  const { decoders, monitor } = watched();
  monitor.tick(null, Buffer.from([dark]));
  const none = watched({ black: null, frozen: null, silent: null, clipping: null } as never);
  await none.pass(5, dark, 0);
  expect([decoders, none.decoders]).toEqual([[], []]);
});

test('a decoder that ends is started again, and no more often than back-off has it', async () => {
  const { decoders, pass, said } = watched();
  for (let times = 0; times < 20; times++) {
    await pass(1, dark, 100);
    decoders.at(-1)?.die();
  }
  // At once, then after 0.5, 1, 2, 4 and 8 s.
  expect(decoders.length).toBeGreaterThan(3);
  expect(decoders.length).toBeLessThan(9);
  await pass(40, dark, 100);
  expect(said).toEqual(['wrong black']);
});

test('one that does not keep up is given nothing', async () => {
  const { decoders, pass } = watched();
  await pass(3, bright, 100);
  const [decoder] = decoders;
  if (!decoder) throw new Error('expected a decoder');
  decoder.busy = true;
  const { length } = decoder.written;
  await pass(5, bright, 100);
  expect(decoder.written).toHaveLength(length);
});

test('one that hangs is replaced, and what was told is over', async () => {
  const { clock, decoders, said, pass } = watched();
  await pass(15, dark, 0);
  const [first] = decoders;
  if (!first) throw new Error('expected a decoder');
  first.busy = true;
  await pass(9, dark, 0);
  expect(first.closed).toBe(false);
  await pass(3, dark, 0);
  expect(first.closed).toBe(true);
  expect(said.slice(2).sort()).toEqual(['back black', 'back silent']);
  await clock.pass(60_000);
  await pass(13, dark, 0);
  expect(decoders).toHaveLength(2);
  expect(said.slice(4).sort()).toEqual(['wrong black', 'wrong silent']);
});

test('close() is idempotent, and nothing is told after it', async () => {
  const { decoders, monitor, pass, said } = watched();
  await pass(3, dark, 0);
  await monitor.close();
  await monitor.close();
  await pass(20, dark, 0);
  expect([decoders.length, decoders[0]?.closed, said]).toEqual([1, true, []]);
});

test('levels are those of the last second that was heard, and nothing once something else is given, or nothing comes', async () => {
  const { clock, monitor, pass } = watched();
  expect(monitor.levels).toBeNull();
  await pass(3, bright, 100);
  // Samples of 100 throughout.
  expect(monitor.levels).toEqual({ peakDb: -50.3, loudnessDb: -50.3 });
  monitor.tick({ id: 'other', exempt: new Set() }, null);
  expect(monitor.levels).toBeNull();
  await pass(3, bright, 10, { id: 'other' });
  expect(monitor.levels).toEqual({ peakDb: -70.3, loudnessDb: -70.3 });
  await clock.pass(5000);
  expect(monitor.levels).toBeNull();
});
