import type { Clock } from '../../../contract/clock.ts';
import type { Config } from '../../../contract/config.ts';
import { HttpSession } from '../../public-server/http-session.ts';
import type { Room } from '../../rooms/room.ts';
import { ClientTransport } from '../../sfu/client-transport.ts';
import type * as types from '../../sfu/media-types.ts';
import { clientDtlsParameters, writeAnswer } from '../../sfu/offers/answer.ts';
import type { Offer } from '../../sfu/offers/offer.ts';
import { badOffer } from '../../sfu/offers/refusal.ts';
import { acceptMedia } from './accepted-media.ts';
import { type ReceivedTrack, receivedAudio, receivedVideo } from './received-track.ts';
import { ReceptionWatch } from './reception-watch.ts';
import { WhipPublication } from './whip-publication.ts';

/** An encoder that is not there by then, in ms, tries again, and finds its key free. */
const connectMs = 15_000;

/** A publisher of which nothing comes for so long, in ms, is lost; time for a change of network and a restart of ICE. */
const lostAfterMs = 10_000;
/** Viewers who join together ask for one key frame; a publisher is asked again after this, in ms. */
const keyFrameRequestDelayMs = 300;
/** Three layers take this many times the largest, as each is a quarter of the next. */
const layersFactor = 1.35;
/** What sound and repairs take besides, in bit/s. */
const extraBps = 256_000;

/** Somebody who publishes: its session, its media, and whether anything comes of that. */
export interface WhipPublisher {
  readonly session: HttpSession;
  readonly media: WhipPublication;
  readonly watch: ReceptionWatch;
}

/** Answers the offer of a publisher: its media comes to the room's Router. Rejects with a refusal (400) or CODEC_NOT_ACCEPTED. */
export async function openWhipSession(
  room: Room,
  offer: Offer,
  { plan, limits }: Pick<Config, 'plan' | 'limits'>,
  clock: Clock,
): Promise<WhipPublisher> {
  const { video: sent } = room.broadcast?.output ?? {};
  const output = sent ? { codec: sent.codec, layers: sent.identities.length } : null;
  const { video, audio } = acceptMedia(offer, output);
  const { router, slot } = await room.media();
  using scope = new DisposableStack();
  const client = scope.use(await ClientTransport.create(router, slot));
  const { transport } = client;
  await transport.connect({ dtlsParameters: clientDtlsParameters(offer) });
  const { maxBitrate: maxBitrateBps } = plan;
  const factor = video && video.layers.length > 1 ? layersFactor : 1;
  const askedBps = Math.round(maxBitrateBps * factor) + extraBps;
  await transport.setMaxIncomingBitrate(Math.min(askedBps, limits.sourceBitrate));
  const capabilities = router.rtpCapabilities;
  const picture = video && receivedVideo(capabilities, video, maxBitrateBps);
  const sound = audio && receivedAudio(capabilities, audio);
  const videoProducer = picture && (await produce(transport, picture));
  const audioProducer = sound && (await produce(transport, sound));
  const watch = scope.use(new ReceptionWatch(transport, lostAfterMs, limits.sourceBitrate, clock));
  const media = new WhipPublication({
    router,
    video: video && videoProducer && { producer: videoProducer, codec: video.codec },
    audio: audioProducer && { producer: audioProducer },
    refuse: () => watch.emit('tooMuch'),
  });
  const tracks = [picture, sound].flatMap((track) => track?.answered ?? []);
  const answer = writeAnswer({ offer, direction: 'recvonly', tracks, transport });
  const held = scope.move();
  const session = new HttpSession({ offer, answer, media: client, scope: held, clock, connectMs });
  session.once('connected', () => watch.start());
  return { session, media, watch };
}

/** What mediasoup refuses, such as an SSRC that comes twice, is the offer's fault. */
async function produce(
  transport: types.WebRtcTransport,
  { kind, rtpParameters }: ReceivedTrack,
): Promise<types.Producer> {
  try {
    return await transport.produce({ kind, rtpParameters, keyFrameRequestDelay: keyFrameRequestDelayMs });
  } catch (error) {
    if (transport.closed) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw Object.assign(badOffer(`expected ${kind} that can be received, got: ${reason}`), { cause: error });
  }
}
