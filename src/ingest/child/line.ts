import type { z } from 'zod';
import { asMiroliveError, type ErrorBody, MiroliveError } from '../../contract/errors.ts';
import { Nonsense, sense } from './told.ts';

/** What one side may be asked, by name: what it is given, and what it answers; nothing where it is only told. Plain data both. */
export type Calls<C> = { readonly [K in keyof C]: (what: never) => unknown };
type What<C extends Calls<C>, K extends keyof C> = Parameters<C[K]>[0];
type Answer<C extends Calls<C>, K extends keyof C> = ReturnType<C[K]>;

/** What one side does when it is asked. `signal` aborts when nobody needs the answer any more, nor what it stands for. */
export type Answers<C extends Calls<C>> = {
  readonly [K in keyof C]: (what: What<C, K>, signal: AbortSignal) => Answer<C, K> | Promise<Answer<C, K>>;
};

/** What is taken of a side that reads what strangers send, by name: all else is nonsense. */
export type Senses<C extends Calls<C>> = { readonly [K in keyof C]: z.ZodType<What<C, K>> };

/** The same of what it answers; a call without a name here answers nothing. */
export type AnswerSenses<C extends Calls<C>> = {
  readonly [K in keyof C as undefined extends Answer<C, K> ? never : K]: z.ZodType<Answer<C, K>>;
};

/** So much may be asked at a time by such a side: twice the connections that RTMP may be set to take. */
export const maxOpenCalls = 20_000;

/** What a process says beside all else, while its loop turns. */
export const beat = 'beat';

/** What one side sends the other. `held`: what the answer stands for is needed until it is released. */
export type Message =
  | { readonly type: 'tell'; readonly name: string; readonly what?: unknown }
  | {
      readonly type: 'ask';
      readonly call: number;
      readonly name: string;
      readonly what?: unknown;
      readonly held: boolean;
    }
  | { readonly type: 'answer'; readonly call: number; readonly value?: unknown }
  | { readonly type: 'failed'; readonly call: number; readonly error: ToldError }
  | { readonly type: 'release'; readonly call: number };

/** Whoever asks the other side. */
export type Asker<Theirs extends Calls<Theirs>> = Pick<Line<Theirs>, 'ask' | 'hold' | 'tell'>;

/** One end of what a process and the daemon say to each other: both ask, and answer. */
export class Line<Theirs extends Calls<Theirs>> {
  readonly #send: (message: Message) => void;
  readonly #senses: Readonly<Record<string, z.ZodType>> | undefined;
  /** What was asked of the other side, and is not answered. */
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown> & { readonly name: string }>();
  /** What was asked of this side, for as long as it is needed. */
  readonly #needed = new Map<number, AbortController>();
  #calls = 0;
  #ended: Error | undefined;

  /** @param senses of the other side, where it reads what strangers send */
  constructor(send: (message: Message) => void, senses?: AnswerSenses<Theirs>) {
    this.#send = send;
    this.#senses = senses;
  }

  tell<K extends keyof Theirs & string>(name: K, what: What<Theirs, K>): void {
    this.#send({ type: 'tell', name, what });
  }

  /** @param signal nobody waits any more */
  ask<K extends keyof Theirs & string>(
    name: K,
    what: What<Theirs, K>,
    signal?: AbortSignal,
  ): Promise<Answer<Theirs, K>> {
    return this.#ask({ name, what, held: false }, signal);
  }

  /** Asks for what is there until `until` aborts, or the line ends. */
  hold<K extends keyof Theirs & string>(
    name: K,
    what: What<Theirs, K>,
    until: AbortSignal,
  ): Promise<Answer<Theirs, K>> {
    return this.#ask({ name, what, held: true }, until);
  }

  /** What the other side has sent; what comes late is for nobody. @throws Nonsense */
  handle<Ours extends Calls<Ours>>(said: Message, answers: Answers<Ours>, senses?: Senses<Ours>): void {
    if (this.#ended) return;
    if (said.type === 'tell' || said.type === 'ask') {
      if (!Object.hasOwn(answers, said.name)) throw new Nonsense('invalid_value at its top');
      const name = said.name as keyof Ours;
      const act = answers[name];
      const what = senses ? sense(senses[name], said.what) : said.what;
      if (said.type === 'tell') {
        act(what as never, new AbortController().signal);
        return;
      }
      if (this.#needed.has(said.call)) throw new Nonsense('a call of a number that another one has');
      if (senses && this.#needed.size === maxOpenCalls) throw new Nonsense('more calls at a time than any');
      void this.#answer(said, async (signal) => await act(what as never, signal));
    } else if (said.type === 'release') {
      this.#needed.get(said.call)?.abort();
      this.#needed.delete(said.call);
    } else {
      const waiting = this.#waiting.get(said.call);
      if (!waiting) return;
      // Where it makes no sense, whoever waits hears of the end of this line.
      if (said.type === 'failed') waiting.reject(errorOf(said.error));
      else waiting.resolve(this.#senses ? this.#sense(this.#senses[waiting.name], said.value) : said.value);
      this.#waiting.delete(said.call);
    }
  }

  /** Nothing comes any more: what is waited for fails, what was held here is let go. */
  end(reason: Error): void {
    this.#ended ??= reason;
    for (const { reject } of this.#waiting.values()) reject(this.#ended);
    for (const needed of this.#needed.values()) needed.abort();
    this.#waiting.clear();
    this.#needed.clear();
  }

  #sense(schema: z.ZodType | undefined, value: unknown): unknown {
    if (schema) return sense(schema, value);
    if (value !== undefined) throw new Nonsense('invalid_type at its top');
    return value;
  }

  async #ask<T>(
    asked: { readonly name: string; readonly what: unknown; readonly held: boolean },
    signal: AbortSignal | undefined,
  ): Promise<T> {
    if (this.#ended) throw this.#ended;
    signal?.throwIfAborted();
    const call = ++this.#calls;
    const answer = { name: asked.name, ...Promise.withResolvers<unknown>() };
    const release = () => {
      this.#waiting.delete(call);
      this.#send({ type: 'release', call });
      answer.reject(signal?.reason);
    };
    const forget = () => signal?.removeEventListener('abort', release);
    this.#waiting.set(call, answer);
    signal?.addEventListener('abort', release, { once: true });
    this.#send({ type: 'ask', call, ...asked });
    try {
      const value = (await answer.promise) as T;
      if (!asked.held) forget();
      return value;
    } catch (error) {
      forget();
      throw error;
    }
  }

  async #answer(
    { call, held }: { readonly call: number; readonly held: boolean },
    act: (signal: AbortSignal) => Promise<unknown>,
  ): Promise<void> {
    const needed = new AbortController();
    this.#needed.set(call, needed);
    try {
      const value = await act(needed.signal);
      if (!held) this.#needed.delete(call);
      this.#send({ type: 'answer', call, value });
    } catch (error) {
      this.#needed.delete(call);
      needed.abort();
      this.#send({ type: 'failed', call, error: told(asMiroliveError(error)) });
    }
  }
}

/** Does something once nobody needs it any more, which may be by now. */
export function onceOver(signal: AbortSignal, act: () => void): void {
  if (signal.aborted) act();
  else signal.addEventListener('abort', act, { once: true });
}

/** An error as one side tells the other of it: whom its hint is for too. */
export interface ToldError extends ErrorBody {
  readonly forAdmin: boolean;
}

/** As the other side is told of an error. */
export function told(error: MiroliveError): ToldError {
  return { ...error.toJSON(), forAdmin: error.forAdmin };
}

/** An error that the other side has told of. */
export function errorOf({ code, message, hint, forAdmin }: ToldError): MiroliveError {
  return new MiroliveError(code, message, { hint, forAdmin });
}
