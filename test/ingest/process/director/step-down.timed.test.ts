import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, type ExpectStatic, test } from 'vitest';
import type { RenditionName } from '../../../../src/contract/rendition-names.ts';
import { h264, opus, picture, tone } from '../../../helpers/media/recipes.ts';
import { makeMedia } from '../../../helpers/media/sample-files.ts';
import { temporaryFolder } from '../../../helpers/temporary-folder.ts';
import { steps } from '../../udp-sink.ts';
import { optionsFor, PlayedProgramme, ssrc } from './played-programme.ts';

const streams = [ssrc.video, 0xaaaa_0002, 0xaaaa_0003];
const wanted: readonly RenditionName[] = ['source', '360p', '240p'];

/** A script around ffmpeg that lets it read its source at 0.7 of real time where it encodes more than one rendition. */
async function slowFfmpeg(folder: string): Promise<string> {
  const path = join(folder, 'ffmpeg');
  await writeFile(
    path,
    `#!/usr/bin/env bash
case "$*" in *'[v1]'*) ;; *) exec ffmpeg "$@" ;; esac
args=()
for arg; do [ "$arg" = -i ] && args+=(-readrate 0.7); args+=("$arg"); done
exec ffmpeg "\${args[@]}"
`,
  );
  await chmod(path, 0o755);
  return path;
}

/** A copied file with two renditions below, for which this ffmpeg is too slow. */
async function overloaded(folder: string, stepsDown: boolean): Promise<PlayedProgramme> {
  const args = [...picture('854x480', 30), ...tone(440, 30), ...h264(30), ...opus];
  const options = await optionsFor(await makeMedia('overload.mkv', { args }), {
    ...{ ffmpeg: await slowFfmpeg(folder), prepared: null, stepsDown },
  });
  const identities = streams.map((one) => ({
    ssrc: one,
    payloadType: 101,
    clockRate: 90_000,
    extensionId: 1,
  }));
  return await PlayedProgramme.start({
    ...options,
    rules: { ...options.rules, renditions: wanted },
    video: { codec: 'h264', identities },
  });
}

async function said(played: PlayedProgramme): Promise<ReturnType<typeof played.of<'pipeline.overloaded'>>> {
  while (played.of('pipeline.overloaded').length === 0) await played.untilPictures(played.pictures + 10);
  return played.of('pipeline.overloaded');
}

function expectUnbrokenStream(played: PlayedProgramme, stream: number, expect: ExpectStatic): void {
  const packets = played.sink.track(stream);
  const sequences = packets.map(({ sequence }) => sequence);
  expect(steps(sequences, 16).every((step) => step === 1)).toBe(true);
  const times = packets.map(({ timestamp }) => timestamp);
  expect(Math.min(...steps(times, 32))).toBeGreaterThanOrEqual(0);
}

describe.concurrent('Director whose ffmpeg is slower than real time', () => {
  test('leaves out a rendition that auto chose, and viewers of it go on with the one below', async ({
    expect,
  }) => {
    await using folder = await temporaryFolder();
    await using played = await overloaded(folder.path, true);
    const [event] = await said(played);
    expect(event?.speed).toBeLessThan(0.9);
    expect(event?.renditions).toEqual(['source', '240p']);
    await played.started(2);
    const begun = played.of('pipeline.started').at(-1)?.plan.video;
    expect(begun?.lower.map(({ name }) => name)).toEqual(['240p']);
    expect(begun?.ladder).toMatch(/^source, 360p, 240p was too much: ffmpeg was at \d\d % of real time$/);
    // What goes out as the middle stream is the lowest picture, byte by byte, once the new ffmpeg has taken over.
    const payloads = (stream: number) =>
      played.sink
        .track(stream)
        .slice(-20)
        .map(({ payload }) => payload.toString('base64'));
    const [low = 0, middle = 0, top = 0] = streams;
    await played.sink.until(() => payloads(middle).some((one) => payloads(low).includes(one)));
    const before = played.sink.track(top).length;
    await played.sink.until(() => played.sink.track(top).length > before + 100);
    expect(payloads(top).some((one) => payloads(low).includes(one))).toBe(false);
    for (const stream of streams) expectUnbrokenStream(played, stream, expect);
    expect(played.of('programme.switched')).toEqual([]);
    expect(played.of('pipeline.overloaded').length).toBe(1);
  });

  test('says so, and leaves what was asked for as it is', async ({ expect }) => {
    await using folder = await temporaryFolder();
    await using played = await overloaded(folder.path, false);
    const [event] = await said(played);
    expect(event).toMatchObject({ renditions: null, hint: expect.stringContaining('--renditions') });
    expect(played.of('pipeline.started').length).toBe(1);
  });
});
