import type { Finding } from './finding.ts';
import type { WorkerBinary } from './models.ts';

/** What the worker can that this source builds; the same as in native/mediasoup-worker/CMakeLists.txt. */
export const ownCapabilities = { srtp: 'openssl', opening: 'cached' } as const;

const words = {
  srtp: { openssl: 'encrypts by OpenSSL', nss: 'encrypts by NSS' },
  opening: { keyframe: 'viewers begin at the next key frame', cached: 'viewers begin at once' },
} as const;

/** What is said of the one that this source builds. */
const fast = { srtp: 'encrypts by OpenSSL', opening: 'lets viewers begin at once' } as const;

const makers = {
  config: 'named by workers.bin',
  environment: 'named by MEDIASOUP_WORKER_BIN',
  packaged: 'came with mirolive',
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

/** Whether it is the fast one, that this source builds, and what it lacks where it is not; then what it is. */
export function workerVerdict(worker: WorkerBinary): string {
  if (!worker.capabilities) return `whether it is the fast one is not known: ${workerWords(worker)}`;
  const missing = missingOf(worker);
  if (missing.length === 0) return `the fast one: ${workerWords(worker)}`;
  return `not the fast one, which ${missing.join(', and ')}: ${workerWords(worker)}`;
}

/** Whether the worker is as good as the one that this source builds. */
export function workerFinding(worker: WorkerBinary): Finding {
  const { path, capabilities } = worker;
  const detail = `${path}: ${workerVerdict(worker)}`;
  if (missingOf(worker).length === 0) return { check: 'worker', state: 'ok', detail, fix: null };
  const fix = capabilities
    ? fastOneHint(worker)
    : `Works. It says what it can, where it knows the question: ${path} --capabilities`;
  return { check: 'worker', state: 'warn', detail, fix };
}

/** The same of one that does not start. @param fault what is wrong with its file; null: that cannot be seen */
export function brokenWorker(worker: WorkerBinary, fault: string | null): Finding {
  const detail = `${worker.path} does not start${fault === null ? '' : `: ${fault}`}`;
  return { check: 'worker', state: 'fail', detail, fix: fastOneHint(worker) };
}

/** How to come to the one that this source builds. */
export function fastOneHint({ origin }: Pick<WorkerBinary, 'origin'>): string {
  // One that is built is not taken while this one is there.
  if (origin === 'packaged')
    return 'Install it anew: apt-get install --reinstall mirolive, then restart the daemon';
  const key = { config: 'workers.bin', environment: 'MEDIASOUP_WORKER_BIN', built: null, prebuilt: null }[
    origin
  ];
  const named = key === null ? '' : `, leave out ${key}`;
  return `Build the fast one: mirolive worker build${named}, then restart the daemon`;
}

/** What the one of this source does, and this one does not, as far as it says. */
function missingOf({ capabilities }: WorkerBinary): string[] {
  const keys = ['srtp', 'opening'] as const;
  return keys.filter((key) => capabilities?.[key] !== ownCapabilities[key]).map((key) => fast[key]);
}
