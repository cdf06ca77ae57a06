import pino from 'pino';
import { afterEach, expect, test } from 'vitest';
import { config } from '../../../src/contract/config.ts';
import type { EncoderChoice, EncoderName } from '../../../src/contract/encoders.ts';
import { h264Finding } from '../../../src/daemon/ops/h264-finding.ts';
import { chooseEncoder } from '../../../src/daemon/rooms/choose-encoder.ts';
import { Encoding } from '../../../src/daemon/rooms/encoding.ts';
import type { TestEncode } from '../../../src/ingest/ffmpeg/test-encode.ts';
import type { TriedEncoder } from '../../../src/ingest/ffmpeg/try-encoders.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

/** What comes of the next test encode of each encoder. */
const outcomes = new Map<string, TestEncode>();
const tried: string[] = [];

async function trial(_: string, name: EncoderName): Promise<TriedEncoder> {
  tried.push(name);
  const outcome = outcomes.get(name) ?? { reason: 'it is not there' };
  return { encoder: { name, device: null, instead: null }, outcome };
}

const choose: typeof chooseEncoder = (ffmpeg, wanted, signal, present = ['vaapi', 'nvenc']) =>
  chooseEncoder(ffmpeg, wanted, signal, present, trial);

const late = { reason: 'it takes more than 20 s for a second of picture', late: true } as const;
const broken = { reason: 'no such device' } as const;

afterEach(() => {
  tried.length = 0;
});

async function start(encoder: EncoderChoice = 'auto') {
  const settings = config.parse({ plan: { encoder } });
  const clock = new VirtualClock();
  const lines: string[] = [];
  const log = pino({ level: 'info' }, { write: (line) => lines.push(JSON.parse(line).msg) });
  const encoding = await Encoding.create(settings, log, clock, {
    chooseEncoder: choose,
    missingToneMaps: async () => [],
  });
  return { clock, lines, encoding, [Symbol.asyncDispose]: () => encoding.close() };
}

test('An encoder that was not tried to the end is tried again, with back-off, until it is used or does not work', async () => {
  outcomes.set('vaapi', late).set('nvenc', broken);
  await using started = await start();
  const { clock, lines, encoding } = started;
  expect((await encoding.encoder()).name).toBe('x264');
  await clock.pass(59_999);
  expect(tried).toEqual(['vaapi', 'nvenc']);
  expect(lines).toEqual([
    'h264_vaapi is not done in time, and is tried again later',
    'h264_nvenc does not work, and is not used',
    'H.264 is encoded by libx264',
  ]);
  await clock.pass(1);
  await clock.pass(119_999);
  expect(tried).toEqual(['vaapi', 'nvenc', 'vaapi']);
  outcomes.set('vaapi', { secondsPerMegapixel: 0.01 });
  await clock.pass(1);
  expect((await encoding.encoder()).name).toBe('vaapi');
  expect(await encoding.capacity()).toMatchObject({ secondsPerMegapixel: 0.01 });
  expect(lines.at(-1)).toBe('H.264 is encoded by h264_vaapi');
  await clock.pass(10_000_000);
  expect(tried).toHaveLength(4);
});

test('An encoder that is named and not tried to the end keeps nothing from starting: it is used as soon as it works', async () => {
  outcomes.set('vaapi', late);
  await using started = await start('vaapi');
  const { clock, lines, encoding } = started;
  expect((await encoding.encoder()).name).toBe('x264');
  expect(lines[0]).toBe('h264_vaapi is not done in time, and is tried again later');
  outcomes.set('vaapi', { secondsPerMegapixel: 0.01 });
  await clock.pass(60_000);
  expect((await encoding.encoder()).name).toBe('vaapi');
  outcomes.set('vaapi', broken);
  await expect(start('vaapi')).rejects.toMatchObject({ code: 'ENCODER_NOT_USABLE' });
});

test('An encoder that does not work is not tried again', async () => {
  outcomes.set('vaapi', broken).set('nvenc', broken);
  await using started = await start();
  await started.clock.pass(10_000_000);
  expect(tried).toEqual(['vaapi', 'nvenc']);
  expect(started.clock.timers).toBe(0);
});

test('The doctor tells what is tried again from what does not work', async () => {
  for (const name of ['x264', 'nvenc', 'qsv', 'v4l2m2m']) outcomes.set(name, broken);
  outcomes.set('vaapi', late);
  const { state, detail, fix } = await h264Finding(config.parse({}), trial);
  // A machine that has too much else to do is not a broken one.
  expect([state, fix]).toEqual(['warn', expect.stringContaining('mirolive doctor')]);
  expect(detail).toMatch(/^not known, by plan.encoder: auto$/m);
  expect(detail).toContain(`vaapi: not known, and tried again later: ${late.reason}`);
  expect(detail).toContain('nvenc: does not work: no such device');
  outcomes.set('vaapi', broken);
  expect((await h264Finding(config.parse({}), trial)).state).toBe('fail');
});

test('What is restored does not wait for test encodes: until they are over it is software that is known', async () => {
  outcomes.set('vaapi', { secondsPerMegapixel: 0.01 });
  await using started = await start();
  const { encoding } = started;
  expect(encoding.meansSoFar.encoder.name).toBe('x264');
  expect((await encoding.means()).encoder.name).toBe('vaapi');
  expect(encoding.meansSoFar).toEqual(await encoding.means());
});
