import type { CallInput, CallName, CallResult, StreamName } from '../../contract/api.ts';

/** A handler for each call but the events; `gone`: whoever called does not wait any more. */
export type Handlers = {
  readonly [N in Exclude<CallName, StreamName>]: (
    input: CallInput<N>,
    gone: AbortSignal,
  ) => CallResult<N> | Promise<CallResult<N>>;
} & {
  readonly [N in Exclude<StreamName, 'events'>]: (
    input: CallInput<N>,
    gone: AbortSignal,
  ) => AsyncIterable<CallResult<N>>;
};
