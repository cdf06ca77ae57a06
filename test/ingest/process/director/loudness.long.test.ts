import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { playlistSource } from '../../../../src/contract/models.ts';
import { measureLoudness } from '../../../../src/ingest/ffmpeg/loudness.ts';
import { plainInput } from '../../../../src/ingest/sources/input.ts';
import { type FileFinding, Sources } from '../../../../src/ingest/sources/sources.ts';
import { ogg } from '../../../helpers/media/decoded-opus.ts';
import { aac, h264, picture } from '../../../helpers/media/recipes.ts';
import { makeMedia } from '../../../helpers/media/sample-files.ts';
import { planOptions } from '../../../helpers/plan-options.ts';
import { temporaryFolder } from '../../../helpers/temporary-folder.ts';
import type { RtpPacket } from '../../media/rtp/depacketize.ts';
import { optionsFor, PlayedProgramme, sourcesOptions } from './played-programme.ts';

const rules = { ...planOptions, codec: 'h264', loudness: 'auto' } as const;
/** Packets in a second. */
const perSecond = 50;

/** Noise that is about so loud, in LUFS. */
async function noise(name: string, lufs: number, seconds: number): Promise<string> {
  const sound = `anoisesrc=color=pink:amplitude=1:seed=1:sample_rate=48000:duration=${seconds},volume=${lufs + 15.2}dB`;
  const args = [...picture('160x90', seconds), '-f', 'lavfi', '-i', sound, '-ac', '2', ...h264(30), ...aac];
  return await makeMedia(name, { args });
}

/** What is found out of files before they are played, with how loud they are. */
async function measured(paths: readonly string[]): Promise<FileFinding[]> {
  const found: FileFinding[] = [];
  const all = Promise.withResolvers<void>();
  const isAll = () => found.filter(({ what }) => what === 'loudness').length === paths.length;
  await using sources = await Sources.create(sourcesOptions, undefined, (finding) => {
    found.push(finding);
    if (isAll()) all.resolve();
  });
  for (const path of paths)
    await sources.prepare({ kind: 'file', path, loop: false, audioTrack: null }, rules);
  await all.promise;
  return found;
}

/** How loud packets are that were received, in LUFS, between two seconds of them. */
async function loudnessOf(packets: readonly RtpPacket[], fromS: number, toS: number): Promise<number> {
  await using folder = await temporaryFolder();
  const location = join(folder.path, 'received.ogg');
  const part = packets.slice(fromS * perSecond, toS * perSecond);
  await writeFile(location, ogg(part.map(({ payload }) => payload)));
  const input = plainInput([{ options: [], location }], { live: false });
  const found = await measureLoudness(input, {
    ffmpeg: 'ffmpeg',
    audio: { index: 0 },
    signal: AbortSignal.timeout(60_000),
  });
  return found?.integratedLufs ?? Number.NEGATIVE_INFINITY;
}

/** Packets of Opus without sound are at most so large; of noise each has hundreds. */
const silenceBytes = 16;

/** From the first sound to the last: on a busy machine it comes later than its picture. */
function withoutSilence(packets: readonly RtpPacket[]): readonly RtpPacket[] {
  const isSound = ({ payload }: RtpPacket) => payload.length > silenceBytes;
  return packets.slice(packets.findIndex(isSound), packets.findLastIndex(isSound) + 1);
}

test.concurrent('what was measured is as loud as what follows it', async () => {
  const paths = [await noise('quiet.mp4', -30, 4), await noise('loud.mp4', -9, 4)];
  const files = await measured(paths);
  const found = files.flatMap((file) => (file.what === 'loudness' ? Object.values(file.value) : []));
  const apart = Math.abs((found[0]?.integratedLufs ?? 0) - (found[1]?.integratedLufs ?? 0));
  expect(apart).toBeGreaterThan(20);

  const items = paths.map((path) => ({ source: { kind: 'file', path } }));
  const main = playlistSource.parse({ kind: 'playlist', items });
  const options = { ...(await optionsFor(paths[0] ?? '')), rules, main, files, prepared: null };
  await using played = await PlayedProgramme.start(options);
  await played.ended();
  const quiet = await loudnessOf(played.audio(), 0, 3.8);
  const loud = await loudnessOf(played.audio(), 4.2, 7.8);
  expect(Math.abs(loud - quiet)).toBeLessThan(1.5);
  expect(Math.abs(quiet + 16)).toBeLessThan(1.5);
});

test.concurrent('what was not measured comes to its loudness slowly', async () => {
  const path = await noise('louder.mp4', -11, 10);
  const options = { ...(await optionsFor(path)), rules, prepared: null };
  await using played = await PlayedProgramme.start(options);
  await played.ended();
  const heard = withoutSilence(played.audio());
  const endS = heard.length / perSecond;
  const first = await loudnessOf(heard, 0, 1);
  const last = await loudnessOf(heard, endS - 1.2, endS - 0.1);
  expect(first).toBeGreaterThan(-13);
  expect(Math.abs(last + 16)).toBeLessThan(1.5);
});
