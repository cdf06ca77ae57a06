import { type Asker, onceOver } from '../../../src/ingest/child/line.ts';
import type { DaemonCalls } from '../../../src/ingest/pool/calls.ts';

/** Stands for the daemon of an ingest process: notes what it is asked for and given back, and answers when a test says so. */
export class ScriptedDaemon {
  readonly said: string[] = [];
  /** What it was asked for last. */
  asked: unknown;
  readonly #held: PromiseWithResolvers<never>[] = [];

  /** As whoever asks has it. */
  get asker(): Asker<DaemonCalls> {
    return this as unknown as Asker<DaemonCalls>;
  }

  tell(name: string): void {
    this.said.push(name);
  }

  ask(name: string, what?: unknown): Promise<never> {
    this.said.push(name);
    this.asked = what;
    return new Promise(() => {});
  }

  hold(name: string, _what: unknown, until: AbortSignal): Promise<unknown> {
    until.throwIfAborted();
    const held = Promise.withResolvers<never>();
    const number = this.#held.push(held);
    this.said.push(`${name} ${number}`);
    onceOver(until, () => {
      this.said.push(`${name} ${number} over`);
      held.reject(until.reason);
    });
    held.promise.catch(() => {});
    return held.promise;
  }

  /** Answers what is held under a number, from 1; an error refuses it. */
  answer(number: number, value?: unknown): void {
    const held = this.#held[number - 1];
    if (value instanceof Error) held?.reject(value);
    else held?.resolve(value as never);
  }
}
