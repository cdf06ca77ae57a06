import { readdir } from 'node:fs/promises';
import type { EncoderName } from '../../contract/encoders.ts';
import type { VideoEncoder } from '../../contract/plan.ts';
import { type TestEncode, testEncode } from './test-encode.ts';

/** An encoder, and what came of its test encode. */
export interface TriedEncoder {
  readonly encoder: VideoEncoder;
  readonly outcome: TestEncode;
}

/** Where Linux has the nodes of graphics cards. */
const deviceFolder = '/dev/dri';
const usualNode = 'renderD128';

/** Tries an encoder on each device that it could be in, up to the first that works; else the first failure tells. */
export async function tryEncoder(
  ffmpeg: string,
  name: EncoderName,
  signal: AbortSignal,
): Promise<TriedEncoder> {
  let first: TriedEncoder | undefined;
  for (const device of name === 'vaapi' ? await renderNodes() : [null]) {
    const encoder: VideoEncoder = { name, device, instead: null };
    const tried = { encoder, outcome: await testEncode(ffmpeg, encoder, signal) };
    if ('secondsPerMegapixel' in tried.outcome) return tried;
    first ??= tried;
  }
  if (!first) throw new Error('expected a device to try');
  return first;
}

async function renderNodes(): Promise<string[]> {
  const names = await readdir(deviceFolder).catch(() => []);
  const nodes = names.filter((name) => name.startsWith('renderD')).sort();
  return (nodes.length === 0 ? [usualNode] : nodes).map((node) => `${deviceFolder}/${node}`);
}
