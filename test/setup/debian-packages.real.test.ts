import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { installPackages, missingPackages } from '../../scripts/setup/debian-packages.mjs';

let folder: string;
let log: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mirolive-packages-test-'));
  log = join(folder, 'log');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** An apt-get that notes how it was called, and whose install fails until the lists were updated. */
const writeAptGet = () => {
  const text = `#!/bin/sh
case " $* " in *" update "*) echo update >>${log}; exit 0;; esac
[ -e ${log} ] || { echo 'E: Unable to locate package'; exit 100; }
echo "$DEBIAN_FRONTEND $*" >>${log}
`;
  writeFileSync(join(folder, 'apt-get'), text, { mode: 0o755 });
  return { PATH: folder };
};

test('missingPackages names what is not on PATH', () => {
  expect(missingPackages(['browser'], { PATH: folder })).toEqual(['chromium']);
  writeFileSync(join(folder, 'chromium'), '', { mode: 0o755 });
  expect(missingPackages(['browser'], { PATH: folder })).toEqual([]);
});

test('installPackages tells a normal user the one command to run', async () => {
  const result = installPackages(['ffmpeg', 'cmake'], { root: false, env: writeAptGet() });
  await expect(result).rejects.toMatchObject({
    message: 'Debian packages are missing: ffmpeg cmake',
    next: 'sudo apt-get install -y ffmpeg cmake',
  });
});

test('installPackages lists what is missing where there is no apt-get', async () => {
  const result = installPackages(['ffmpeg', 'cmake'], { root: true, env: { PATH: folder } });
  await expect(result).rejects.toThrow(
    "this system has no apt-get, and these are missing (Debian's names): ffmpeg cmake",
  );
});

test('installPackages updates the lists of packages where the first try fails', async () => {
  await installPackages(['ffmpeg'], { root: true, env: writeAptGet() });
  const [first, second] = readFileSync(log, 'utf8').split('\n');
  expect(first).toBe('update');
  expect(second).toMatch(/^noninteractive .* install -y --no-install-recommends ffmpeg$/);
});
