import { randomInt } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { types } from 'mediasoup';
import type { Config } from '../../contract/config.ts';
import type { Control } from '../../contract/control.ts';
import { MiroliveError } from '../../contract/errors.ts';
import type {
  Broadcast as BroadcastModel,
  BroadcastStats,
  EndReason,
  Plan,
  Probe,
  Source,
} from '../../contract/models.ts';
import type { ProgrammeState } from '../../contract/programme-state.ts';
import { sourceWords } from '../../contract/source-words.ts';
import type { IngestThread, RemoteProgramme } from '../../ingest/ingest-thread.ts';
import type { ProgrammeEvent } from '../../ingest/programme.ts';
import type { SplicerTrack } from '../../ingest/splicer/splicer.ts';
import { dependencyDescriptorId, producerParameters, producerPayloadType } from './codecs.ts';
import type { Room } from './room.ts';

/** Bytes that the worker's socket may hold until it is read: a second of 30 Mbit/s. The kernel may grant less. */
const receiveBufferBytes = 4 * 1024 * 1024;

interface BroadcastEvents {
  programme: [ProgrammeEvent];
  /** It is over, by whatever cause; emitted once. */
  ended: [EndReason, string | null];
}

export interface BroadcastOptions {
  readonly id: string;
  readonly room: Room;
  readonly name: string;
  readonly source: Source;
  readonly probe: Probe;
  readonly plan: Plan;
  readonly config: Config;
}

/** One live programme in a room: a programme in the ingest thread, a PlainTransport, and a Producer for each track. */
export class Broadcast extends EventEmitter<BroadcastEvents> {
  readonly #options: BroadcastOptions;
  readonly #startedAt = new Date().toISOString();
  #programme: RemoteProgramme | undefined;
  #transport: types.PlainTransport | undefined;
  #producers: readonly types.Producer[] = [];
  #stats: BroadcastStats;
  #live = false;
  #over = false;

  constructor(options: BroadcastOptions) {
    super();
    this.#options = options;
    const { durationMs } = options.probe;
    this.#stats = {
      positionMs: 0,
      durationMs,
      loops: 0,
      fps: 0,
      bitrateBps: 0,
      bufferedMs: 0,
      restarts: 0,
      slates: 0,
    };
  }

  get id(): string {
    return this.#options.id;
  }

  get room(): Room {
    return this.#options.room;
  }

  get name(): string {
    return this.#options.name;
  }

  get plan(): Plan {
    return this.#options.plan;
  }

  get stats(): BroadcastStats {
    return this.#stats;
  }

  /** Its first frames have left. */
  get live(): boolean {
    return this.#live;
  }

  /** What viewers can consume, video first; empty while it is interrupted. */
  get producers(): readonly types.Producer[] {
    return this.#producers;
  }

  /**
   * Puts it on air from `startMs` of the source; resolves when the first frames have left, rejects with PIPELINE_FAILED
   * if none do. Also puts it on air again after its worker or the ingest thread died: viewers join anew.
   */
  async attach(thread: IngestThread, startMs: number): Promise<void> {
    await this.#detach('interrupted');
    const { id, room, plan, source, probe, config } = this.#options;
    if (source.kind !== 'file')
      throw new MiroliveError('INVALID_REQUEST', `expected a file, got ${source.kind}`);
    const video = plan.video && track('video', plan.video.codec);
    const audio = plan.audio && track('audio', 'opus');
    const { router } = await room.media();
    const transport = await router.createPlainTransport({
      listenInfo: { protocol: 'udp', ip: '127.0.0.1', recvBufferSize: receiveBufferBytes },
      rtcpMux: true,
      comedia: false,
    });
    this.#transport = transport;
    const programme = await thread.open(id, {
      path: source.path,
      plan,
      loop: source.loop,
      durationMs: probe.durationMs,
      ffmpeg: config.media.ffmpeg,
      stallTimeoutMs: config.source.stallTimeout,
      video,
      audio,
    });
    this.#programme = programme;
    if (this.#over) return this.#detach('ended');
    await transport.connect({ ip: '127.0.0.1', port: programme.port });
    const tracks = [video, audio].filter((entry) => entry !== null);
    this.#producers = await Promise.all(tracks.map((entry) => this.#produce(transport, entry)));
    const started = this.#started(programme);
    room.emit('live', this);
    programme.play(transport.tuple.localPort, startMs);
    await started;
  }

  /** Does what an operator wants of it; gives how it is then. Null only asks. */
  async control(command: Control | null): Promise<ProgrammeState> {
    if (!this.#programme) {
      const room = this.room.name;
      throw new MiroliveError('ROOM_IDLE', `room ${room} is between two programmes`, { details: { room } });
    }
    return this.#programme.control(command);
  }

  /** Takes it off air. */
  async close(reason: EndReason, message: string | null = null): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    this.emit('ended', reason, message);
    // A daemon that ends is most often started again: viewers keep their last picture and come back.
    await this.#detach(reason === 'shutdown' ? 'interrupted' : 'ended');
  }

  model(): BroadcastModel {
    const { id, room, name, source, plan } = this.#options;
    return {
      id,
      room: room.name,
      name,
      state: this.#live ? 'live' : 'starting',
      source,
      onAir: { entry: 'main', words: sourceWords(source), since: this.#startedAt },
      plan,
      stats: this.#stats,
      startedAt: this.#startedAt,
      watchUrl: room.watchUrl,
      viewers: room.viewers.length,
    };
  }

  async #detach(reason: 'ended' | 'interrupted'): Promise<void> {
    const wasOnAir = this.#producers.length > 0;
    this.#producers = [];
    if (wasOnAir) this.room.emit('offline', reason);
    this.#transport?.close();
    this.#transport = undefined;
    const programme = this.#programme;
    this.#programme = undefined;
    programme?.removeAllListeners();
    // A thread that died has taken the programme with it.
    await programme?.close().catch(() => {});
  }

  async #produce(transport: types.PlainTransport, entry: SplicerTrack): Promise<types.Producer> {
    const rtpParameters = producerParameters(entry.codec, entry.identity.ssrc);
    return transport.produce({ kind: entry.codec === 'opus' ? 'audio' : 'video', rtpParameters });
  }

  #started(programme: RemoteProgramme): Promise<void> {
    return new Promise((resolve, reject) => {
      this.once('ended', (reason) => {
        reject(
          new MiroliveError(
            'PIPELINE_FAILED',
            `${sourceWords(this.#options.source)} did not get on air: ${reason}`,
          ),
        );
      });
      programme.on('event', (event) => {
        if (event.type === 'live') {
          this.#live = true;
          resolve();
        }
        if (event.type === 'stats' || event.type === 'ended') this.#stats = event.stats;
        this.emit('programme', event);
        if (event.type !== 'ended') return;
        const path = sourceWords(this.#options.source);
        const failed = event.message !== null;
        if (!this.#live) {
          reject(
            new MiroliveError(
              'PIPELINE_FAILED',
              `expected ffmpeg to play ${path}: ${event.message ?? 'it gave no frame'}`,
              { details: { path } },
            ),
          );
        }
        void this.close(failed ? 'failed' : 'ended', event.message);
      });
    });
  }
}

function track(kind: 'video' | 'audio', codec: SplicerTrack['codec']): SplicerTrack {
  return {
    codec,
    identity: {
      ssrc: randomInt(1, 2 ** 32),
      payloadType: producerPayloadType[kind],
      clockRate: kind === 'video' ? 90_000 : 48_000,
      extensionId: dependencyDescriptorId,
    },
  };
}
