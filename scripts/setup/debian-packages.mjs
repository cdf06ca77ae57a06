import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runCommand } from '../../native/mediasoup-worker/run-command.mjs';
import { explain, SetupFailed } from './setup-failed.mjs';

const command = (name) => (env) =>
  (env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return folder !== '';
    } catch {
      return false;
    }
  });
const file = (path) => () => existsSync(path);
/** A file whose folder is named after the machine's kind, as Debian's Multi-Arch has it. */
const library = (path) => () =>
  readdirSync('/usr/lib').some((folder) => existsSync(`/usr/lib/${folder}/${path}`));
const typelib = (name) => library(`girepository-1.0/${name}.typelib`);
const gstreamer = (plugin) => library(`gstreamer-1.0/libgst${plugin}.so`);
const header = (path) => file(`/usr/include/${path}`);

/** What each group of the set-up needs from the system: Debian's name for it, and how to see that it is there. */
const PACKAGES = {
  media: {
    ffmpeg: command('ffprobe'),
    'fonts-dejavu-core': file('/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf'),
  },
  worker: {
    'g++': command('g++'),
    cmake: command('cmake'),
    'ninja-build': command('ninja'),
    patch: command('patch'),
    openssl: command('openssl'),
    'libssl-dev': header('openssl/ssl.h'),
    'libuv1-dev': header('uv.h'),
    'libabsl-dev': header('absl/types/optional.h'),
    'libflatbuffers-dev': header('flatbuffers/flatbuffers.h'),
    'flatbuffers-compiler': command('flatc'),
  },
  browser: { chromium: command('chromium') },
  firefox: { 'firefox-esr': command('firefox-esr') },
  desktop: { xvfb: command('Xvfb'), 'x11-utils': command('xwininfo') },
  encoder: { 'obs-studio': command('obs') },
  whep: { 'python3-aiortc': file('/usr/lib/python3/dist-packages/aiortc/__init__.py') },
  whip: {
    'gir1.2-gst-plugins-bad-1.0': typelib('GstWebRTC-1.0'),
    'gstreamer1.0-nice': gstreamer('nice'),
    'gstreamer1.0-plugins-bad': gstreamer('webrtc'),
    'gstreamer1.0-plugins-ugly': gstreamer('x264'),
    'python3-gi': file('/usr/lib/python3/dist-packages/gi/__init__.py'),
  },
  rtsp: {
    'gir1.2-gst-rtsp-server-1.0': typelib('GstRtspServer-1.0'),
    'python3-gi': file('/usr/lib/python3/dist-packages/gi/__init__.py'),
  },
  srt: {
    'srt-tools': command('srt-live-transmit'),
    'gstreamer1.0-tools': command('gst-launch-1.0'),
    'gstreamer1.0-plugins-bad': gstreamer('srt'),
  },
  srtp: {
    'g++': command('g++'),
    'libssl-dev': header('openssl/ssl.h'),
    'libsrtp2-dev': header('srtp2/srtp.h'),
  },
  terminal: { tmux: command('tmux') },
  monitoring: { prometheus: command('prometheus') },
  link: { iproute2: file('/usr/sbin/tc') },
  operations: {
    nginx: file('/usr/sbin/nginx'),
    caddy: command('caddy'),
    logrotate: file('/usr/sbin/logrotate'),
    nftables: file('/usr/sbin/nft'),
  },
  package: { 'dpkg-dev': command('dpkg-shlibdeps') },
  packages: {
    debootstrap: file('/usr/sbin/debootstrap'),
    lintian: command('lintian'),
    mandoc: command('mandoc'),
    podman: command('podman'),
    runc: command('runc'),
  },
};

/** The Debian packages of these groups that are not installed. */
export const missingPackages = (groups, env = process.env) => {
  const missing = groups
    .flatMap((group) => Object.entries(PACKAGES[group]))
    .filter(([, isThere]) => !isThere(env))
    .map(([name]) => name);
  return [...new Set(missing)];
};

/** Installs packages as root on a Debian-like system; otherwise fails with what the operator has to do. */
export const installPackages = async (
  missing,
  { signal, root = process.getuid?.() === 0, env = process.env } = {},
) => {
  if (missing.length === 0) return;
  const list = missing.join(' ');
  if (!command('apt-get')(env)) {
    throw new SetupFailed(`this system has no apt-get, and these are missing (Debian's names): ${list}`, {
      next: 'install them with your system’s package manager, then run this again',
    });
  }
  const next = `sudo apt-get install -y ${list}`;
  if (!root) throw new SetupFailed(`Debian packages are missing: ${list}`, { next });
  // Another apt-get is waited for; a question of a package would wait for ever.
  const apt = (...args) =>
    runCommand('apt-get', ['-o', 'DPkg::Lock::Timeout=300', ...args], {
      env: { ...env, DEBIAN_FRONTEND: 'noninteractive' },
      signal,
    });
  const install = () => apt('install', '-y', '--no-install-recommends', ...missing);
  await explain(
    `Debian packages could not be installed (${list})`,
    `apt-get update && ${next.slice(5)}`,
    async () => {
      try {
        await install();
      } catch {
        signal?.throwIfAborted();
        // The lists of packages are missing or old.
        await apt('update');
        await install();
      }
    },
  );
};
