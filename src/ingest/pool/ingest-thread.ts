import { EventEmitter, once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Control } from '../../contract/control.ts';
import type { Devices, StdinPlace } from '../../contract/devices.ts';
import { MiroliveError } from '../../contract/errors.ts';
import type { Source } from '../../contract/models.ts';
import type { ProgrammeState } from '../../contract/programme-state.ts';
import type { PlanOptions } from '../plan/plan-options.ts';
import type { DirectorOptions, ProgrammeEvent } from '../process/director/director-options.ts';
import type { Publication } from '../process/players/publications.ts';
import type { RouteReport, RtpRoute } from '../process/players/routes.ts';
import type { PreparedSource, SourcesOptions } from '../sources/sources.ts';
import type { ThreadCall, ThreadReport, ThreadRequest } from './thread-messages.ts';

interface ProgrammeEvents {
  event: [ProgrammeEvent];
}

/** The main thread's handle on one programme in the ingest thread. */
export class RemoteProgramme extends EventEmitter<ProgrammeEvents> {
  readonly id: string;
  /** The UDP port on loopback that its packets come from. */
  readonly port: number;
  readonly #thread: IngestThread;

  constructor(thread: IngestThread, id: string, port: number) {
    super();
    this.#thread = thread;
    this.id = id;
    this.port = port;
  }

  /** Begins to play from `startMs`, to a PlainTransport's port on this machine. */
  play(port: number, startMs: number): void {
    this.#thread.send({ type: 'play', id: this.id, port, startMs });
  }

  /** Does what an operator wants of it; gives how it is then. Null only asks. */
  control(command: Control | null): Promise<ProgrammeState> {
    return this.#thread.control(this.id, command);
  }

  /** Ends ffmpeg and the socket; resolves when both are gone. */
  close(): Promise<void> {
    return this.#thread.closeProgramme(this.id);
  }
}

interface ThreadEvents {
  /** A publisher's RTP is wanted, or no longer; answered by `answerRoute`. */
  route: [RouteReport];
  /** The thread is gone without being closed, and every programme with it. */
  died: [Error];
}

/** One worker thread that carries the programmes of a daemon. */
export class IngestThread extends EventEmitter<ThreadEvents> {
  readonly #worker: Worker;
  readonly #programmes = new Map<string, RemoteProgramme>();
  /** Calls that are not answered yet, by what was asked of which programme. */
  readonly #waiting = new Map<string, PromiseWithResolvers<ThreadReport>>();
  /** Calls of `prepare` that are under way. */
  readonly #preparing = new Set<string>();
  #calls = 0;
  #closed = false;

  private constructor(worker: Worker) {
    super();
    this.#worker = worker;
    worker.on('message', (report: ThreadReport) => this.#handle(report));
    worker.on('error', (error: Error) => this.#died(error));
    worker.on('exit', (code) => this.#died(new Error(`the ingest thread ended with code ${code}`)));
  }

  static async create(sources: SourcesOptions): Promise<IngestThread> {
    // Tests run the source itself; dist has it compiled.
    const file = import.meta.url.endsWith('.ts') ? '../process/thread.ts' : '../process/thread.js';
    const worker = new Worker(new URL(file, import.meta.url), { name: 'ingest', workerData: sources });
    await once(worker, 'online');
    return new IngestThread(worker);
  }

  /** Prepares a programme; it plays once it is told where to. */
  async open(id: string, options: DirectorOptions): Promise<RemoteProgramme> {
    const report = await this.#ask({ type: 'open', id, options });
    if (report.type !== 'opened')
      throw new Error(`expected 'opened' of the ingest thread, got '${report.type}'`);
    const programme = new RemoteProgramme(this, id, report.port);
    this.#programmes.set(id, programme);
    return programme;
  }

  /**
   * Looks at a source and decides how it is played in a room.
   *
   * @throws MiroliveError SOURCE_*, INVALID_REQUEST, FFMPEG_NOT_FOUND
   */
  async prepare(room: string, source: Source, rules: PlanOptions): Promise<PreparedSource> {
    const id = `prepare-${++this.#calls}`;
    this.#preparing.add(id);
    try {
      const report = await this.#ask({ type: 'prepare', id, room, source, rules });
      if (report.type !== 'prepared')
        throw new Error(`expected 'prepared' of the ingest thread, got '${report.type}'`);
      return report.prepared;
    } finally {
      this.#preparing.delete(id);
    }
  }

  /** What this machine can put on air of its own. */
  async listDevices(): Promise<Devices> {
    const report = await this.#ask({ type: 'devices', id: `devices-${++this.#calls}` });
    if (report.type !== 'devices')
      throw new Error(`expected 'devices' of the ingest thread, got '${report.type}'`);
    return report.devices;
  }

  /**
   * A place for a client to write a container into.
   *
   * @throws MiroliveError LIMIT_REACHED
   */
  async openStdin(): Promise<StdinPlace> {
    const report = await this.#ask({ type: 'stdin', id: `stdin-${++this.#calls}` });
    if (report.type !== 'stdin')
      throw new Error(`expected 'stdin' of the ingest thread, got '${report.type}'`);
    return report.place;
  }

  /** Somebody publishes into a room with this key; null: nobody any more. */
  setPublication(room: string, key: string, publication: Publication | null): void {
    this.send({ type: 'publication', id: room, key, publication });
  }

  /** The route that was asked for; null: there is no such publisher. */
  answerRoute(route: number, answer: RtpRoute | null): void {
    this.send({ type: 'route', route, answer });
  }

  send(request: ThreadRequest): void {
    this.#worker.postMessage(request);
  }

  async control(id: string, command: Control | null): Promise<ProgrammeState> {
    const report = await this.#ask({ type: 'control', id, call: ++this.#calls, command });
    if (report.type !== 'controlled')
      throw new Error(`expected 'controlled' of the ingest thread, got '${report.type}'`);
    return report.state;
  }

  async closeProgramme(id: string): Promise<void> {
    const closing = this.#waiting.get(waitingKey('close', { id }));
    if (closing) await closing.promise;
    if (!this.#programmes.delete(id) || this.#closed) return;
    await this.#ask({ type: 'close', id });
  }

  async close(): Promise<void> {
    for (const id of this.#programmes.keys()) this.closeProgramme(id).catch(() => {});
    for (const id of this.#preparing) this.send({ type: 'cancel', id });
    // Those too that somebody else is closing: no ffmpeg outlives the thread.
    await Promise.allSettled([...this.#waiting.values()].map(({ promise }) => promise));
    this.#end(new Error('the ingest thread is closed'));
    await this.#worker.terminate();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #ask(request: ThreadCall): Promise<ThreadReport> {
    if (this.#closed) return Promise.reject(new Error('the ingest thread is closed'));
    const answer = Promise.withResolvers<ThreadReport>();
    this.#waiting.set(waitingKey(request.type, request), answer);
    this.send(request);
    return answer.promise;
  }

  #handle(report: ThreadReport): void {
    if (report.type === 'event') {
      this.#programmes.get(report.id)?.emit('event', report.event);
      return;
    }
    if (report.type === 'route.wanted' || report.type === 'route.connect' || report.type === 'route.close') {
      this.emit('route', report);
      return;
    }
    const key = waitingKey(report.request, report);
    const waiting = this.#waiting.get(key);
    this.#waiting.delete(key);
    if (report.type === 'failed') {
      const { code, message, hint } = report.error;
      waiting?.reject(new MiroliveError(code, message, { hint }));
    } else waiting?.resolve(report);
  }

  #died(error: Error): void {
    if (this.#closed) return;
    this.#end(error);
    this.emit('died', error);
  }

  #end(error: Error): void {
    this.#closed = true;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
    this.#programmes.clear();
  }
}

/** What tells the answer to a request: a programme is opened and closed once, but controlled many times. */
function waitingKey(type: string, { id, call = 0 }: { readonly id: string; readonly call?: number }): string {
  return `${type} ${id} ${call}`;
}
