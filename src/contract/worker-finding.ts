import type { Finding } from './finding.ts';
import type { WorkerBinary } from './models.ts';

/** What the worker can that this source builds; the same as in native/mediasoup-worker/CMakeLists.txt. */
export const ownCapabilities = { srtp: 'openssl', opening: 'cached' } as const;

const words = {
  srtp: { openssl: 'encrypts by OpenSSL', nss: 'encrypts by NSS' },
  opening: { keyframe: 'viewers begin at the next key frame', cached: 'viewers begin at once' },
} as const;

const makers = {
  config: 'named by workers.bin',
  environment: 'named by MEDIASOUP_WORKER_BIN',
  built: 'built here',
  prebuilt: 'mediasoup’s own release',
} as const;

/** What the worker is, in words: `built here, encrypts by OpenSSL, viewers begin at the next key frame`. */
export function workerWords({ origin, capabilities }: WorkerBinary): string {
  const can = capabilities
    ? [words.srtp[capabilities.srtp], words.opening[capabilities.opening]]
    : ['what it can is not known'];
  return [makers[origin], ...can].join(', ');
}

/** Whether the worker is as good as the one that this source builds. */
export function workerFinding(worker: WorkerBinary): Finding {
  const { path, capabilities } = worker;
  const detail = `${path} (${workerWords(worker)})`;
  const isOwn =
    capabilities?.srtp === ownCapabilities.srtp && capabilities.opening === ownCapabilities.opening;
  if (isOwn) return { check: 'worker', state: 'ok', detail, fix: null };
  const fix = capabilities
    ? 'Works. The one of mirolive’s own source can more: npm run worker, then restart the daemon'
    : `Works. It says what it can, where it knows the question: ${path} --capabilities`;
  return { check: 'worker', state: 'warn', detail, fix };
}
