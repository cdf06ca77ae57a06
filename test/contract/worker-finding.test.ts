import { expect, test } from 'vitest';
import { ownCapabilities, workerFinding } from '../../src/contract/worker-finding.ts';

const path = '/var/cache/mirolive/mediasoup-worker';

test('workerFinding is content with what this source builds, wherever it came from', () => {
  const finding = workerFinding({ path, origin: 'config', capabilities: ownCapabilities });
  expect(finding).toMatchObject({ check: 'worker', state: 'ok', fix: null });
});

test.each([
  {
    name: 'one that was built before SRTP was by OpenSSL',
    worker: { path, origin: 'config', capabilities: { srtp: 'nss', opening: 'keyframe' } },
    detail: `${path} (named by workers.bin, encrypts by NSS, viewers begin at the next key frame)`,
  },
] as const)('workerFinding names the command that builds a better one for $name', ({ worker, detail }) => {
  expect(workerFinding(worker)).toEqual({
    check: 'worker',
    state: 'warn',
    detail,
    fix: 'Works. The one of mirolive’s own source can more: npm run worker, then restart the daemon',
  });
});

test('workerFinding names the question for a program that did not answer it', () => {
  expect(workerFinding({ path, origin: 'environment', capabilities: null })).toEqual({
    check: 'worker',
    state: 'warn',
    detail: `${path} (named by MEDIASOUP_WORKER_BIN, what it can is not known)`,
    fix: `Works. It says what it can, where it knows the question: ${path} --capabilities`,
  });
});
