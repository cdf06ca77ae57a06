import { setTimeout } from 'node:timers/promises';

/** What a measurement is given. Whatever it starts, it registers in `scope` at once: an interruption closes that. */
export interface Context {
  readonly scope: AsyncDisposableStack;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** How often to measure, where the command line says so; null: as often as the measurement sees fit. */
  readonly runs: number | null;
  /** The command of a WHEP load tool; null: none was given. */
  readonly whepLoad: string | null;
  /** Another server, which the operator runs; null: there is none. */
  readonly beside: Beside | null;
  /** Hears of a part that failed, without which the rest is still worth something. */
  readonly failed: (what: string, error: unknown) => void;
}

/** A server that is measured beside mirolive, by the same clients in the same run. */
export interface Beside {
  /** What the operator calls it. */
  readonly name: string;
  /** Where its programme is watched by WHEP. */
  readonly whepUrl: string;
  /** Where it takes a programme by RTMP, with the key if it needs one; null: the operator feeds it. */
  readonly publishUrl: string | null;
  /** The process whose time is counted, with all that descend from it; null: none is. */
  readonly pid: number | null;
}

/** Runs a part of a measurement; what it registers is closed after it, or by an interruption of the whole. */
export async function within<T>(context: Context, act: (inner: Context) => Promise<T>): Promise<T> {
  await using scope = new AsyncDisposableStack();
  context.scope.use(scope);
  return await act({ ...context, scope });
}

/** The same of a part without which the rest is still worth something; undefined: it failed, which is told. */
export async function attempt<T>(
  context: Context,
  what: string,
  act: (inner: Context) => Promise<T>,
): Promise<T | undefined> {
  try {
    return await within(context, act);
  } catch (error) {
    if (context.signal.aborted) throw error;
    context.failed(what, error);
    return undefined;
  }
}

/** Measures one time after the other. */
export async function repeat(
  context: Context,
  times: number,
  measure: (inner: Context, index: number) => Promise<number>,
): Promise<number[]> {
  const values: number[] = [];
  for (let index = 0; index < times; index++) {
    values.push(await within(context, (inner) => measure(inner, index)));
  }
  return values;
}

/** Lets time pass, in ms; rejects when the bench is interrupted. */
export async function pause(context: Context, ms: number): Promise<void> {
  await setTimeout(ms, undefined, { signal: context.signal });
}
