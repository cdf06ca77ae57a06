import { homedir } from 'node:os';
import type { Logger } from 'pino';
import { systemClock, type Timer } from '../../contract/clock.ts';
import type { Config } from '../../contract/config.ts';
import type { Status } from '../../contract/models.ts';
import { stateVersion } from '../../contract/state-version.ts';
import { stateFolder, writableFolder } from '../../files/state-folder.ts';
import type { HealthListener } from '../../ingest/child/restarts.ts';
import type { RtmpServer } from '../../ingest/rtmp/rtmp-server.ts';
import type { EventHub } from '../event-hub.ts';
import type { Entry } from '../rooms/entry.ts';
import { watchLog } from '../state/log-watch.ts';
import { SnapshotWriter } from '../state/snapshot-writer.ts';
import { StateStore } from '../state/state-store.ts';
import { StreamKeys } from './keys/stream-keys.ts';
import { type RtmpPorts, rtmpAddresses } from './publish-addresses.ts';
import { Publishers } from './publishers.ts';
import { startRtmp } from './start-rtmp.ts';

export interface PublishingOptions {
  readonly config: Config;
  /** Path of the control socket. */
  readonly socket: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly hub: EventHub;
  readonly log: Logger;
  readonly health: HealthListener;
  /** Whether a room lets anybody in. */
  readonly entry: (room: string) => Entry;
}

/** What it takes to let somebody publish: the state with the stream keys, who is there, and the RTMP server. */
export class Publishing {
  readonly #options: PublishingOptions;
  readonly store: StateStore;
  /** Writes down what is to go on after a restart. */
  readonly snapshots: SnapshotWriter;
  readonly keys: StreamKeys;
  readonly publishers: Publishers;
  readonly #logWatch: Timer;
  #rtmp: RtmpServer | undefined;
  #beginning: Promise<void> | undefined;

  private constructor(options: PublishingOptions, store: StateStore) {
    this.#options = options;
    this.store = store;
    this.snapshots = new SnapshotWriter({ file: store.file, clock: systemClock, health: options.health });
    this.#logWatch = watchLog({ file: store.file, clock: systemClock, snapshots: this.snapshots });
    this.keys = StreamKeys.create(store);
    this.publishers = new Publishers({ ...options, keys: this.keys });
  }

  static create(options: PublishingOptions): Publishing {
    const { config, socket, env, log } = options;
    const folder = stateFolder({
      configured: config.state.dir,
      env,
      home: homedir(),
      writable: writableFolder,
    });
    return new Publishing(options, StateStore.open({ folder, socket, log }));
  }

  /** Begins to take publishers in by RTMP. @throws MiroliveError PORT_IN_USE, INVALID_CONFIG */
  listen(): Promise<void> {
    this.#beginning = this.#begin();
    return this.#beginning;
  }

  async #begin(): Promise<void> {
    const { config, hub, log, health } = this.#options;
    if (!config.rtmp.enabled) return;
    this.#rtmp = await startRtmp(config, { publishers: this.publishers, hub, log, health });
  }

  /** What the configuration names as RTMPS's certificate by now holds from now on, and is looked at at once. */
  certify(): void {
    const { cert, key } = this.#options.config.rtmp.tls;
    if (cert !== null && key !== null) this.#rtmp?.certify({ cert, key });
  }

  get ports(): RtmpPorts {
    return { rtmp: this.#rtmp?.port ?? null, rtmps: this.#rtmp?.tlsPort ?? null };
  }

  /** Its part of the daemon's status. */
  status(): Pick<Status, 'rtmp' | 'state' | 'publishers'> {
    const { rtmp: url, rtmps: tlsUrl } = rtmpAddresses(this.#options.config, this.ports);
    return {
      rtmp: this.#rtmp && url ? { url, tlsUrl, pid: this.#rtmp.pid } : null,
      state: { folder: this.store.folder, problem: this.store.problem, version: stateVersion },
      publishers: this.publishers.list().length,
    };
  }

  async close(): Promise<void> {
    this.publishers.close();
    // One that cannot begin has closed what it had.
    await this.#beginning?.catch(() => {});
    await this.#rtmp?.close();
    this.keys.close();
    this.#logWatch.cancel();
    await this.snapshots.close();
    this.store.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
