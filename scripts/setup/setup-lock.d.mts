/** Whether a process with this id runs, whoever it belongs to. */
export function processIsAlive(pid: number): boolean;

/** Takes a lock file, waiting for its holder; resolves to the function that gives it back. */
export function takeLock(
  path: string,
  options?: { readonly onWait?: (pid: number) => void; readonly signal?: AbortSignal },
): Promise<() => void>;
