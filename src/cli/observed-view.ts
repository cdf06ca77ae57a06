import type { CallParams } from '../contract/api.ts';
import { backOffDelayMs, usualBackOff } from '../contract/back-off.ts';
import { type Clock, pause } from '../contract/clock.ts';
import { asMiroliveError, type ErrorCode, MiroliveError } from '../contract/errors.ts';
import { reduceLine } from '../contract/view/reduce.ts';
import type { View } from '../contract/view/view.ts';
import type { ViewLine } from '../contract/view/view-line.ts';

/** What is seen: how things are; or how they were when the daemon was lost, and why. It is looked for then, and `live` follows. */
export type Observed =
  | { readonly is: 'live'; readonly view: View }
  | { readonly is: 'lost'; readonly view: View; readonly why: MiroliveError };

/** What is observed. */
export type ObserveParams = Omit<CallParams<'observe'>, 'epoch' | 'after'>;

/** Opens one stream of lines. @throws where the daemon does not answer */
export type OpenLines = (params: CallParams<'observe'>, signal: AbortSignal) => AsyncIterable<ViewLine>;

/** Figures come each second: who says nothing for so long, in ms, is not there, whatever the network says. */
const silentMs = 10_000;
/** A person waits for it: it is looked for more often than what is started again. */
const policy = { ...usualBackOff, ceilingMs: 3000 };
/** What a daemon that is on its way down or up says, or nobody at all. */
export const passing: readonly ErrorCode[] = [
  'DAEMON_UNREACHABLE',
  'SHUTTING_DOWN',
  'LIMIT_REACHED',
  'INTERNAL',
];

/**
 * The view, each time that it changes, over restarts of the daemon too; it goes on where it was as far as the daemon remembers. Ends
 * with `signal`, or by leaving the loop.
 *
 * @throws what the first try fails with; later, what no waiting mends, such as another version of the daemon
 */
export async function* observeView(
  open: OpenLines,
  params: ObserveParams,
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<Observed> {
  let view: View | null = null;
  let place: { readonly epoch: string; readonly after: number } | undefined;
  for (let failures = 0; !signal.aborted; ) {
    try {
      for await (const line of audible((heard) => open({ ...params, ...place }, heard), clock, signal)) {
        failures = 0;
        view = reduceLine(view, line);
        place = { epoch: line.type === 'change' ? (place?.epoch ?? '') : line.epoch, after: line.seq };
        if (view) yield { is: 'live', view };
      }
      throw new MiroliveError('DAEMON_UNREACHABLE', 'the daemon sends no more of the view');
    } catch (thrown) {
      if (signal.aborted) return;
      const why = asMiroliveError(thrown);
      if (view === null || !passing.includes(why.code)) throw thrown;
      if (failures === 0) yield { is: 'lost', view, why };
      await pause(clock, backOffDelayMs(failures++, 0.5, policy), signal);
    }
  }
}

/** The same lines, given up when nothing comes for long. */
async function* audible(
  open: (signal: AbortSignal) => AsyncIterable<ViewLine>,
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<ViewLine> {
  const silence = new AbortController();
  const why = new MiroliveError('DAEMON_UNREACHABLE', `the daemon has said nothing for ${silentMs / 1000} s`);
  const giveUp = () => silence.abort(why);
  let timer = clock.after(silentMs, giveUp);
  try {
    for await (const line of open(AbortSignal.any([signal, silence.signal]))) {
      timer.cancel();
      // What is done with it takes as long as it takes.
      yield line;
      timer = clock.after(silentMs, giveUp);
    }
  } catch (error) {
    throw silence.signal.aborted ? why : error;
  } finally {
    timer.cancel();
  }
}
