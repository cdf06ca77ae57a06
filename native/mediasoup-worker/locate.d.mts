/** The mediasoup-worker binary that mirolive runs. */
export type LocatedWorker = {
  /** Path of the binary. For `config` and `environment` it is as given, and may not exist. */
  readonly path: string;
  /** Who named it (the caller, `MEDIASOUP_WORKER_BIN`), or who made it: the package that it came with, this machine, or mediasoup. */
  readonly origin: 'config' | 'environment' | 'packaged' | 'built' | 'prebuilt';
};

/** What a worker does otherwise than another one. */
export type WorkerCapabilities = {
  /** The library that encrypts what goes out. */
  readonly srtp: 'openssl' | 'nss';
  /** What a viewer begins with: the next key frame, or the last one and all pictures since. */
  readonly opening: 'keyframe' | 'cached';
};

/** Where the mediasoup npm package is, and its version. Throws when it is not installed. */
export function mediasoupPackage(): { folder: string; version: string };

/** Cache of this user: `MIROLIVE_CACHE_DIR`, else `$XDG_CACHE_HOME/mirolive`, else `~/.cache/mirolive`. */
export function cacheRoot(env?: NodeJS.ProcessEnv): string;

/** Changes whenever a file changes that a built worker depends on. 12 hex digits. Default folder: this one. */
export function recipeHash(folder?: string): string;

/** Where the worker that this machine builds is, or will be. */
export function builtWorkerPath(env?: NodeJS.ProcessEnv): string;

/** Where the workers are, if any, that this machine built of any source. */
export function builtWorkers(env?: NodeJS.ProcessEnv): string[];

/** Where mediasoup's own release is kept, or will be. */
export function prebuiltWorkerPath(env?: NodeJS.ProcessEnv): string;

/**
 * Finds the worker to run: `workerBin`, else `MEDIASOUP_WORKER_BIN`, else the one that came with it, else the one that was built here, else mediasoup's
 * own release. Undefined if there is none: `npm run build` in a checkout provides one.
 */
export function locateWorker(options?: {
  readonly workerBin?: string | undefined;
  readonly env?: NodeJS.ProcessEnv | undefined;
}): LocatedWorker | undefined;

/** What the binary can; undefined where it does not start on this machine. Takes some milliseconds, at most 20 s. */
export function workerCapabilities(path: string): Promise<WorkerCapabilities | undefined>;
