/** The mediasoup-worker binary that mirolive runs. */
export type LocatedWorker = {
  /** Path of the binary. For `config` and `environment` it is as given, and may not exist. */
  readonly path: string;
  /** Who named it: the caller, `MEDIASOUP_WORKER_BIN`, mirolive's cache, or mediasoup's own install script. */
  readonly origin: 'config' | 'environment' | 'cache' | 'mediasoup';
};

/** Where the mediasoup npm package is, and its version. Throws when it is not installed. */
export function mediasoupPackage(): { folder: string; version: string };

/** Cache of this user: `MIROLIVE_CACHE_DIR`, else `$XDG_CACHE_HOME/mirolive`, else `~/.cache/mirolive`. */
export function cacheRoot(env?: NodeJS.ProcessEnv): string;

/** Changes whenever a file changes that a built worker depends on. 12 hex digits. Default folder: this one. */
export function recipeHash(folder?: string): string;

/** Where this machine's own worker is, or will be once it is built. */
export function cachedWorkerPath(env?: NodeJS.ProcessEnv): string;

/**
 * Finds the worker to run: `workerBin`, else `MEDIASOUP_WORKER_BIN`, else the cached one, else mediasoup's own
 * download. Undefined if there is none: `npm run build` in a checkout provides one.
 */
export function locateWorker(options?: {
  readonly workerBin?: string | undefined;
  readonly env?: NodeJS.ProcessEnv | undefined;
}): LocatedWorker | undefined;

/** Whether the binary starts on this machine. Takes some milliseconds, at most 5 s. */
export function workerStarts(path: string): boolean;
