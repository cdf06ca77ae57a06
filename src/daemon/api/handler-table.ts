import type { Readable } from 'node:stream';
import type { CallInput, CallName, CallResult, StreamName } from '../../contract/api.ts';
import type { Caller } from '../../contract/principal.ts';

/** Who asks. */
export interface Asking {
  /** Whoever called does not wait any more. */
  readonly gone: AbortSignal;
  readonly caller: Caller;
  /** What he sends, of a call that takes bytes; null: of all others. */
  readonly body: Readable | null;
  /** What he wants is wanted by now, and is a deed; what comes after that he only waits for. @param answer as far as there is one */
  readonly wanted: (answer?: unknown) => void;
}

/** A handler for each call but the events. */
export type Handlers = {
  readonly [N in Exclude<CallName, StreamName>]: (
    input: CallInput<N>,
    asking: Asking,
  ) => CallResult<N> | Promise<CallResult<N>>;
} & {
  readonly [N in Exclude<StreamName, 'events'>]: (
    input: CallInput<N>,
    asking: Asking,
  ) => AsyncIterable<CallResult<N>>;
};
