import { execa } from 'execa';

const program = new URL('../../scripts/package/debian.mjs', import.meta.url).pathname;

/** Builds the Debian package of a version, for machines like this one. Gives its path. */
export async function buildPackage(target: string, version: string): Promise<string> {
  const { stdout } = await execa(process.execPath, [
    ...[program, '--target', target, '--version', version, '--level', '0'],
  ]);
  return stdout;
}
