import { describe, expect, test } from 'vitest';
import { config } from '../../../src/contract/config.ts';
import type { EncoderChoice } from '../../../src/contract/encoders.ts';
import { MiroliveError } from '../../../src/contract/errors.ts';
import { h264Finding } from '../../../src/daemon/ops/h264-finding.ts';
import { chooseEncoder, isLate } from '../../../src/daemon/rooms/choose-encoder.ts';
import { tryEncoder } from '../../../src/ingest/ffmpeg/try-encoders.ts';
import { eventually } from '../../helpers/browser.ts';
import { FakeVaapi } from '../../helpers/fake-vaapi.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const { signal } = new AbortController();
const hardware = ['vaapi', 'nvenc', 'qsv', 'v4l2m2m'] as const;
/** What doctor says, once the machine has so little else to do that it can tell. */
const lookWith = (encoder: EncoderChoice, ffmpeg = 'ffmpeg') =>
  eventually(
    () => h264Finding(config.parse({ media: { ffmpeg }, plan: { encoder } })),
    ({ fix }) => !fix?.includes('too much else to do'),
  );
/** What is chosen of those that there is hardware for, once that can be told. */
const choose = (ffmpeg: string) =>
  eventually(
    () => chooseEncoder(ffmpeg, 'auto', signal, hardware),
    ({ refused }) => !refused.some(isLate),
  );
/** Why one that is named is refused, once that can be told. */
const refusal = (name: EncoderChoice) =>
  eventually(
    () => chooseEncoder('ffmpeg', name, signal).catch((error: unknown) => error as MiroliveError),
    (found) => found instanceof MiroliveError || !found.refused.some(isLate),
  );
/** Those that do not work here; a machine with a graphics card has fewer. */
const missing = (await tryAll()).flatMap(({ encoder, outcome }) =>
  'reason' in outcome ? [{ name: encoder.name, reason: outcome.reason }] : [],
);

async function tryAll() {
  return await eventually(
    () => Promise.all(hardware.map((name) => tryEncoder('ffmpeg', name, signal))),
    (tried) => !tried.some(isLate),
  );
}

describe('an encoder that is missing', () => {
  test.each(missing)('$name is refused by name, with the reason of ffmpeg', async ({ name, reason }) => {
    expect(reason).toMatch(/display|device|libcuda|MFX|session|encoder/i);
    expect(await refusal(name)).toMatchObject({
      code: 'ENCODER_NOT_USABLE',
      message: `expected plan.encoder to name an encoder that works, got ${name}: ${reason}`,
      hint: expect.stringContaining('mirolive doctor'),
    });
  });

  test.runIf(missing.length > 0)('fails in doctor where the configuration names it', async () => {
    const [first] = missing;
    const finding = await lookWith(first?.name ?? 'auto');
    expect(finding).toMatchObject({ state: 'fail', fix: expect.stringContaining('plan.encoder') });
    expect(finding.detail).toContain(`none, by plan.encoder: ${first?.name}\n`);
    expect(finding.detail).toContain(`${first?.name}: does not work: ${first?.reason}`);
  });

  test.runIf(missing.length === hardware.length)('auto falls back to x264', async () => {
    expect(await choose('ffmpeg')).toMatchObject({
      encoder: { name: 'x264' },
      refused: missing.map(({ name, reason }) => ({ encoder: { name }, outcome: { reason } })),
    });
    const finding = await lookWith('auto');
    expect(finding).toMatchObject({ state: 'ok', fix: null });
    expect(finding.detail.split('\n')).toEqual([
      'x264, by plan.encoder: auto',
      ...missing.map(({ name, reason }) => `${name}: does not work: ${reason}`),
      'x264: works',
    ]);
  });
});

describe('an encoder in hardware that works', () => {
  test('is chosen by auto, with its device and what it costs', async () => {
    await using folder = await temporaryFolder();
    const { ffmpeg } = await FakeVaapi.create(folder.path);
    const chosen = await choose(ffmpeg);
    expect(chosen).toMatchObject({
      encoder: { name: 'vaapi', device: expect.stringMatching(/^\/dev\/dri\/renderD/), instead: null },
      outcome: { secondsPerMegapixel: expect.any(Number) },
    });
    expect((await chooseEncoder(ffmpeg, 'auto', signal, [])).encoder.name).toBe('x264');
    const finding = await lookWith('auto', ffmpeg);
    expect(finding.detail).toContain('vaapi, by plan.encoder: auto\nvaapi: works on /dev/dri/renderD');
  });
});
