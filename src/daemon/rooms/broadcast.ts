import { EventEmitter } from 'node:events';
import type { types } from 'mediasoup';
import type { Control } from '../../contract/control.ts';
import { MiroliveError } from '../../contract/errors.ts';
import type {
  Broadcast as BroadcastModel,
  BroadcastStats,
  EndReason,
  OnAir,
  Plan,
  Source,
  VideoCodec,
} from '../../contract/models.ts';
import type { ProgrammeState } from '../../contract/programme-state.ts';
import type { RenditionName } from '../../contract/rendition-names.ts';
import { publicSource } from '../../contract/source-words.ts';
import { saysUnstartable } from '../../ingest/ffmpeg/pipeline.ts';
import type { IngestPool } from '../../ingest/pool/ingest-pool.ts';
import type { RemoteProgramme } from '../../ingest/pool/remote-programme.ts';
import type { ProgrammeEvent } from '../../ingest/process/director/director-options.ts';
import type { PreparedSource } from '../../ingest/sources/sources.ts';
import { producerParameters } from '../sfu/codecs.ts';
import { newOutput, type Output } from '../sfu/output.ts';
import type { ProgrammePlan } from './programme-of.ts';
import type { Room } from './room.ts';
import { WishedProgramme } from './wished-programme.ts';

/** Bytes that the worker's socket may hold until it is read: a second of 30 Mbit/s. The kernel may grant less. */
const receiveBufferBytes = 4 * 1024 * 1024;

/** Where nobody has said, in bit/s: that of 240p. */
const usualLowestBps = 330_000;

interface BroadcastEvents {
  programme: [ProgrammeEvent];
  /** It is over, by whatever cause; emitted once. */
  ended: [EndReason, string | null];
}

export interface BroadcastOptions {
  readonly id: string;
  readonly room: Room;
  readonly name: string;
  /** null: nothing is preferred to the fallbacks and the slate. */
  readonly source: Source | null;
  /** What it is called in errors. */
  readonly words: string;
  /** How its source is played at first. */
  readonly plan: Plan;
  readonly codec: VideoCodec;
  /** The room will be on air again as soon as this is over. */
  readonly goesOn: boolean;
  /** The layers of the picture, the lowest first. */
  readonly renditions: readonly RenditionName[];
  readonly programme: ProgrammePlan;
  /** Finds out what is to be known of a source that is taken; rejects where it cannot be played. */
  readonly look: (source: Source) => Promise<PreparedSource | null>;
}

/** One live programme in a room: a programme in an ingest process, a PlainTransport, and a Producer for each track. */
export class Broadcast extends EventEmitter<BroadcastEvents> {
  readonly #options: BroadcastOptions;
  readonly #startedAt = new Date().toISOString();
  readonly #output: Output;
  readonly #wished: WishedProgramme;
  #programme: RemoteProgramme | undefined;
  #transport: types.PlainTransport | undefined;
  #producers: readonly types.Producer[] = [];
  #plan: Plan;
  #advice: string | null = null;
  #onAir: OnAir;
  #stats: BroadcastStats;
  #live = false;
  #over = false;

  constructor(options: BroadcastOptions) {
    super();
    this.#options = options;
    const { plan, codec, renditions, words, programme, source } = options;
    this.#wished = new WishedProgramme(programme.chain, options.look);
    const [prepared] = Object.values(programme.looked);
    this.#output = newOutput(codec, renditions.length);
    this.#plan = plan;
    this.#onAir = { entry: source ? 'main' : 'slate', words, since: this.#startedAt };
    this.#stats = {
      positionMs: 0,
      durationMs: prepared?.live === false ? prepared.probe.durationMs : null,
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

  /** How what is on air is played. */
  get plan(): Plan {
    return this.#plan;
  }

  /** The picture's codec, for as long as it lasts. */
  get codec(): VideoCodec {
    return this.#output.video.codec;
  }

  /** Its renditions, for as long as it lasts. */
  get layers(): number {
    return this.#output.video.identities.length;
  }

  /** What viewers see. */
  get onAir(): OnAir {
    return this.#onAir;
  }

  /** It only keeps the room on air until something else is wanted there. */
  get idles(): boolean {
    return this.#options.source === null && this.#onAir.entry !== 'take';
  }

  /** Ceiling of the bit rate of its lowest rendition. */
  get lowestBps(): number {
    return this.#plan.video?.lower[0]?.bitrateBps ?? usualLowestBps;
  }

  /** Names of the layers of the picture, the lowest first. */
  get renditions(): readonly RenditionName[] {
    return this.#options.renditions;
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
   * Puts it on air; resolves when the first frames have left, rejects with PIPELINE_FAILED if none do. Also puts it on air again after its worker or its ingest process died: viewers join anew.
   */
  async attach(pool: IngestPool): Promise<void> {
    await this.#detach('interrupted');
    const { id, room, programme: plan } = this.#options;
    const { router } = await room.media();
    const transport = await router.createPlainTransport({
      listenInfo: { protocol: 'udp', ip: '127.0.0.1', recvBufferSize: receiveBufferBytes },
      rtcpMux: true,
      comedia: false,
    });
    this.#transport = transport;
    const { video, audio } = this.#output;
    const programme = await pool.open(id, {
      options: { ...plan.options, video, audio },
      snapshot: this.#wished.snapshot,
      generation: this.#wished.nextGeneration(),
      looked: plan.looked,
    });
    this.#wished.carry(programme);
    this.#programme = programme;
    if (this.#over) return this.#detach('ended');
    await transport.connect({ ip: '127.0.0.1', port: programme.port });
    const ssrcs = video.identities.map(({ ssrc }) => ssrc);
    this.#producers = await Promise.all([
      transport.produce({ kind: 'video', rtpParameters: producerParameters(video.codec, ssrcs) }),
      transport.produce({ kind: 'audio', rtpParameters: producerParameters('opus', [audio.identity.ssrc]) }),
    ]);
    const started = this.#started(programme);
    room.emit('live', this);
    programme.connect(transport.tuple.localPort);
    await started;
  }

  /** Does what an operator wants of it; gives how it is then. Null only asks. */
  async control(command: Control | null): Promise<ProgrammeState> {
    if (!this.#programme) {
      const room = this.room.name;
      throw new MiroliveError('ROOM_IDLE', `room ${room} is between two programmes`, { details: { room } });
    }
    if (command) await this.#wished.control(command);
    return await this.#wished.state();
  }

  /** Takes it off air. */
  async close(reason: EndReason, message: string | null = null): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    this.emit('ended', reason, message);
    // A daemon that ends is most often started again, and another broadcast follows: viewers keep their last picture.
    const { goesOn } = this.#options;
    await this.#detach(goesOn || reason === 'shutdown' || reason === 'replaced' ? 'interrupted' : 'ended');
  }

  model(): BroadcastModel {
    const { id, room, name, source } = this.#options;
    return {
      id,
      room: room.name,
      name,
      state: this.#live ? 'live' : 'starting',
      source: source ? publicSource(source) : { kind: 'slate' },
      onAir: this.#onAir,
      plan: this.#plan,
      advice: this.#advice,
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
    this.#wished.carry(null);
    programme?.removeAllListeners();
    // A process that died has taken the programme with it.
    await programme?.close().catch(() => {});
  }

  #started(programme: RemoteProgramme): Promise<void> {
    const { words } = this.#options;
    return new Promise((resolve, reject) => {
      this.once('ended', (reason) => {
        reject(new MiroliveError('PIPELINE_FAILED', `${words} did not get on air: ${reason}`));
      });
      programme.on('event', (event) => {
        this.#note(event);
        if (event.type === 'live') resolve();
        this.emit('programme', event);
        if (event.type !== 'ended') return;
        if (!this.#live) reject(startFailure(words, event.message ?? 'it gave no frame'));
        void this.close(event.message === null ? 'ended' : 'failed', event.message);
      });
    });
  }

  #note(event: ProgrammeEvent): void {
    if (event.type === 'live') this.#live = true;
    if (event.type === 'stats' || event.type === 'ended') this.#stats = event.stats;
    if (event.type === 'stats') this.#onAir = event.onAir;
    if (event.type === 'programme.switched') this.#onAir = { ...event.to, since: new Date().toISOString() };
    if (event.type === 'plan.changed' || event.type === 'pipeline.started') this.#plan = event.plan;
    if (event.type === 'plan.changed') this.#advice = event.advice;
  }
}

function startFailure(words: string, reason: string): MiroliveError {
  const code = saysUnstartable(reason) ? 'FFMPEG_NOT_FOUND' : 'PIPELINE_FAILED';
  return new MiroliveError(code, `expected ffmpeg to play ${words}: ${reason}`, { details: { path: words } });
}
