import { readdir } from 'node:fs/promises';
import type { EncoderName } from '../../contract/encoders.ts';

/** Device nodes by which Linux shows that there may be such hardware; dxg is that of Windows below a Linux. */
const nodes: readonly (readonly [encoder: EncoderName, folder: string, node: RegExp])[] = [
  ['vaapi', '/dev/dri', /^renderD/],
  ['nvenc', '/dev', /^(?:nvidiactl|dxg)$/],
  ['qsv', '/dev/dri', /^renderD/],
  ['v4l2m2m', '/dev', /^video\d/],
];

/** Encoders that this machine may have hardware for, without asking it: whether they work is to be tried. */
export async function presentEncoders(): Promise<EncoderName[]> {
  const found = await Promise.all(
    nodes.map(async ([encoder, folder, node]) => {
      const names = await readdir(folder).catch(() => []);
      return names.some((name) => node.test(name)) ? [encoder] : [];
    }),
  );
  return found.flat();
}
