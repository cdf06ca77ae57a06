/** What is to be done; a rejection would be nobody's. */
export type Message = () => void;

/** One queue for all that concerns a programme: what is wanted, what players and the splicer tell, timers. One at a time, in order. */
export class Mailbox {
  readonly #settle: () => void;
  readonly #broken: (error: unknown) => void;
  readonly #waiting: Message[] = [];
  #state: 'open' | 'working' | 'closed' = 'open';

  /**
   * @param settle does what follows from each message
   * @param broken a message threw, which none is meant to: what it left half done is not gone on with
   */
  constructor(settle: () => void, broken: (error: unknown) => void) {
    this.#settle = settle;
    this.#broken = broken;
  }

  /** Does it now, or, where something is being done, behind that. Nothing is done once it is closed. */
  readonly post = (message: Message): void => {
    if (this.#state === 'closed') return;
    this.#waiting.push(message);
    if (this.#state === 'open') this.#work();
  };

  close(): void {
    this.#state = 'closed';
    this.#waiting.length = 0;
  }

  #work(): void {
    this.#state = 'working';
    try {
      for (let message = this.#waiting.shift(); message; message = this.#waiting.shift()) {
        message();
        if (this.#state === 'working') this.#settle();
      }
      if (this.#state === 'working') this.#state = 'open';
    } catch (error) {
      this.close();
      this.#broken(error);
      throw error;
    }
  }
}
