import type { CallInput, CallName, CallResult } from '../../contract/api.ts';

/** A handler for each call but the streams. */
export type Handlers = {
  readonly [N in Exclude<CallName, 'events'>]: (
    input: CallInput<N>,
  ) => CallResult<N> | Promise<CallResult<N>>;
};
