import type { Duplex } from 'node:stream';
import type { MiroliveError } from '../../contract/errors.ts';

/** How a place is reached. */
export interface Line {
  /** Of every request. */
  readonly headers: Readonly<Record<string, string>>;
  /** Opens a connection that is ready for a request. */
  open(done: (error: Error | null, connection?: Duplex) => void): Duplex | undefined;
  /** Why nobody could be asked. */
  failure(error: NodeJS.ErrnoException): MiroliveError;
}
