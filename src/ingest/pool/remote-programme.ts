import { EventEmitter } from 'node:events';
import type { Seen, Wanted } from '../../contract/snapshot.ts';
import type { Looked, ProgrammeEvent } from '../process/director/director-options.ts';
import type { IngestRequest } from './messages.ts';

interface ProgrammeEvents {
  event: [ProgrammeEvent];
  /** What it is, at each change and each second. */
  seen: [Seen];
  /** Its process is gone, and the programme with it. */
  gone: [];
}

/** The process that carries a programme. */
export interface ProgrammeCarrier {
  send(request: IngestRequest): void;
  closeProgramme(id: string): Promise<void>;
}

/** The daemon's handle on one programme in an ingest process. */
export class RemoteProgramme extends EventEmitter<ProgrammeEvents> {
  readonly id: string;
  /** The UDP port on loopback that its packets come from. */
  readonly port: number;
  readonly room: string;
  readonly #carrier: ProgrammeCarrier;

  constructor(carrier: ProgrammeCarrier, id: string, room: string, port: number) {
    super();
    this.#carrier = carrier;
    this.id = id;
    this.room = room;
    this.port = port;
  }

  /** Sends to a PlainTransport's port on this machine from now on; the first time, it begins to play. */
  connect(port: number): void {
    this.#carrier.send({ type: 'connect', id: this.id, port });
  }

  /** What is wanted from now on; `looked` is what is known of candidates that are new. */
  want(wanted: Wanted, looked: Looked = {}): void {
    this.#carrier.send({ type: 'want', id: this.id, wanted, looked });
  }

  /** Ends ffmpeg and the socket; resolves when both are gone. */
  close(): Promise<void> {
    return this.#carrier.closeProgramme(this.id);
  }
}
