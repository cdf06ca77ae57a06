import type { CallName, CallParams, CallResult, StreamName } from '../../contract/api.ts';
import { newId } from '../../contract/ids.ts';
import type { Source } from '../../contract/models.ts';
import type { Caller } from '../../contract/principal.ts';
import type { ScheduledCall } from '../../contract/schedule.ts';
import type { RunEntry } from '../../contract/snapshot.ts';
import type { Dispatch } from '../api/dispatch.ts';
import { joinPlace } from './join-place.ts';
import { heldBy, isCovered, isThere, type RoomView, replaceable } from './room-view.ts';
import type { Put, Run } from './run.ts';

export interface DoingOptions {
  readonly dispatch: Dispatch;
  readonly view: (room: string) => RoomView;
}

/** What came of a run that was to begin. `held`: a person's wish is respected; `over`: it would be over by now. */
export type Begun =
  | { readonly is: 'on'; readonly put: Put | null; readonly above: boolean }
  | { readonly is: 'held'; readonly reason: string }
  | { readonly is: 'over' };

/** How a run is in its room while it begins. */
export interface Beginning {
  /** For how long it should have been there, in ms. */
  readonly elapsed: () => number;
  /** What all schedules have put anywhere. */
  readonly puts: readonly Put[];
  /** Those of them that are to be taken away now. */
  readonly over: readonly Put[];
  /** What it had put there before, if the broadcast below that is over: it may have been kept. */
  readonly kept: Put | null;
  /** It is not to begin any more. */
  readonly signal: AbortSignal;
  /** Hears what is about to be put there: after a crash that is looked for. */
  readonly note: (put: Put) => void;
}

/** Does what schedules want, by calls of the contract with the rights of who made them. */
export class Doing {
  readonly #options: DoingOptions;
  /** No one who may hang up. */
  readonly #signal = new AbortController().signal;

  constructor(options: DoingOptions) {
    this.#options = options;
  }

  /** Puts on air what a run wants, or does its command. @throws MiroliveError whatever the call does */
  async begin(run: Run, { elapsed, puts, over, kept, note, signal }: Beginning): Promise<Begun> {
    const { room, what } = run;
    const source = sourceOf(what);
    if (!source) return await this.#command(run, kept);
    const held = heldBy(this.#options.view(room), puts);
    if (held !== null) return { is: 'held', reason: held };
    const place = await joinPlace(source, elapsed, (one) => this.#lengthOf(run, one));
    if (place === 'over') return { is: 'over' };
    const begins = place === 'start' ? {} : { place };
    const view = this.#options.view(room);
    const { free, broadcast } = view;
    const replaces = replaceable(view, over);
    if (free || broadcast === null || replaces) {
      const put = { kind: 'broadcast', id: newId('b') } as const;
      note(put);
      const { id } = put;
      const params = what.call === 'startBroadcast' ? what.params : { source };
      const how = { ...begins, ...(replaces && { replaces }), room, id, keep: true, wait: false };
      await this.#call(run, 'startBroadcast', { ...params, ...how }, { signal });
      return { is: 'on', put, above: false };
    }
    const put = { kind: 'run', broadcast, id: newId('c') } as const;
    note(put);
    const command = { type: 'take', source, ...begins } as const;
    await this.#call(run, 'control', { room, command, wait: false }, { signal, entry: entryOf(run, put.id) });
    return { is: 'on', put, above: true };
  }

  /** Takes away what a run has put there, if it is there; false: not yet, since something else would go with it. */
  async end(begun: Run, put: Put, ending: readonly Put[]): Promise<boolean> {
    // What was put there goes, though its maker may do nothing any more.
    const run: Run = { ...begun, maker: { kind: 'daemon' } };
    const { room } = run;
    const view = this.#options.view(room);
    if (!isThere(put, view)) return true;
    if (put.kind === 'broadcast') {
      if (isCovered(view, ending)) return false;
      await this.#call(run, 'stopBroadcast', { id: put.id });
    } else if (put.kind === 'slate') {
      const command = { type: 'slate', on: false } as const;
      await this.#call(run, 'control', { room, command, wait: false });
    } else {
      const command = { type: 'release' } as const;
      await this.#call(run, 'control', { room, command, wait: false }, { entry: entryOf(run, put.id) });
    }
    return true;
  }

  async #command(run: Run, kept: Put | null): Promise<Begun> {
    const { room, what } = run;
    if (what.call !== 'control') throw new Error('expected a command');
    const { command } = what.params;
    const isSlate = command.type === 'slate' && command.on;
    const before = this.#options.view(room);
    if (isSlate && before.slate) {
      const isOwn = kept?.kind === 'slate' && isThere(kept, before) && before.broadcast !== null;
      // Another one is a person's, and stays.
      return { is: 'on', put: isOwn ? { ...kept, broadcast: before.broadcast } : null, above: isOwn };
    }
    await this.#call(run, 'control', { room, command, wait: false });
    const { broadcast, slateCommand } = this.#options.view(room);
    const put = isSlate && broadcast !== null;
    return {
      is: 'on',
      put: put ? { kind: 'slate', broadcast, command: slateCommand } : null,
      above: isSlate,
    };
  }

  /** What cannot be looked at is told by whoever plays it. */
  async #lengthOf(run: Run, source: Source): Promise<number | null> {
    try {
      const { live, probe, picture } = await this.#call(run, 'probe', { source });
      return live || picture ? null : probe.durationMs;
    } catch {
      return null;
    }
  }

  async #call<N extends Exclude<CallName, StreamName>>(
    { name, maker }: Run,
    call: N,
    params: CallParams<N>,
    { entry, signal = this.#signal }: { readonly entry?: RunEntry; readonly signal?: AbortSignal } = {},
  ): Promise<CallResult<N>> {
    const by = maker.kind === 'schedule' ? maker.maker : maker;
    const caller: Caller = { kind: 'schedule', name, maker: by, ...(entry && { entry }) };
    return (await this.#options.dispatch(call, params, caller, signal)) as CallResult<N>;
  }
}

/** What a run puts above a programme. */
export function entryOf({ name: schedule, priority, atMs, what }: Run, id: string): RunEntry {
  const title = what.call === 'startBroadcast' ? what.params.name : undefined;
  return { id, schedule, priority, atMs, ...(title !== undefined && { title }) };
}

/** What is put on air; null: it is a command. */
export function sourceOf({ call, params }: ScheduledCall): Source | null {
  if (call === 'startBroadcast') return params.source;
  return params.command.type === 'take' ? params.command.source : null;
}
