import { EventEmitter } from 'node:events';
import { systemClock } from '../../contract/clock.ts';
import type { Devices, StdinPlace } from '../../contract/devices.ts';
import { MiroliveError } from '../../contract/errors.ts';
import type { Source } from '../../contract/models.ts';
import type { ChildBounds } from '../child/child-watch.ts';
import { type ChildDeath, WatchedChild } from '../child/watched-child.ts';
import type { GuardAsk } from '../guard/messages.ts';
import type { PlanOptions } from '../plan/plan-options.ts';
import type { RouteReport } from '../process/players/routes.ts';
import type { TurnReport } from '../process/remote-turns.ts';
import type { FileFinding, PreparedSource, SourcesOptions } from '../sources/sources.ts';
import type { IngestCall, IngestReport, IngestRequest, Opening } from './messages.ts';
import { RemoteProgramme } from './remote-programme.ts';

export interface IngestChildOptions {
  readonly entry: URL;
  readonly bounds: ChildBounds;
  readonly sources: SourcesOptions;
}

interface ChildEvents {
  /** A publisher's RTP is wanted, or no longer. */
  route: [RouteReport];
  /** A turn is wanted, or is over. */
  turn: [TurnReport];
  /** The guard is wanted. */
  guard: [call: number, ask: GuardAsk];
  /** A programme is over. */
  closed: [];
  /** Something that nobody waits for could not be done. */
  failed: [IngestFailure];
  /** Something was found out of a file. */
  file: [FileFinding];
  /** Nothing comes of a standard input any more. */
  stdinOver: [token: string];
}

/** What could not be done; `id` names a programme, or a room. */
export interface IngestFailure {
  readonly request: IngestCall['type'];
  readonly id: string;
  readonly error: MiroliveError;
}

type Answer = Extract<IngestReport, { request: string }>;
type AnswerTo<T extends IngestCall['type']> = Exclude<Extract<Answer, { request: T }>, { type: 'failed' }>;

/** One life of an ingest process, and what it was asked. */
export class IngestChild extends EventEmitter<ChildEvents> {
  /** Resolves when it may be asked; rejects with INGEST_UNAVAILABLE where it ends before. */
  readonly ready: Promise<void>;
  /** Resolves when it is gone; what it had started is being ended then. */
  readonly ended: Promise<ChildDeath>;
  readonly #child: WatchedChild<IngestRequest, IngestReport>;
  readonly #programmes = new Map<string, RemoteProgramme>();
  /** Calls that are not answered yet, by what was asked of which programme. */
  readonly #waiting = new Map<string, PromiseWithResolvers<Answer>>();
  readonly #routes = new Set<number>();
  #calls = 0;
  #closed: MiroliveError | undefined;

  constructor({ entry, bounds, sources }: IngestChildOptions) {
    super();
    this.#child = new WatchedChild(
      {
        ...{ entry, bounds, environment: 'needed', marks: true },
        begin: { type: 'begin', sources },
      },
      (report) => this.#handle(report),
    );
    this.ready = this.#child.ready.then(
      () => {},
      (error: Error) => Promise.reject(unavailable(error.message)),
    );
    this.ended = this.#child.ended.then((death) => {
      this.#end(unavailable(death.message));
      return death;
    });
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

  /** Routes that it has asked for and not given back. */
  get routes(): readonly number[] {
    return [...this.#routes];
  }

  send(request: IngestRequest): void {
    this.#child.send(request);
  }

  async open(id: string, opening: Opening): Promise<RemoteProgramme> {
    const { room } = opening.options;
    const { port } = await this.#ask('open', { type: 'open', id, ...opening });
    const programme = new RemoteProgramme(this, id, room, port);
    this.#programmes.set(id, programme);
    return programme;
  }

  async prepare(room: string, source: Source, rules: PlanOptions): Promise<PreparedSource> {
    const id = this.#callId('prepare');
    const { prepared } = await this.#ask('prepare', { type: 'prepare', id, room, source, rules });
    return prepared;
  }

  async listDevices(): Promise<Devices> {
    return (await this.#ask('devices', { type: 'devices', id: this.#callId('devices') })).devices;
  }

  async openStdin(): Promise<StdinPlace> {
    return (await this.#ask('stdin', { type: 'stdin', id: this.#callId('stdin') })).place;
  }

  async closeProgramme(id: string): Promise<void> {
    const closing = this.#waiting.get(waitingKey('close', id));
    if (closing) await closing.promise;
    if (this.#closed || !this.#programmes.has(id)) return;
    await this.#ask('close', { type: 'close', id });
  }

  /** Ends its programmes, and then itself. */
  async close(): Promise<void> {
    if (this.#closed) return this.#child.close();
    for (const programme of this.programmes) programme.close().catch(() => {});
    for (const key of this.#waiting.keys()) {
      const [type, id = ''] = key.split(' ');
      if (type === 'prepare') this.send({ type: 'cancel', id });
    }
    // One that hangs is ended: nobody waits for its answers any longer than for its end.
    const hanging = systemClock.after(closeTimeoutMs, () => void this.#child.close());
    // Those too that somebody else is closing: no ffmpeg outlives it.
    await Promise.allSettled([...this.#waiting.values()].map(({ promise }) => promise));
    hanging.cancel();
    this.#end(new MiroliveError('SHUTTING_DOWN', 'the ingest process is closed'));
    await this.#child.close();
  }

  #callId(what: string): string {
    return `${what}-${++this.#calls}`;
  }

  async #ask<T extends IngestCall['type']>(
    type: T,
    request: Extract<IngestCall, { type: T }>,
  ): Promise<AnswerTo<T>> {
    if (this.#closed) throw this.#closed;
    const answer = Promise.withResolvers<Answer>();
    this.#waiting.set(waitingKey(type, request.id), answer);
    this.send(request);
    return (await answer.promise) as AnswerTo<T>;
  }

  #handle(report: Exclude<IngestReport, { type: 'ready' }>): void {
    switch (report.type) {
      case 'event':
        this.#programmes.get(report.id)?.emit('event', report.event);
        return;
      case 'turn.wanted':
      case 'turn.over':
        this.emit('turn', report);
        return;
      case 'file':
        this.emit('file', report.finding);
        return;
      case 'stdin.over':
        this.emit('stdinOver', report.token);
        return;
      case 'guard':
        this.emit('guard', report.call, report.ask);
        return;
      case 'seen':
        this.#programmes.get(report.id)?.emit('seen', report.seen);
        return;
      case 'route.wanted':
      case 'route.connect':
      case 'route.close':
        if (report.type === 'route.wanted') this.#routes.add(report.route);
        if (report.type === 'route.close') this.#routes.delete(report.route);
        this.emit('route', report);
        return;
      default:
        this.#answered(report);
    }
  }

  #answered(report: Answer): void {
    const key = waitingKey(report.request, report.id);
    const waiting = this.#waiting.get(key);
    this.#waiting.delete(key);
    if (report.type === 'failed') {
      const { code, message, hint } = report.error;
      const error = new MiroliveError(code, message, { hint });
      if (waiting) waiting.reject(error);
      else this.emit('failed', { request: report.request, id: report.id, error });
      return;
    }
    waiting?.resolve(report);
    if (report.type !== 'closed') return;
    this.#programmes.delete(report.id);
    this.emit('closed');
  }

  #end(reason: MiroliveError): void {
    if (this.#closed) return;
    this.#closed = reason;
    for (const { reject } of this.#waiting.values()) reject(reason);
    this.#waiting.clear();
  }
}

/** Programmes that are closed need less, in ms: ffmpeg is ended with force after 1.5 s. */
const closeTimeoutMs = 3000;

/** What tells the answer to a request: a programme is opened and closed once. */
function waitingKey(type: string, id: string): string {
  return `${type} ${id}`;
}

function unavailable(reason: string): MiroliveError {
  return new MiroliveError('INGEST_UNAVAILABLE', `an ingest process died: ${reason}`);
}
