import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { cacheRoot } from '../../native/mediasoup-worker/locate.mjs';

const root = new URL('../..', import.meta.url).pathname.replace(/\/$/, '');
const unit = await readFile(`${root}/systemd/mirolive.service`, 'utf8');

/** What the unit sets, the values of each key in their order. */
const settings = Map.groupBy(
  unit.split('\n').flatMap((line) => {
    const [, key, value] = /^([A-Z]\w*)=(.*)$/.exec(line) ?? [];
    return key === undefined || value === undefined ? [] : [{ key, value }];
  }),
  ({ key }) => key,
);
const setting = (key: string) => settings.get(key)?.at(-1)?.value ?? '';

/**
 * The unit's command with the unit's limits, as far as they can be had without systemd: a user without rights, who may write into the unit's folders alone, with the
 * unit's environment, umask and folders. It has a network of its own, so that the usual ports are free.
 */
const script = `
set -eu
ip link set lo up
mount -t proc proc /proc
for place in /opt /run /tmp /var/lib /var/cache; do mount -t tmpfs tmpfs "$place"; done
mkdir /opt/mirolive
mount --bind "$ROOT" /opt/mirolive
mkdir -m ${setting('RuntimeDirectoryMode')} /run/mirolive
mkdir -m ${setting('StateDirectoryMode')} /var/lib/mirolive
mkdir /var/cache/mirolive
cp -a "$WORKERS"/worker /var/cache/mirolive/
chown -R nobody:nogroup /run/mirolive /var/lib/mirolive /var/cache/mirolive
for place in / /opt/mirolive; do mount -o remount,bind,ro "$place"; done
umask ${setting('UMask')}
as() { exec env -i PATH=/usr/bin:/bin STATE_DIRECTORY=/var/lib/mirolive RUNTIME_DIRECTORY=/run/mirolive CACHE_DIRECTORY=/var/cache/mirolive \
  ${(settings.get('Environment') ?? []).map(({ value }) => value).join(' ')} \
  setpriv --reuid=nobody --regid=nogroup --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all "$@"; }
(as ${setting('ExecStart')}) 2>/tmp/log &
pid=$!
mirolive() { (as /opt/mirolive/bin/mirolive "$@" --socket /run/mirolive/control.sock); }
until mirolive status >/dev/null 2>&1; do kill -0 $pid || { cat /tmp/log >&2; exit 9; }; sleep 0.1; done
echo "writes: $(as sh -c 'touch /etc/x /opt/mirolive/x 2>&1 | grep -c Read-only')"
mirolive keys create --room lobby --json
mirolive stream --test bars --room lobby --detach
curl -sf -o /dev/null -w 'page %{http_code}\\n' http://127.0.0.1:8080/lobby
mirolive reload
stat -c '%a %U %n' /run/mirolive/control.sock /var/lib/mirolive/state.db
echo "rights: $(grep -h -E '^(CapEff|NoNewPrivs)' /proc/$pid/status | tr -d '\\n\\t')"
kill -TERM $pid
wait $pid && echo "ended: $?"
`;

describe('systemd/mirolive.service', () => {
  const hasSystemd = existsSync('/usr/bin/systemd-analyze');
  it.skipIf(!hasSystemd)(
    'leaves a service no more than 2.5 of 10 to do harm with, as systemd counts',
    async () => {
      const { exitCode, stdout } = await execa(
        'systemd-analyze',
        ['security', '--offline=true', '--threshold=25', `${root}/systemd/mirolive.service`],
        { reject: false },
      );
      expect(exitCode, stdout).toBe(0);
    },
  );

  it('waits as long after each death, however many there were: systemd would count them for months', () => {
    expect(setting('RestartSec')).toBe('1');
    expect(setting('StartLimitIntervalSec')).toBe('0');
    expect([...settings.keys()]).not.toContain('RestartSteps');
  });

  it('lets cameras, sound and every kind of hardware that encodes be used', () => {
    expect(setting('DevicePolicy')).toBe('closed');
    expect(settings.get('DeviceAllow')?.map(({ value }) => value)).toEqual([
      ...['char-video4linux rw', 'char-alsa rw', 'char-drm rw', 'char-nvidia* rw'],
    ]);
  });

  it.skipIf(process.getuid?.() !== 0)(
    "lets the unit's user do all that a daemon does (needs root, to be somebody else)",
    async () => {
      const { exitCode, stdout, stderr } = await execa(
        'unshare',
        [
          '--mount',
          '--net',
          '--pid',
          '--fork',
          '--kill-child',
          '--propagation',
          'private',
          'sh',
          '-c',
          script,
        ],
        {
          reject: false,
          env: { ROOT: root, WORKERS: cacheRoot() },
        },
      );
      expect(exitCode, stdout + stderr).toBe(0);
      expect(stdout).toContain('writes: 2');
      expect(stdout).toMatch(/"secret":"/);
      expect(stdout).toMatch(/^b-[a-z2-7]{10}$/m);
      expect(stdout).toContain('page 200');
      expect(stdout).toContain('660 nobody /run/mirolive/control.sock');
      expect(stdout).toContain('600 nobody /var/lib/mirolive/state.db');
      expect(stdout).toContain('rights: CapEff:0000000000000000NoNewPrivs:1');
      expect(stdout).toContain('ended: 0');
    },
  );
});
