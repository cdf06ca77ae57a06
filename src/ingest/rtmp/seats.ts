import { networkOf } from '../../contract/network-of.ts';

/** Connections from one network that do not publish yet. */
const maxStrangersPerNetwork = 10;

interface Seat {
  readonly network: string;
  readonly leave: () => void;
  stranger: boolean;
}

/**
 * Who may be connected. Those who publish keep their seats; of the strangers the one who has been there longest makes room,
 * so that whoever comes with a key gets in, however many say nothing.
 */
export class Seats {
  readonly #max: number;
  /** By connection, the oldest first. */
  readonly #seats = new Map<string, Seat>();

  constructor(max: number) {
    this.#max = max;
  }

  /** Takes a connection in; false: every seat is held by a publisher. @param leave ends a stranger's connection */
  take(connection: string, address: string, leave: () => void): boolean {
    const network = networkOf(address);
    const strangers = [...this.#seats].filter(([, seat]) => seat.stranger);
    const neighbours = strangers.filter(([, seat]) => seat.network === network);
    const [oldest] = neighbours.length >= maxStrangersPerNetwork ? neighbours : strangers;
    if (neighbours.length >= maxStrangersPerNetwork || this.#seats.size >= this.#max) {
      if (!oldest) return false;
      this.#seats.delete(oldest[0]);
      oldest[1].leave();
    }
    this.#seats.set(connection, { network, leave, stranger: true });
    return true;
  }

  /** It publishes now. */
  keep(connection: string): void {
    const seat = this.#seats.get(connection);
    if (seat) seat.stranger = false;
  }

  free(connection: string): void {
    this.#seats.delete(connection);
  }
}
