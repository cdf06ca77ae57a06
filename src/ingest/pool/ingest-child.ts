import { setMaxListeners } from 'node:events';
import { systemClock } from '../../contract/clock.ts';
import type { Devices, StdinPlace } from '../../contract/devices.ts';
import { MiroliveError } from '../../contract/errors.ts';
import type { Source } from '../../contract/models.ts';
import { programmeEvent } from '../../contract/programme-event.ts';
import { seen } from '../../contract/snapshot.ts';
import type { ChildBounds } from '../child/child-watch.ts';
import type { Answers } from '../child/line.ts';
import { type ChildDeath, WatchedChild } from '../child/watched-child.ts';
import type { PlanOptions } from '../plan/plan-options.ts';
import type { PreparedSource, SourcesOptions } from '../sources/sources.ts';
import type { DaemonCalls, IngestCalls, Opening } from './calls.ts';
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
export class IngestChild {
  readonly #child: WatchedChild<IngestCalls, DaemonCalls>;
  readonly #programmes = new Map<string, RemoteProgramme>();
  readonly #closing = new AbortController();

  constructor({ entry, bounds, sources, answers }: IngestChildOptions) {
    this.#child = new WatchedChild<IngestCalls, DaemonCalls>({
      ...{ entry, bounds, begin: sources, environment: 'needed' },
      gone: (reason) => new MiroliveError('INGEST_UNAVAILABLE', `an ingest process died: ${reason}`),
      answers: {
        ...answers,
        // It reads what strangers send: nothing of that gets into a room but what it should.
        event: ({ id, event }) => void this.#programmes.get(id)?.emit('event', programmeEvent.parse(event)),
        seen: ({ id, seen: told }) => void this.#programmes.get(id)?.emit('seen', seen.parse(told)),
      },
    });
    setMaxListeners(0, this.#closing.signal);
  }

  /** Resolves when it may be asked; rejects with INGEST_UNAVAILABLE where it ends before. */
  get ready(): Promise<void> {
    return this.#child.ready;
  }

  /** Resolves when it is gone; what it had started is being ended then. */
  get ended(): Promise<ChildDeath> {
    return this.#child.ended;
  }

  /** Resolves when what it had started is gone too, or cannot be had within a second. */
  get over(): Promise<void> {
    return this.#child.over;
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** Whether it may be asked anything; it has ended, or will soon. */
  get alive(): boolean {
    return this.#child.alive;
  }

  get programmes(): readonly RemoteProgramme[] {
    return [...this.#programmes.values()];
  }

  tell<K extends 'setAside' | 'files' | 'publication'>(name: K, what: Parameters<IngestCalls[K]>[0]): void {
    this.#child.line.tell(name, what);
  }

  async open(id: string, opening: Opening): Promise<RemoteProgramme> {
    const { line } = this.#child;
    const { port } = await line.ask('open', { id, ...opening }, this.#closing.signal);
    const programme = new RemoteProgramme(line, id, opening.options.room, port);
    this.#programmes.set(id, programme);
    return programme.once('closed', () => this.#programmes.delete(id));
  }

  prepare(room: string, source: Source, rules: PlanOptions): Promise<PreparedSource> {
    return this.#child.line.ask('prepare', { room, source, rules }, this.#closing.signal);
  }

  listDevices(): Promise<Devices> {
    return this.#child.line.ask('devices', null, this.#closing.signal);
  }

  openStdin(): Promise<StdinPlace> {
    return this.#child.line.ask('stdin', null, this.#closing.signal);
  }

  /** Ends its programmes, and then itself. */
  async close(): Promise<void> {
    this.#closing.abort(new MiroliveError('SHUTTING_DOWN', 'the ingest process is closed'));
    // One that hangs is ended: nobody waits for its answers any longer than for its end.
    const hanging = systemClock.after(closeTimeoutMs, () => void this.#child.close());
    await Promise.allSettled(this.programmes.map((programme) => programme.close()));
    hanging.cancel();
    await this.#child.close();
  }
}

/** Programmes that are closed need less, in ms: ffmpeg is ended with force after 1.5 s. */
const closeTimeoutMs = 3000;
