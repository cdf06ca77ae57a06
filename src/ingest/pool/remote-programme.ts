import { EventEmitter } from 'node:events';
import { asMiroliveError, type MiroliveError } from '../../contract/errors.ts';
import type { ProgrammeEvent } from '../../contract/programme-event.ts';
import type { Seen, Wanted } from '../../contract/snapshot.ts';
import type { Asker } from '../child/line.ts';
import type { Looked } from '../process/director/director-options.ts';
import type { IngestCalls, Opening } from './calls.ts';
import { KnownItems } from './known-items.ts';

interface ProgrammeEvents {
  event: [ProgrammeEvent];
  /** What it is, at each change and each second. */
  seen: [Seen];
  /** It is given up, or gone with its process. */
  gone: [];
  /** It was closed, or could not be any more. */
  closed: [];
  /** What nobody waits for could not be done. */
  failed: [ProgrammeFailure];
}

/** What could not be done with a programme. */
export interface ProgrammeFailure {
  /** What was to be done, or what it told that makes no sense. */
  readonly request: 'connect' | 'want' | 'close' | 'event' | 'seen';
  readonly id: string;
  readonly error: MiroliveError;
}

/** The daemon's handle on one programme in an ingest process. */
export class RemoteProgramme extends EventEmitter<ProgrammeEvents> {
  readonly id: string;
  /** The UDP port on loopback that its packets come from. */
  readonly port: number;
  readonly room: string;
  /** The same one for all programmes of a process. */
  readonly process: Asker<IngestCalls>;
  readonly #items: KnownItems;
  #closed: Promise<void> | undefined;

  constructor(process: Asker<IngestCalls>, id: string, { options, snapshot }: Opening, port: number) {
    super();
    this.process = process;
    this.#items = new KnownItems(snapshot.wanted);
    this.id = id;
    this.room = options.room;
    this.port = port;
  }

  /** Sends to a PlainTransport's port on this machine from now on; the first time, it begins to play. False: it cannot, and is gone. */
  async connect(port: number): Promise<boolean> {
    try {
      await this.process.ask('connect', { id: this.id, port });
      return true;
    } catch (error) {
      if (!isGone(error)) this.lose({ request: 'connect', id: this.id, error: asMiroliveError(error) });
      return false;
    }
  }

  /** What is wanted from now on; `looked` is what is known of candidates that are new. */
  want(wanted: Wanted, looked: Looked = {}): void {
    const what = { id: this.id, ...this.#items.shorten(wanted), looked };
    this.process.ask('want', what).catch((error) => this.#failed('want', error));
  }

  /**
   * A JPEG still of what viewers see; null: there is none that may be shown.
   *
   * @param slate nothing else than the slate may
   */
  poster(slate: boolean, signal: AbortSignal): Promise<Uint8Array | null> {
    return this.process.ask('poster', { id: this.id, slate }, signal);
  }

  /** Ends ffmpeg and the socket; resolves when both are gone, also where their process is. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  /** Nobody can tell what it is: it is closed, and another one may take its place. */
  lose(failure: ProgrammeFailure): void {
    this.emit('failed', failure);
    this.close().catch((error) => this.#failed('close', error));
    this.emit('gone');
  }

  async #close(): Promise<void> {
    try {
      await this.process.ask('close', { id: this.id });
    } catch (error) {
      if (!isGone(error)) throw error;
    } finally {
      this.emit('closed');
    }
  }

  #failed(request: ProgrammeFailure['request'], error: unknown): void {
    if (!isGone(error)) this.emit('failed', { request, id: this.id, error: asMiroliveError(error) });
  }
}

/** Whoever has programmes hears of the end of their process by itself. */
function isGone(error: unknown): boolean {
  return asMiroliveError(error).code === 'INGEST_UNAVAILABLE';
}
