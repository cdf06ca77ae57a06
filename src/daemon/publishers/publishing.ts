import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import type { Logger } from 'pino';
import type { Config } from '../../contract/config.ts';
import type { EventHub } from '../event-hub.ts';
import { StreamKeys } from '../keys/stream-keys.ts';
import { stateFolder } from '../state/state-folder.ts';
import { StateStore } from '../state/state-store.ts';
import type { RtmpPorts } from './publish-addresses.ts';
import { Publishers } from './publishers.ts';

export interface PublishingOptions {
  readonly config: Config;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly hub: EventHub;
  readonly log: Logger;
}

/** What it takes to let somebody publish: the state with the stream keys, and who is there. */
export class Publishing {
  readonly #parts: AsyncDisposableStack;
  readonly store: StateStore;
  readonly keys: StreamKeys;
  readonly publishers: Publishers;

  private constructor(
    parts: AsyncDisposableStack,
    store: StateStore,
    keys: StreamKeys,
    publishers: Publishers,
  ) {
    this.#parts = parts;
    this.store = store;
    this.keys = keys;
    this.publishers = publishers;
  }

  static async create({ config, env, hub, log }: PublishingOptions): Promise<Publishing> {
    await using parts = new AsyncDisposableStack();
    const folder = stateFolder({ configured: config.state.dir, env, home: homedir(), writable });
    const store = parts.use(StateStore.open({ folder, log }));
    const keys = StreamKeys.create(store);
    const publishers = parts.use(new Publishers({ config, keys, hub, log }));
    return new Publishing(parts.move(), store, keys, publishers);
  }

  get ports(): RtmpPorts {
    return { rtmp: null, rtmps: null };
  }

  async close(): Promise<void> {
    await this.#parts.disposeAsync();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function writable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
