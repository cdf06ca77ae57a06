import type { Config } from '../../contract/config.ts';
import { newId } from '../../contract/ids.ts';
import type { Viewer as ViewerModel } from '../../contract/models.ts';
import type { Desk } from '../desk.ts';
import type { EventHub } from '../event-hub.ts';
import type { Room } from '../media/room.ts';
import { Admission } from './admission.ts';

export interface AttendanceOptions {
  readonly limits: Config['limits'];
  readonly desk: Desk;
  readonly hub: EventHub;
}

/** Who comes in, and how. */
export interface Arrival {
  readonly kind: ViewerModel['kind'];
  readonly state: ViewerModel['state'];
  readonly userAgent: string | undefined;
}

/** Takes viewers in, within the limits, lists them in their room, and announces that they come and go. */
export class Attendance {
  readonly #options: AttendanceOptions;
  readonly #admission: Admission;

  constructor(options: AttendanceOptions) {
    this.#options = options;
    this.#admission = new Admission(options.limits);
  }

  /** A seat for somebody at this address; throws LIMIT_REACHED. */
  admit(address: string): Seat {
    const release = this.#admission.admit(address);
    return new Seat({ ...this.#options, address, release });
  }
}

interface SeatOptions {
  readonly desk: Desk;
  readonly hub: EventHub;
  readonly address: string;
  readonly release: () => void;
}

/** One viewer's place: taken by `admit`, shown in a room by `join`, given back by `leave`. */
export class Seat {
  readonly #options: SeatOptions;
  #place: { readonly room: Room; viewer: ViewerModel } | undefined;

  constructor(options: SeatOptions) {
    this.#options = options;
  }

  /** Lists the viewer in the room. */
  join(room: Room, { kind, state, userAgent }: Arrival): ViewerModel {
    const viewer: ViewerModel = {
      id: newId('v'),
      room: room.name,
      kind,
      state,
      rendition: null,
      address: this.#options.address,
      userAgent: userAgent?.slice(0, 300) ?? null,
      joinedAt: new Date().toISOString(),
    };
    this.#place = { room, viewer };
    room.setViewer(viewer);
    this.#options.hub.announce({ type: 'viewer.joined', room: room.name, viewer });
    return viewer;
  }

  /** The viewer waits, connects or plays now. */
  become(state: ViewerModel['state']): void {
    const place = this.#place;
    if (!place || place.viewer.state === state) return;
    place.viewer = { ...place.viewer, state };
    place.room.setViewer(place.viewer);
  }

  /** The viewer gets another rendition. */
  receives(rendition: string | null): void {
    const place = this.#place;
    if (!place) return;
    place.viewer = { ...place.viewer, rendition };
    place.room.setViewer(place.viewer);
  }

  /** Gives the place back; calling it twice is harmless. */
  leave(): void {
    this.#options.release();
    const place = this.#place;
    this.#place = undefined;
    if (!place) return;
    const { room, viewer } = place;
    room.removeViewer(viewer.id);
    this.#options.hub.announce({ type: 'viewer.left', room: room.name, id: viewer.id });
    this.#options.desk.tidy(room);
  }
}
