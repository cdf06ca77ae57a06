import type { Readable } from 'node:stream';
import { type Call, type CallInput, type CallName, calls } from '../../contract/api.ts';
import { asMiroliveError, MiroliveError } from '../../contract/errors.ts';
import { type Caller, mayCall, type Principal, principalOf } from '../../contract/principal.ts';
import { issueSentence } from '../../contract/schema-words.ts';
import { heardBy } from '../access/seen.ts';
import type { Deed } from '../state/audit-log.ts';
import { callDeed, isToBeTold } from './deeds.ts';
import type { Handlers } from './handler-table.ts';

/** Runs a call of the contract for somebody: validation, permission, then what it does. */
export type Dispatch = <N extends keyof Handlers>(
  name: N,
  params: unknown,
  caller: Caller,
  gone: AbortSignal,
  body?: Readable,
) => ReturnType<Handlers[N]>;

/** What is to hold of a call beside what it needs. */
export interface Gate {
  /** That whoever calls may still call. @throws MiroliveError NOT_ALLOWED, STATE_UNAVAILABLE */
  check(caller: Principal): void;
  /** What a call is given, kept to what its caller may have. @throws MiroliveError NOT_ALLOWED */
  admit<N extends CallName>(name: N, input: CallInput<N>, caller: Principal): CallInput<N>;
  /** What he may see of the answer. */
  shown(name: CallName, answer: unknown, caller: Principal): unknown;
}

/**
 * The one way by which calls are made, whoever makes them.
 *
 * @param tell hears of each call that changes something what came of it
 * @param gate is asked of each call
 */
export function createDispatch(handlers: Handlers, tell: (deed: Deed) => void, gate: Gate): Dispatch {
  return (name, params, caller, gone, body) => {
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
      input = admitted(name, params, caller, gate);
      // The table ties each name to the type of its input; the compiler cannot follow that.
      const handle = handlers[name] as (input: unknown, asking: unknown) => ReturnType<Handlers[typeof name]>;
      const answer = handle(input, { gone, caller, wanted, body: body ?? null });
      // Before whoever called hears of it, and without a part in what he hears.
      Promise.resolve<unknown>(answer).then(wanted, failed);
      return shownTo(
        answer,
        (whole) => gate.shown(name, whole, caller),
        (error) => heardBy(caller, error),
      ) as typeof answer;
    } catch (error) {
      failed(error);
      throw heardBy(caller, error);
    }
  };
}

/** What a call is given, once it is valid and its caller may make it. @throws MiroliveError NOT_ALLOWED, INVALID_REQUEST */
export function admitted<N extends CallName>(
  name: N,
  params: unknown,
  caller: Principal,
  gate: Gate,
): CallInput<N> {
  gate.check(caller);
  const call: Call = calls[name];
  if (!mayCall(caller, call.needs))
    throw new MiroliveError(
      'NOT_ALLOWED',
      `expected a caller who may ${call.needs}, which ${name} needs, got a ${caller.kind}`,
      name === 'logs' || name === 'listAudit'
        ? { hint: "Do it with an admin's token; meanwhile: mirolive events --since 1h" }
        : {},
    );
  const result = call.params.safeParse(params);
  if (result.success) return gate.admit(name, result.data as CallInput<N>, caller);
  const problems = result.error.issues.map((issue) => issueSentence(issue, params));
  throw new MiroliveError('INVALID_REQUEST', problems.join('; '));
}

/** Lines, and what is there at once, come as they would without it. */
function shownTo(
  answer: unknown,
  shown: (whole: unknown) => unknown,
  heard: (error: unknown) => unknown,
): unknown {
  if (answer instanceof Promise)
    return answer.then(shown, (error: unknown) => {
      throw heard(error);
    });
  return typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer
    ? answer
    : shown(answer);
}
