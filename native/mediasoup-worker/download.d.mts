/**
 * Has mediasoup's own install script download the worker into `workFolder`; resolves to the binary's path in it, or to
 * undefined where that is not possible. `node`: path of a Node that mediasoup supports. `limitMs`: default 10 s.
 */
export function downloadWorker(options: {
  readonly workFolder: string;
  readonly node: string;
  readonly signal?: AbortSignal;
  readonly limitMs?: number;
  readonly env?: NodeJS.ProcessEnv;
}): Promise<string | undefined>;
