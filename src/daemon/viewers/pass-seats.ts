import { MiroliveError } from '../../contract/errors.ts';

/** So many seats one pass is good for at once: tabs, and one that comes back before its old line is known to be gone. */
const seatsPerPass = 3;

/** The seats of rooms for guests, by the ids of those who hold them: a pass that is handed on seats no crowd. */
export class PassSeats {
  readonly #taken = new Map<string, number>();

  /** @throws MiroliveError LIMIT_REACHED where a guest has as many as he may */
  require(guest: string): void {
    if ((this.#taken.get(guest) ?? 0) < seatsPerPass) return;
    throw new MiroliveError('LIMIT_REACHED', `expected at most ${seatsPerPass} viewers at once by one pass`, {
      hint: 'Close one of them, or ask the organiser for another link',
    });
  }

  /** One more. Gives the function that gives it back; calling it twice is harmless. */
  take(guest: string): () => void {
    this.#taken.set(guest, (this.#taken.get(guest) ?? 0) + 1);
    let isTaken = true;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      const left = (this.#taken.get(guest) ?? 0) - 1;
      if (left > 0) this.#taken.set(guest, left);
      else this.#taken.delete(guest);
    };
  }
}
