import { type Call, type CallInput, type CallName, calls } from '../../contract/api.ts';
import { asMiroliveError, MiroliveError } from '../../contract/errors.ts';
import { type Caller, mayCall, type Principal, principalOf } from '../../contract/principal.ts';
import { issueSentence } from '../../contract/schema-words.ts';
import type { Deed } from '../state/audit-log.ts';
import { callDeed, isToBeTold } from './deeds.ts';
import type { Handlers } from './handler-table.ts';

/** Runs a call of the contract for somebody: validation, permission, then what it does. */
export type Dispatch = <N extends keyof Handlers>(
  name: N,
  params: unknown,
  caller: Caller,
  gone: AbortSignal,
) => ReturnType<Handlers[N]>;

/** What is to hold of whoever calls, beside his rights. @throws MiroliveError NOT_ALLOWED, STATE_UNAVAILABLE */
export type Gate = (caller: Principal) => void;

/**
 * The one way by which calls are made, whoever makes them.
 *
 * @param tell hears of each call that changes something what came of it
 * @param gate is asked of each caller
 */
export function createDispatch(handlers: Handlers, tell: (deed: Deed) => void, gate: Gate): Dispatch {
  return (name, params, caller, gone) => {
    let input: unknown;
    const told = (result: string, answer?: unknown) => {
      if (isToBeTold(name, result)) tell(callDeed(name, input, answer, result, principalOf(caller)));
    };
    let isWanted = false;
    /** A daemon that dies while somebody waits for the first frame has told what he did. */
    const wanted = (answer?: unknown) => {
      if (!isWanted) told('ok', answer);
      isWanted = true;
    };
    const failed = (error: unknown) => told(asMiroliveError(error).code);
    try {
      gate(caller);
      input = admitted(name, params, caller);
      // The table ties each name to the type of its input; the compiler cannot follow that.
      const handle = handlers[name] as (input: unknown, asking: unknown) => ReturnType<Handlers[typeof name]>;
      const answer = handle(input, { gone, caller, wanted });
      // Before whoever called hears of it, and without a part in what he hears.
      Promise.resolve<unknown>(answer).then(wanted, failed);
      return answer;
    } catch (error) {
      failed(error);
      throw error;
    }
  };
}

/** What a call is given, once it is valid and its caller may make it. @throws MiroliveError NOT_ALLOWED, INVALID_REQUEST */
export function admitted<N extends CallName>(name: N, params: unknown, caller: Principal): CallInput<N> {
  const call: Call = calls[name];
  if (!mayCall(caller, call.needs))
    throw new MiroliveError(
      'NOT_ALLOWED',
      `expected a caller who may ${call.needs}, which ${name} needs, got a ${caller.kind}`,
    );
  const result = call.params.safeParse(params);
  if (result.success) return result.data as CallInput<N>;
  const problems = result.error.issues.map((issue) => issueSentence(issue, params));
  throw new MiroliveError('INVALID_REQUEST', problems.join('; '));
}
