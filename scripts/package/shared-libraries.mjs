import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';

/** The Debian packages, with their least versions, whose shared libraries these binaries load: as dpkg-shlibdeps finds them. */
export const sharedLibraries = async (binaries) => {
  const folder = await mkdtemp(join(tmpdir(), 'mirolive-shlibs-'));
  try {
    // It wants to be in the folder of a source package.
    await mkdir(join(folder, 'debian'));
    await writeFile(
      join(folder, 'debian', 'control'),
      'Source: mirolive\n\nPackage: mirolive\nArchitecture: any\n',
    );
    const { stdout: output } = await execa('dpkg-shlibdeps', ['-O', ...binaries.map((path) => `-e${path}`)], {
      cwd: folder,
    });
    const [, depends] = /^shlibs:Depends=(.+)$/m.exec(output) ?? [];
    if (depends === undefined) throw new Error(`dpkg-shlibdeps names no libraries: ${output}`);
    return depends.split(', ');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
