import { setMaxListeners } from 'node:events';
import type { z } from 'zod';
import { systemClock } from '../../contract/clock.ts';
import type { Devices, StdinPlace } from '../../contract/devices.ts';
import { MiroliveError } from '../../contract/errors.ts';
import type { Source } from '../../contract/models.ts';
import { programmeEvent } from '../../contract/programme-event.ts';
import { seen } from '../../contract/snapshot.ts';
import type { ChildBounds } from '../child/child-watch.ts';
import type { Answers } from '../child/line.ts';
import { nonsense } from '../child/told.ts';
import { WatchedChild } from '../child/watched-child.ts';
import type { PlanOptions } from '../plan/plan-options.ts';
import type { PreparedSource, SourcesOptions } from '../sources/sources.ts';
import {
  type DaemonCalls,
  daemonSenses,
  type IngestCalls,
  ingestAnswerSenses,
  type Opening,
} from './calls.ts';
import { RemoteProgramme } from './remote-programme.ts';

/** What an ingest process may ask, and tell, beside what it tells of its programmes. */
export type PoolAnswers = Omit<Answers<DaemonCalls>, 'event' | 'seen'>;

export interface IngestChildOptions {
  readonly entry: URL;
  readonly bounds: ChildBounds;
  readonly sources: SourcesOptions;
  readonly answers: PoolAnswers;
}

/** One life of an ingest process, and its programmes. */
export class IngestChild extends WatchedChild<IngestCalls, DaemonCalls> {
  readonly #programmes = new Map<string, RemoteProgramme>();
  readonly #closing = new AbortController();

  constructor({ entry, bounds, sources, answers }: IngestChildOptions) {
    super({
      ...{ entry, bounds, begin: sources, environment: 'needed' },
      ...{ senses: daemonSenses, answerSenses: ingestAnswerSenses },
      gone: (reason) => new MiroliveError('INGEST_UNAVAILABLE', `an ingest process died: ${reason}`),
      answers: {
        ...answers,
        event: ({ id, event }) =>
          this.#hear(id, 'event', programmeEvent.safeParse(event), (one, what) => one.emit('event', what)),
        seen: ({ id, seen: told }) =>
          this.#hear(id, 'seen', seen.safeParse(told), (one, what) => one.emit('seen', what)),
      },
    });
    setMaxListeners(0, this.#closing.signal);
  }

  get programmes(): readonly RemoteProgramme[] {
    return [...this.#programmes.values()];
  }

  override get closed(): boolean {
    return this.#closing.signal.aborted;
  }

  /** @param signal nobody waits any more: what is opened all the same is closed */
  async open(id: string, opening: Opening, signal?: AbortSignal): Promise<RemoteProgramme> {
    const { line } = this;
    const over = signal ? AbortSignal.any([signal, this.#closing.signal]) : this.#closing.signal;
    const { port } = await line.ask('open', { id, ...opening }, over).catch((error: unknown) => {
      // It may be gone by now, and this with it.
      if (signal?.aborted) line.ask('close', { id }).catch(() => {});
      throw error;
    });
    const programme = new RemoteProgramme(line, id, opening, port);
    this.#programmes.set(id, programme);
    return programme.once('closed', () => this.#programmes.delete(id));
  }

  prepare(room: string, source: Source, rules: PlanOptions): Promise<PreparedSource | null> {
    return this.line.ask('prepare', { room, source, rules }, this.#closing.signal);
  }

  listDevices(): Promise<Devices> {
    return this.line.ask('devices', null, this.#closing.signal);
  }

  openStdin(): Promise<StdinPlace> {
    return this.line.ask('stdin', null, this.#closing.signal);
  }

  /** It reads what strangers send: nothing gets into a room but what it should, and one programme alone is lost by what it tells. */
  #hear<T>(
    id: string,
    request: 'event' | 'seen',
    { data, error }: z.ZodSafeParseResult<T>,
    emit: (programme: RemoteProgramme, what: T) => void,
  ): void {
    const programme = this.#programmes.get(id);
    if (!programme) return;
    if (!error) {
      emit(programme, data);
      return;
    }
    this.#programmes.delete(id);
    programme.lose({ request, id, error: nonsense(error) });
  }

  /** Ends its programmes, and then itself. */
  override async close(): Promise<void> {
    this.#closing.abort(new MiroliveError('SHUTTING_DOWN', 'the ingest process is closed'));
    // One that hangs is ended: nobody waits for its answers any longer than for its end.
    const hanging = systemClock.after(closeTimeoutMs, () => void super.close());
    await Promise.allSettled(this.programmes.map((programme) => programme.close()));
    hanging.cancel();
    await super.close();
  }
}

/** Programmes that are closed need less, in ms: ffmpeg is ended with force after 1.5 s. */
const closeTimeoutMs = 2500;
