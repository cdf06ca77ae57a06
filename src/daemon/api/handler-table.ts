import type { CallInput, CallName, CallResult } from '../../contract/api.ts';

/** A handler for each call but the streams; `gone`: whoever called does not wait any more. */
export type Handlers = {
  readonly [N in Exclude<CallName, 'events'>]: (
    input: CallInput<N>,
    gone: AbortSignal,
  ) => CallResult<N> | Promise<CallResult<N>>;
};
