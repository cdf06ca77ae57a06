import { EventEmitter } from 'node:events';
import type { Control } from '../../contract/control.ts';
import type { ProgrammeState } from '../../contract/programme-state.ts';
import type { ProgrammeEvent } from '../process/director/director-options.ts';
import type { IngestRequest } from './messages.ts';

interface ProgrammeEvents {
  event: [ProgrammeEvent];
  /** Its process is gone, and the programme with it. */
  gone: [];
}

/** The process that carries a programme. */
export interface ProgrammeCarrier {
  send(request: IngestRequest): void;
  control(id: string, command: Control | null): Promise<ProgrammeState>;
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

  /** Begins to play from `startMs`, to a PlainTransport's port on this machine. */
  play(port: number, startMs: number): void {
    this.#carrier.send({ type: 'play', id: this.id, port, startMs });
  }

  /** Does what an operator wants of it; gives how it is then. Null only asks. */
  control(command: Control | null): Promise<ProgrammeState> {
    return this.#carrier.control(this.id, command);
  }

  /** Ends ffmpeg and the socket; resolves when both are gone. */
  close(): Promise<void> {
    return this.#carrier.closeProgramme(this.id);
  }
}
