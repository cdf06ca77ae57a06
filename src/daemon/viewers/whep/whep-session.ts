import type { Clock } from '../../../contract/clock.ts';
import type { CompatibleCodec } from '../../../contract/plan.ts';
import { HttpSession } from '../../public-server/http-session.ts';
import type { Broadcast } from '../../rooms/broadcast.ts';
import { roomIdle } from '../../rooms/errors.ts';
import type { Room } from '../../rooms/room.ts';
import { type AnsweredTrack, clientDtlsParameters, writeAnswer } from '../../sfu/offers/answer.ts';
import type { Offer } from '../../sfu/offers/offer.ts';
import type { MediaRoute } from '../../sfu/router-variants.ts';
import { ViewerTransport } from '../viewer-transport.ts';
import { asksForPicture, type Choice, type Choices, chooseCodecs, takesPicture } from './codec-choice.ts';
import { consumerCapabilities, sentTrack } from './sent-track.ts';

/**
 * On a line that loses packets, or a machine that has much else to do, DTLS says everything again after 1, 2, 4, 8 and 16 s (RFC 6347,
 * 4.2.4.1): a player that was given up sooner would show nothing for good.
 */
const connectMs = 32_000;

/** A player's session, and what is sent to it. */
export interface WhepSession {
  readonly session: HttpSession;
  readonly media: ViewerTransport;
  /** Names of the layers of the picture, the lowest first. */
  readonly renditions: readonly string[];
  /** `none`: the player did not ask for it; a codec: it gets that, since it lacks the one of what is on air. */
  readonly picture: 'asIs' | 'none' | CompatibleCodec;
}

/** A picture in a codec that what is on air is not in. */
interface Compatible {
  readonly codec: CompatibleCodec;
  readonly release: () => void;
}

/**
 * Answers the offer with what is on air in the room; rejects with ROOM_IDLE, OFFER_NOT_PLAYABLE or LIMIT_REACHED. The
 * session is over with the broadcast, at the latest.
 */
export async function openWhepSession(room: Room, offer: Offer, clock: Clock): Promise<WhepSession> {
  const { broadcast } = room.served ?? {};
  if (!broadcast) throw roomIdle(room.name);
  using scope = new DisposableStack();
  const compatible = await compatibleFor(room, broadcast, offer);
  scope.defer(() => compatible?.release());
  const video = compatible?.codec ?? broadcast.output.video.codec;
  const choices = chooseCodecs(offer, { video, audio: 'opus' });
  try {
    return await open(room, broadcast, offer, { ...choices, compatible }, scope, clock);
  } catch (error) {
    // Whatever failed: without Producers there is only one thing to say.
    throw isOnAir(room, broadcast) ? error : roomIdle(room.name);
  }
}

/** What the player can have in the place of a picture that it asks for, and cannot decode; null: nothing, or it needs none. */
async function compatibleFor(room: Room, broadcast: Broadcast, offer: Offer): Promise<Compatible | null> {
  const { codec: own, compatible = [] } = broadcast.output.video;
  if (!asksForPicture(offer) || takesPicture(offer, own)) return null;
  for (const { codec } of compatible) {
    const release = takesPicture(offer, codec) ? await room.needCompatible(codec) : null;
    if (release) return { codec, release };
  }
  return null;
}

async function open(
  room: Room,
  broadcast: Broadcast,
  offer: Offer,
  choices: Choices & { readonly compatible: Compatible | null },
  scope: DisposableStack,
  clock: Clock,
): Promise<WhepSession> {
  const { compatible } = choices;
  const accepted = { video: payloadTypes(choices.video), audio: payloadTypes(choices.audio) };
  const route = await room.route(accepted, compatible?.codec);
  scope.defer(route.release);
  const media = scope.use(await ViewerTransport.create(route.router, route.slot));
  const { transport } = media;
  await transport.connect({ dtlsParameters: clientDtlsParameters(offer) });
  const tracks: AnsweredTrack[] = [];
  for (const choice of [choices.video, choices.audio]) {
    if (choice) tracks.push(await consume(route, media, choice, broadcast));
  }
  if (!isOnAir(room, broadcast)) throw roomIdle(room.name);
  const answer = writeAnswer({ offer, direction: 'sendonly', tracks, transport });
  const held = scope.move();
  const session = new HttpSession({ offer, answer, media, scope: held, clock, connectMs });
  const close = () => session.close();
  // The Producers are gone, or others are in their place.
  room.once('live', close).once('offline', close);
  held.defer(() => room.off('live', close).off('offline', close));
  const picture = choices.video === null ? 'none' : (compatible?.codec ?? 'asIs');
  return { session, media, renditions: broadcast.renditions, picture };
}

async function consume(
  route: MediaRoute,
  media: ViewerTransport,
  choice: Choice,
  broadcast: Broadcast,
): Promise<AnsweredTrack> {
  const { section, codecs } = choice;
  const capabilities = route.router.rtpCapabilities;
  const producers = route.producers.filter(({ kind }) => kind === section.kind);
  for (const codec of codecs) {
    const own = consumerCapabilities(capabilities, choice, codec);
    const [consumer] = own.codecs?.length ? await media.consume(route.router, producers, own, broadcast) : [];
    if (consumer) return sentTrack(choice, codec, consumer, broadcast.id);
  }
  throw new Error(`no ${section.kind} codec of the offer fits the Router that was chosen for it`);
}

function payloadTypes(choice: Choice | null): number[] | null {
  return choice?.codecs.map(({ payloadType }) => payloadType) ?? null;
}

function isOnAir(room: Room, broadcast: Broadcast): boolean {
  const { served } = room;
  return served?.broadcast.id === broadcast.id && served.producers.some((producer) => !producer.closed);
}
