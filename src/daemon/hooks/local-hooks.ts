import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import type { Clock } from '../../contract/clock.ts';
import type { Config } from '../../contract/config.ts';
import type { Event } from '../../contract/events.ts';
import type { HookName } from '../../contract/hooks-config.ts';
import { type FamilyWatch, watchFamily } from '../../ingest/child/family-watch.ts';
import { hookOf } from './hooks-of-event.ts';
import { type HookEnd, type HookRun, runHook } from './run-hook.ts';
import { toldEvent } from './told-event.ts';

/** So many run at once, those of one room one after the other. */
const maxRunning = 4;
/** So many wait for them; the oldest is left out. */
const maxWaiting = 100;
/** That some are left out is told so often, in ms, at most. */
const tellEveryMs = 60_000;
/** How long the end of the daemon waits for hooks that run or wait, in ms. */
const lastMs = 1000;
/** What a program needs to be found and to speak as the daemon does; nothing else of the environment is any hook's. */
const passed = ['PATH', 'HOME', 'USER', 'LOGNAME', 'TMPDIR', 'LANG', 'LC_ALL', 'TZ'];

export interface LocalHooksOptions {
  readonly config: Pick<Config, 'hooks'>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'debug' | 'info' | 'warn'>;
  /** Default: a real program. */
  readonly run?: (run: HookRun) => Promise<HookEnd>;
  /** Ends what is left of hooks once the daemon is gone. Default: a real one. */
  readonly watch?: (family: string) => FamilyWatch;
}

interface Waiting {
  readonly hook: HookName;
  readonly event: Event;
  readonly room: string;
}

/** Runs what the configuration wants run when something happens. Nothing waits for it, and what goes wrong in it is in the log. */
export class LocalHooks {
  readonly #options: LocalHooksOptions;
  readonly #ending = new AbortController();
  readonly #rooms = new Set<string>();
  readonly #family = `hooks-${randomBytes(12).toString('base64url')}`;
  #waiting: Waiting[] = [];
  #running = 0;
  #begun = 0;
  #watch: FamilyWatch | undefined;
  #leftOut = 0;
  #toldMs = Number.NEGATIVE_INFINITY;
  #idle = Promise.withResolvers<void>();
  #closing: Promise<void> | undefined;

  constructor(options: LocalHooksOptions) {
    this.#options = options;
  }

  /** Something has happened. */
  hear(event: Event): void {
    if (this.#closing) return;
    const hook = hookOf(event);
    if (hook === null || this.#options.config.hooks[hook] === null) return;
    const room = 'room' in event && event.room !== null ? event.room : '';
    this.#waiting.push({ hook, event, room });
    if (this.#waiting.length > maxWaiting) {
      this.#waiting.shift();
      this.#tellLeftOut();
    }
    this.#begin();
  }

  /** Lets what waits run for a moment, and ends what does not end by itself. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    if (this.#running > 0) {
      const timer = this.#options.clock.after(lastMs, () => {
        this.#waiting = [];
        this.#ending.abort();
      });
      await this.#idle.promise;
      timer.cancel();
    }
    this.#watch?.close();
  }

  #begin(): void {
    while (this.#running < maxRunning) {
      const place = this.#waiting.findIndex(({ room }) => !this.#rooms.has(room));
      const [next] = place === -1 ? [] : this.#waiting.splice(place, 1);
      if (!next) return;
      void this.#run(next);
    }
  }

  async #run({ hook, event, room }: Waiting): Promise<void> {
    const { config, clock, log, run = runHook, watch = watchFamily } = this.#options;
    // It may be another one by now, or none.
    const command = config.hooks[hook];
    if (command === null) return;
    this.#running += 1;
    this.#rooms.add(room);
    const family = `${this.#family}-${this.#begun++}`;
    const input = `${JSON.stringify(toldEvent(event, false))}\n`;
    const env = this.#environment(hook, event, room);
    const { timeout: timeoutMs } = config.hooks;
    const { signal } = this.#ending;
    try {
      this.#watch ??= watch(this.#family);
      this.#log(hook, event, await run({ command, input, env, family, timeoutMs, clock, signal }));
    } catch (err) {
      // The machine may be out of something for a moment: the place of this one is the next one's all the same.
      log.warn({ err, hook }, `hook ${hook} could not be run to its end`);
    }
    this.#running -= 1;
    this.#rooms.delete(room);
    this.#begin();
    if (this.#running > 0) return;
    this.#idle.resolve();
    this.#idle = Promise.withResolvers();
  }

  #environment(hook: HookName, event: Event, room: string): Record<string, string> {
    const { env } = this.#options;
    return {
      ...Object.fromEntries(passed.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]))),
      MIROLIVE_HOOK: hook,
      MIROLIVE_EVENT: event.type,
      MIROLIVE_AT: event.at,
      ...(room !== '' && { MIROLIVE_ROOM: room }),
      ...('broadcast' in event && { MIROLIVE_BROADCAST: event.broadcast }),
    };
  }

  #log(hook: HookName, { type }: Event, { how, words, output }: HookEnd): void {
    const { log } = this.#options;
    const level = how === 'done' ? (output === '' ? 'debug' : 'info') : 'warn';
    log[level]({ hook, event: type, ...(output !== '' && { output }) }, `hook ${hook} ${words}`);
  }

  #tellLeftOut(): void {
    const { clock, log } = this.#options;
    this.#leftOut += 1;
    if (clock.nowMs() - this.#toldMs < tellEveryMs) return;
    log.warn({ leftOut: this.#leftOut }, 'too many hooks wait: the oldest are left out');
    this.#toldMs = clock.nowMs();
    this.#leftOut = 0;
  }
}
