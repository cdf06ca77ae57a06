import { EventEmitter } from 'node:events';
import type { Logger } from 'pino';
import * as z from 'zod';
import { type Clock, systemClock } from '../../contract/clock.ts';
import { type ErrorCode, MiroliveError } from '../../contract/errors.ts';
import { builtProgram } from '../../contract/installation.ts';
import { type ChildBounds, usualBounds } from '../child/child-watch.ts';
import { KeptChild } from '../child/kept-child.ts';
import type { Answers, Senses } from '../child/line.ts';
import type { HealthListener, Trouble } from '../child/restarts.ts';
import { WatchedChild } from '../child/watched-child.ts';
import type { CertificateFiles } from '../tls/watched-pair.ts';
import {
  type CameTracks,
  type Leave,
  type PublishAnswer,
  type PublishRequest,
  type Refusal,
  type RtmpCalls,
  type RtmpListening,
  type RtmpNews,
  type RtmpSettings,
  type StrangerNews,
  strangers,
} from './calls.ts';

const tracks = z.array(z.enum(['video', 'audio'])).max(2);
const protocol = z.enum(['rtmp', 'rtmps']);

/** What is taken of its process. */
const trouble = z.nullable(z.strictObject({ reason: z.string(), failures: z.int(), nextTryMs: z.number() }));
const senses: Senses<RtmpNews> = {
  publish: z.strictObject({
    room: z.string(),
    secret: z.string(),
    protocol,
    address: z.string(),
  }),
  stranger: z.strictObject({
    protocol,
    address: z.string(),
    what: z.enum(strangers),
    words: z.nullable(z.string()),
  }),
  published: z.strictObject({ id: z.string(), room: z.string(), token: z.string(), tracks }),
  tracks: z.strictObject({ id: z.string(), tracks }),
  unpublished: z.strictObject({ id: z.string(), reason: z.enum(['left', 'silent', 'tooMuch', 'codec']) }),
  otherCodec: z.strictObject({ id: z.string(), codec: z.string() }),
  silent: z.strictObject({ id: z.string(), silent: z.boolean() }),
  rtmps: trouble,
  certificate: trouble,
};

const port = z.int().min(1).max(65_535);
const answerSenses = { begin: z.strictObject({ port, tlsPort: port.nullable(), pullPort: port }) };

export interface RtmpServerOptions {
  readonly settings: RtmpSettings;
  /** Gives the id of the publication, which nobody else has; throws where it is refused, PUBLISHER_CONFLICT and LIMIT_REACHED for what may be told. */
  readonly authorise: (request: PublishRequest) => string;
  readonly log: Logger;
  /** What its process may take of memory, in bytes. */
  readonly maxMemoryBytes: number;
  /** Default: as usual. */
  readonly bounds?: Omit<ChildBounds, 'maxMemoryBytes'>;
  readonly clock?: Clock;
  /** Hears of `rtmp`, `rtmp.tls` and `rtmp.tls.cert`. */
  readonly health?: HealthListener;
}

interface RtmpServerEvents {
  /** The media of somebody who was authorised comes, and ffmpeg may pull it. */
  publish: [{ readonly id: string; readonly pullUrl: string; readonly tracks: CameTracks }];
  /** More of its tracks have come. */
  tracks: [id: string, CameTracks];
  /** Somebody who was authorised sends a codec that is not taken, and is about to be gone. */
  otherCodec: [id: string, codec: string];
  /** Somebody who was authorised is gone, whether its media came or not. */
  unpublish: [id: string, reason: Leave | 'died'];
  /** Nothing comes from it any more, or it does again. */
  silent: [id: string, silent: boolean];
  /** Somebody was sent away before it said that it publishes. */
  stranger: [StrangerNews & Pick<PublishRequest, 'protocol' | 'address'>];
  /** The process died, and its connections with it; a new one is on its way. */
  died: [{ readonly pid: number; readonly message: string }];
  back: [{ readonly pid: number }];
}

type RtmpChild = WatchedChild<RtmpCalls, RtmpNews>;

/**
 * Takes publishers in by RTMP and RTMPS. The protocol is spoken in a process of its own, since it faces the internet; when it
 * dies it is started anew, on the same ports, and publishers come back by themselves.
 */
export class RtmpServer extends EventEmitter<RtmpServerEvents> {
  readonly #options: RtmpServerOptions;
  /** Who was authorised and is not gone. */
  readonly #present = new Set<string>();
  readonly #process: KeptChild<RtmpChild>;
  /** Those that were asked for, then those that it has. */
  #settings: RtmpSettings;
  #listening: RtmpListening = { port: 0, tlsPort: null, pullPort: 0 };
  #away = false;
  /** Its process goes on with a certificate whose files cannot be used any more. */
  #outdated = false;

  /** What its process may ask, and tell. */
  readonly #answers: Answers<RtmpNews> = {
    publish: (request) => this.#publish(request),
    stranger: (told) => void this.emit('stranger', told),
    published: ({ id, room, token, tracks }) => {
      const pullUrl = `rtmp://127.0.0.1:${this.#listening.pullPort}/${room}/${id}?token=${token}`;
      if (this.#present.has(id)) this.emit('publish', { id, pullUrl, tracks });
    },
    tracks: ({ id, tracks }) => {
      if (this.#present.has(id)) this.emit('tracks', id, tracks);
    },
    otherCodec: ({ id, codec }) => {
      if (this.#present.has(id)) this.emit('otherCodec', id, codec);
    },
    unpublished: ({ id, reason }) => {
      if (this.#present.delete(id)) this.emit('unpublish', id, reason);
    },
    silent: ({ id, silent }) => void this.emit('silent', id, silent),
    rtmps: (trouble) => this.#tellHealth('rtmp.tls', trouble),
    certificate: (trouble) => this.#hearCertificate(trouble),
  };

  private constructor(options: RtmpServerOptions) {
    super();
    this.#options = options;
    this.#settings = options.settings;
    this.#process = new KeptChild({
      ...{ part: 'rtmp', clock: options.clock ?? systemClock, health: options.health },
      start: () => this.#start(),
      onDied: ({ pid }, { message }) => this.#died(pid, message),
    });
  }

  /** Begins to listen. @throws MiroliveError PORT_IN_USE, INVALID_CONFIG */
  static async create(options: RtmpServerOptions): Promise<RtmpServer> {
    const server = new RtmpServer(options);
    await server.#process.begin();
    return server;
  }

  get port(): number {
    return this.#listening.port;
  }

  /** null: there is no RTMPS. */
  get tlsPort(): number | null {
    return this.#listening.tlsPort;
  }

  /** The process that speaks RTMP now. */
  get pid(): number {
    return this.#process.life?.pid ?? -1;
  }

  /** RTMPS, where it is, goes by these files from now on; they are looked at at once, and `rtmp.tls.cert` of health says whether they can be used. */
  certify(files: CertificateFiles): void {
    const { tls } = this.#settings;
    if (!tls) return;
    this.#settings = { ...this.#settings, tls: { ...tls, ...files } };
    this.#process.life?.line.tell('certify', files);
  }

  /** Cuts a publisher off; harmless where it is gone. */
  end(id: string): void {
    this.#process.life?.line.tell('end', { id });
  }

  async close(): Promise<void> {
    await this.#process.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #start(): RtmpChild {
    const { bounds = usualBounds, maxMemoryBytes } = this.#options;
    const child: RtmpChild = new WatchedChild<RtmpCalls, RtmpNews>({
      ...{
        entry: builtProgram('ingest/rtmp/main'),
        bounds: { ...bounds, maxMemoryBytes },
        begin: { ...this.#settings, again: this.#away },
        environment: 'none',
      },
      ...{ answers: this.#answers, senses, answerSenses },
      gone: (reason) => new MiroliveError('INTERNAL', `the process that speaks RTMP died: ${reason}`),
    });
    child.ready.then(
      (listening) => this.#listens(child.pid, listening),
      () => {}, // `died` follows.
    );
    return child;
  }

  #listens(pid: number, listening: RtmpListening): void {
    const { port, tlsPort } = listening;
    const { tls } = this.#settings;
    this.#listening = listening;
    this.#settings = { ...this.#settings, port, tls: tls && { ...tls, port: tlsPort ?? 0 } };
    if (this.#away) this.emit('back', { pid });
    this.#away = false;
  }

  #hearCertificate(trouble: Trouble | null): void {
    this.#outdated = trouble !== null;
    this.#tellHealth('rtmp.tls.cert', trouble);
  }

  #tellHealth(part: string, trouble: Trouble | null): void {
    const { health } = this.#options;
    if (trouble) health?.lost(part, trouble);
    else health?.found(part);
  }

  #publish(request: PublishRequest): PublishAnswer {
    try {
      const id = this.#options.authorise(request);
      this.#present.add(id);
      return { id };
    } catch (error) {
      const code = error instanceof MiroliveError ? error.code : 'INTERNAL';
      return { refusal: toldRefusals[code] ?? 'refused' };
    }
  }

  #died(pid: number, message: string): void {
    // The next one reads the files anew, or has no RTMPS.
    if (this.#outdated) this.#hearCertificate(null);
    if (this.#away) {
      this.#options.log.error({ reason: message }, 'the RTMP server does not start');
      return;
    }
    this.#away = true;
    this.emit('died', { pid, message });
    for (const id of this.#present) this.emit('unpublish', id, 'died');
    this.#present.clear();
  }
}

/** Refusals that whoever holds a valid key is told. */
const toldRefusals: Partial<Record<ErrorCode, Refusal>> = {
  PUBLISHER_CONFLICT: 'conflict',
  LIMIT_REACHED: 'tooMuch',
};
