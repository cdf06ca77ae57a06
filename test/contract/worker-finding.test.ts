import { expect, test } from 'vitest';
import { brokenWorker, ownCapabilities, workerFinding } from '../../src/contract/worker-finding.ts';

const path = '/var/cache/mirolive/mediasoup-worker';

test('workerFinding is content with what this source builds, wherever it came from', () => {
  const finding = workerFinding({ path, origin: 'config', capabilities: ownCapabilities });
  expect(finding).toEqual({
    ...{ check: 'worker', state: 'ok', fix: null },
    detail: `${path}: the fast one: named by workers.bin, encrypts by OpenSSL, viewers begin at once`,
  });
});

test.each([
  {
    name: 'one that was built before SRTP was by OpenSSL',
    worker: { path, origin: 'config', capabilities: { srtp: 'nss', opening: 'keyframe' } },
    detail: `${path}: not the fast one, which encrypts by OpenSSL, and lets viewers begin at once: named by workers.bin, encrypts by NSS, viewers begin at the next key frame`,
    fix: 'Build the fast one: mirolive worker build, leave out workers.bin, then restart the daemon',
  },
  {
    name: 'mediasoup’s own release',
    worker: { path, origin: 'prebuilt', capabilities: { srtp: 'openssl', opening: 'keyframe' } },
    detail: `${path}: not the fast one, which lets viewers begin at once: mediasoup’s own release, encrypts by OpenSSL, viewers begin at the next key frame`,
    fix: 'Build the fast one: mirolive worker build, then restart the daemon',
  },
  {
    name: 'that of a package, in whose place none that is built is taken',
    worker: { path, origin: 'packaged', capabilities: { srtp: 'openssl', opening: 'keyframe' } },
    detail: `${path}: not the fast one, which lets viewers begin at once: came with mirolive, encrypts by OpenSSL, viewers begin at the next key frame`,
    fix: 'Install it anew: apt-get install --reinstall mirolive, then restart the daemon',
  },
] as const)(
  'workerFinding names the command that builds a better one for $name',
  ({ worker, detail, fix }) => {
    expect(workerFinding(worker)).toEqual({
      check: 'worker',
      state: 'warn',
      detail,
      fix,
    });
  },
);

test('workerFinding names the question for a program that did not answer it', () => {
  expect(workerFinding({ path, origin: 'environment', capabilities: null })).toEqual({
    check: 'worker',
    state: 'warn',
    detail: `${path}: whether it is the fast one is not known: named by MEDIASOUP_WORKER_BIN, what it can is not known`,
    fix: `Works. It says what it can, where it knows the question: ${path} --capabilities`,
  });
});

test.each([
  { fault: null, detail: `${path} does not start` },
  { fault: 'it is empty', detail: `${path} does not start: it is empty` },
])(
  'brokenWorker names the setting that has to go, where there is one, and the fault: $fault',
  ({ fault, detail }) => {
    expect(brokenWorker({ path, origin: 'environment', capabilities: null }, fault)).toEqual({
      ...{ check: 'worker', state: 'fail', detail },
      fix: 'Build the fast one: mirolive worker build, leave out MEDIASOUP_WORKER_BIN, then restart the daemon',
    });
  },
);
