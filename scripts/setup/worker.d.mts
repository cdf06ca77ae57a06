type Wanted = 'any' | 'built' | 'both';

/** 'any' is 'built' where one was built before. */
export function whichWorker(wanted: Wanted): Wanted;
/** The worker that this machine already has, and that starts on it. */
export function findWorker(
  wanted: Wanted,
): Promise<{ readonly path: string; readonly origin: string } | undefined>;
/** Builds a worker into the cache, once it has passed the self-test. */
export function makeWorker(
  root: string,
  node: string,
  onProgress: (part: number) => void,
  signal?: AbortSignal,
): Promise<void>;
