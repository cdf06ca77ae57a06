import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { Broadcast } from '../../media/broadcast.ts';
import { type Room, roomIdle } from '../../media/room.ts';
import type { MediaRoute } from '../../media/router-variants.ts';
import { type AnsweredTrack, clientDtlsParameters, writeAnswer } from '../../webrtc-http/answer.ts';
import { type IceFragment, writeIceFragment } from '../../webrtc-http/ice-fragment.ts';
import type { Offer } from '../../webrtc-http/offer.ts';
import { ViewerTransport } from '../viewer-transport.ts';
import { type Choice, type Choices, chooseCodecs } from './codec-choice.ts';
import { consumerCapabilities, sentTrack } from './sent-track.ts';

/** A client that has not connected within this, in ms, never will. */
const connectTimeoutMs = 15_000;

interface WhepSessionEvents {
  /** Media flows. */
  connected: [];
  /** It is over: closed, the connection lost or never made, or nothing on air any more. Emitted once. */
  closed: [];
}

/** One WHEP resource: a viewer whose player speaks SDP. It lives as long as the broadcast, at most. */
export class WhepSession extends EventEmitter<WhepSessionEvents> {
  /** Unguessable: who knows it may end the session. */
  readonly id = randomUUID();
  readonly room: Room;
  /** The SDP answer. */
  readonly answer: string;
  readonly #route: MediaRoute;
  readonly #media: ViewerTransport;
  readonly #timer: NodeJS.Timeout;
  #remoteIce: { readonly ufrag: string; readonly pwd: string };
  #closed = false;

  private constructor(room: Room, offer: Offer, route: MediaRoute, media: ViewerTransport, answer: string) {
    super();
    this.room = room;
    this.answer = answer;
    this.#route = route;
    this.#media = media;
    this.#remoteIce = { ufrag: offer.iceUfrag, pwd: offer.icePwd };
    this.#timer = setTimeout(() => this.close(), connectTimeoutMs);
    room.on('offline', this.#offline);
    media.on('lost', () => this.close());
    media.on('connected', () => {
      clearTimeout(this.#timer);
      this.emit('connected');
    });
  }

  /** Answers the offer with what is on air in the room; rejects with ROOM_IDLE, OFFER_NOT_PLAYABLE or LIMIT_REACHED. */
  static async create(room: Room, offer: Offer): Promise<WhepSession> {
    const { broadcast } = room;
    if (!broadcast || broadcast.producers.length === 0) throw roomIdle(room.name);
    const choices = chooseCodecs(offer, { video: broadcast.codec, audio: 'opus' });
    const acquired = new DisposableStack();
    try {
      return await WhepSession.#open(room, broadcast, offer, choices, acquired);
    } catch (error) {
      acquired.dispose();
      // Whatever failed: without Producers there is only one thing to say.
      throw isOnAir(room, broadcast) ? error : roomIdle(room.name);
    }
  }

  /** Names the state of ICE: another one after each restart. */
  get etag(): string {
    return `"${this.#media.transport.iceParameters.usernameFragment}"`;
  }

  /** Takes what a PATCH brought; gives the body to answer with if it was an ICE restart. */
  async patch({ ufrag, pwd }: IceFragment): Promise<string | null> {
    const isRestart = ufrag !== null && pwd !== null && ufrag !== this.#remoteIce.ufrag;
    if (!isRestart) return null;
    const { transport } = this.#media;
    const iceParameters = await transport.restartIce();
    this.#remoteIce = { ufrag, pwd };
    return writeIceFragment(iceParameters, transport.iceCandidates);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    this.room.off('offline', this.#offline);
    this.#media.close();
    this.#route.release();
    this.emit('closed');
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #offline = (): void => this.close();

  static async #open(
    room: Room,
    broadcast: Broadcast,
    offer: Offer,
    choices: Choices,
    acquired: DisposableStack,
  ): Promise<WhepSession> {
    const route = await room.route({
      video: payloadTypes(choices.video),
      audio: payloadTypes(choices.audio),
    });
    acquired.defer(route.release);
    const media = acquired.use(await ViewerTransport.create(route.router, route.slot));
    const { transport } = media;
    await transport.connect({ dtlsParameters: clientDtlsParameters(offer) });
    const tracks: AnsweredTrack[] = [];
    for (const choice of [choices.video, choices.audio]) {
      if (choice) tracks.push(await consume(route, media, choice, broadcast.id));
    }
    await media.resume();
    if (!isOnAir(room, broadcast)) throw roomIdle(room.name);
    const answer = writeAnswer({ offer, direction: 'sendonly', tracks, transport });
    return new WhepSession(room, offer, route, media, answer);
  }
}

async function consume(
  route: MediaRoute,
  media: ViewerTransport,
  choice: Choice,
  streamId: string,
): Promise<AnsweredTrack> {
  const { section, codecs } = choice;
  const capabilities = route.router.rtpCapabilities;
  const producers = route.producers.filter(({ kind }) => kind === section.kind);
  for (const codec of codecs) {
    const own = consumerCapabilities(capabilities, choice, codec);
    const [consumer] = own.codecs?.length ? await media.consume(route.router, producers, own) : [];
    if (consumer) return sentTrack(choice, codec, consumer, streamId);
  }
  throw new Error(`no ${section.kind} codec of the offer fits the Router that was chosen for it`);
}

function payloadTypes(choice: Choice | null): number[] | null {
  return choice?.codecs.map(({ payloadType }) => payloadType) ?? null;
}

function isOnAir(room: Room, broadcast: Broadcast): boolean {
  return room.broadcast === broadcast && broadcast.producers.some((producer) => !producer.closed);
}
