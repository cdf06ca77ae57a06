import type { Event } from '../../contract/events.ts';
import type { ViewedMachine } from '../../contract/view/view.ts';
import type { Reported } from '../viewers/attendance.ts';
import { eventNumbers } from './event-numbers.ts';
import type { Figures } from './figures.ts';
import { machineNumbers } from './machine-numbers.ts';
import { type Form, Numbers } from './registry.ts';
import { RoomLabels } from './room-labels.ts';
import { roomNumbers, viewerNumbers } from './room-numbers.ts';

/** All numbers of a daemon: some count as things happen, the others are set when somebody asks. */
export interface Collection {
  hear(event: Event, nowMs: number): void;
  reported(room: string, before: Reported, now: Reported, nowMs: number): void;
  /** Sets them to what is now. */
  set(figures: Figures, lag: ViewedMachine['loopLagMs'], nowMs: number): Promise<void>;
  text(form: Form): Promise<string>;
}

/** @param knows whether somebody has declared a room, or put something on air there: any address makes the name of a room */
export async function createCollection(knows: (room: string) => boolean): Promise<Collection> {
  const numbers = await Numbers.create();
  const labels = new RoomLabels(knows);
  const [ofRooms, ofViewers] = [roomNumbers(numbers), viewerNumbers(numbers)];
  const ofMachine = machineNumbers(numbers);
  const ofEvents = eventNumbers(numbers, (room, nowMs) => labels.of(room, nowMs));
  return {
    hear: ofEvents.hear,
    reported: ofEvents.reported,
    async set(figures, lag, nowMs) {
      for (const room of labels.tidy(nowMs)) await numbers.forget(room);
      const all = figures.rooms.map((room) => ({ ...room, label: labels.of(room.name, nowMs) }));
      const known = all.filter(({ name, label }) => name === label);
      ofRooms({ known, all });
      ofViewers({ known, all });
      ofMachine(figures, lag);
      ofEvents.look(
        known.filter(({ broadcast }) => broadcast !== null).map(({ name }) => name),
        nowMs,
      );
    },
    text: (form) => numbers.text(form),
  };
}
