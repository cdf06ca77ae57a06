// Builds a Debian package of this checkout, with its own Node and worker: `npm run package`. Runs on the bundled Node.
import { cp, mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { execa } from 'execa';
import { copyrightFile } from './copyright.mjs';
import { writeProgramTree } from './program-tree.mjs';
import { sharedLibraries } from './shared-libraries.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const architecture = { x64: 'amd64', arm64: 'arm64' }[process.arch];
const ours = join(root, 'packaging', 'debian');

/** Writes a file of the package. */
const write = async (tree, path, content, mode = 0o644) => {
  const target = join(tree, path);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, content, { mode });
};
const put = async (tree, path, from) => write(tree, path, await readFile(from));
const zipped = (content) => gzipSync(content, { level: 9 });

/** All that lies outside of /usr/lib/mirolive. */
const writeSystemFiles = async (tree, version, home) => {
  await mkdir(join(tree, 'usr/bin'), { recursive: true });
  await symlink('../lib/mirolive/bin/mirolive', join(tree, 'usr/bin/mirolive'));
  const unit = await readFile(join(root, 'systemd', 'mirolive.service'), 'utf8');
  await write(tree, 'lib/systemd/system/mirolive.service', packagedUnit(unit));
  await put(tree, 'usr/lib/sysusers.d/mirolive.conf', join(root, 'systemd', 'mirolive.sysusers'));
  await put(tree, 'usr/lib/tmpfiles.d/mirolive.conf', join(root, 'systemd', 'mirolive.tmpfiles'));
  await put(tree, 'etc/mirolive/mirolive.yaml', join(ours, 'mirolive.yaml'));
  await put(tree, 'usr/share/lintian/overrides/mirolive', join(ours, 'lintian-overrides'));

  const mirolive = async (...args) => {
    const env = { PATH: process.env.PATH, HOME: home };
    return `${(await execa(join(tree, 'usr/bin/mirolive'), args, { env, extendEnv: false })).stdout}\n`;
  };
  await write(tree, 'usr/share/man/man1/mirolive.1.gz', zipped(await mirolive('help', '--man')));
  const completions = {
    bash: 'usr/share/bash-completion/completions/mirolive',
    zsh: 'usr/share/zsh/vendor-completions/_mirolive',
    fish: 'usr/share/fish/vendor_completions.d/mirolive.fish',
  };
  for (const [shell, path] of Object.entries(completions))
    await write(tree, path, await mirolive('completion', shell));

  const doc = 'usr/share/doc/mirolive';
  await write(tree, `${doc}/copyright`, await copyrightFile(root));
  await write(tree, `${doc}/CHANGELOG.md.gz`, zipped(await readFile(join(root, 'CHANGELOG.md'))));
  await write(tree, `${doc}/changelog.gz`, zipped(debianChangelog(version)));
  await cp(join(root, 'configs', 'examples'), join(tree, doc, 'examples'), { recursive: true });
};

/** The unit of a checkout in /opt/mirolive, as a package has it. */
export const packagedUnit = (unit) =>
  unit
    .replace(/^# For a checkout in .*?\. /, '# ')
    .replaceAll('/opt/mirolive/bin/mirolive', '/usr/bin/mirolive');

/** In Debian's own form there is only where to read on. */
const debianChangelog = (version) => `mirolive (${version}) unstable; urgency=medium

  * What has changed: CHANGELOG.md.gz.

 -- mirolive contributors <mirolive@localhost.localdomain>  ${new Date().toUTCString().replace('GMT', '+0000')}
`;

const writeControl = async (tree, version, depends) => {
  const values = {
    VERSION: version,
    ARCHITECTURE: architecture,
    SIZE: (await execa('du', ['-sk', '--apparent-size', tree])).stdout.split('\t')[0],
    DEPENDS: depends.join(', '),
  };
  const control = await readFile(join(ours, 'control'), 'utf8');
  await write(
    tree,
    'DEBIAN/control',
    control.replace(/@(\w+)@/g, (_all, name) => values[name]),
  );
  await write(tree, 'DEBIAN/conffiles', '/etc/mirolive/mirolive.yaml\n');
  for (const name of ['postinst', 'prerm', 'postrm'])
    await write(tree, `DEBIAN/${name}`, await readFile(join(ours, name)), 0o755);
  const sums = 'find usr lib -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum';
  await write(tree, 'DEBIAN/md5sums', `${(await execa('sh', ['-c', sums], { cwd: tree })).stdout}\n`);
};

const main = async ({ version, target, level }) => {
  process.umask(0o022);
  const folder = await mkdtemp(join(tmpdir(), 'mirolive-package-'));
  const tree = join(folder, 'tree');
  try {
    const { binaries } = await writeProgramTree(root, join(tree, 'usr/lib/mirolive'), version);
    await writeSystemFiles(tree, version, folder);
    const depends = [
      ...['ffmpeg', 'systemd | systemd-standalone-sysusers', 'systemd | systemd-standalone-tmpfiles'],
      ...(await sharedLibraries(binaries)),
    ];
    await writeControl(tree, version, depends);
    const path = join(target, `mirolive_${version}_${architecture}.deb`);
    await mkdir(target, { recursive: true });
    await execa('dpkg-deb', ['--root-owner-group', '-Zxz', `-z${level}`, '--build', tree, `${path}.new`]);
    await rename(`${path}.new`, path);
    process.stdout.write(`${path}\n`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

if (import.meta.main) {
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const { values } = parseArgs({
    options: {
      version: { type: 'string', default: manifest.version },
      target: { type: 'string', default: join(root, 'dist-packages') },
      level: { type: 'string', default: '6' },
    },
  });
  await main({ ...values, target: resolve(values.target) });
}
