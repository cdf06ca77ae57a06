import { type MediaDescription, parse, type SessionDescription } from 'sdp-transform';
import { badOffer } from './refusal.ts';

/** A browser's offer has two or three; more than this is nobody's. */
const maxSections = 16;
/** A browser offers about 40. */
const maxCodecs = 128;
/** A browser sends three at most. */
const maxLayers = 8;
/** Hash functions that mediasoup verifies certificates with, and the bytes that each gives. */
const hashBytes: Readonly<Record<string, number>> = {
  'sha-1': 20,
  'sha-224': 28,
  'sha-256': 32,
  'sha-384': 48,
  'sha-512': 64,
};

/** One RTP feedback message that a codec is offered with, such as `nack pli`. */
export interface Feedback {
  readonly type: string;
  readonly parameter: string;
}

/** One payload type of an offer. */
export interface OfferedCodec {
  readonly payloadType: number;
  /** In lower case: `h264`, `opus`, `rtx`. */
  readonly name: string;
  readonly clockRate: number;
  readonly channels: number;
  /** The `a=fmtp` line as it came, and the same by key in lower case. */
  readonly format: string;
  readonly parameters: ReadonlyMap<string, string>;
  readonly feedback: readonly Feedback[];
}

/** One m-line of an offer. */
export interface OfferedSection {
  readonly kind: string;
  readonly mid: string | null;
  readonly protocol: string;
  /** The formats of the m-line as they came. */
  readonly formats: string;
  /** It is for media in the wanted direction, and can be had: RTP over DTLS. */
  readonly usable: boolean;
  readonly codecs: readonly OfferedCodec[];
  readonly extensions: readonly { readonly id: number; readonly uri: string }[];
  readonly reducedSizeRtcp: boolean;
  /** The streams that the client names: of the media, and of its repair by retransmission. */
  readonly ssrcs: { readonly media: number | undefined; readonly repair: number | undefined };
  /** The layers that the client would send at once, in its order (RFC 8853); empty where it is one stream. */
  readonly layers: readonly string[];
}

/** What a client wants to do by its m-lines. */
export type Direction = 'recvonly' | 'sendonly';

/** How the client secures the connection (RFC 8122, RFC 8842). */
export interface OfferedDtls {
  readonly setup: 'actpass' | 'active' | 'passive';
  readonly algorithm: string;
  readonly fingerprint: string;
}

/** What a WHEP or WHIP client offers, validated. */
export interface Offer {
  readonly sections: readonly OfferedSection[];
  readonly dtls: OfferedDtls;
  readonly iceUfrag: string;
  readonly icePwd: string;
}

/** Reads the offer of a client that receives, or one that sends; throws a refusal (400) that says what is missing or wrong. */
export function readOffer(sdp: string, direction: Direction): Offer {
  if (!sdp.startsWith('v=0')) throw badOffer('expected an SDP offer that begins with v=0');
  let session: SessionDescription;
  try {
    session = parse(sdp);
  } catch (error) {
    throw Object.assign(badOffer('expected an SDP offer, it could not be read'), { cause: error });
  }
  const { media } = session;
  if (media.length === 0) throw badOffer('expected an m-line of video or audio, found none');
  if (media.length > maxSections)
    throw badOffer(`expected at most ${maxSections} m-lines, got ${media.length}`);
  const sections = media.map((section) => readSection(section, session, direction));
  const usable = media.filter((_, index) => sections[index]?.usable);
  const [first] = usable;
  if (!first) throw badOffer(`expected an m-line of video or audio that is ${direction}, found none`);
  for (const { rtcpMux, type } of usable) {
    if (!rtcpMux) throw badOffer(`expected a=rtcp-mux in the m-line of ${type}: RTCP has no port of its own`);
  }
  requireBundle(session, sections);
  const iceUfrag = text(first.iceUfrag ?? session.iceUfrag);
  const icePwd = text(first.icePwd ?? session.icePwd);
  if (!iceUfrag || !icePwd) throw badOffer('expected a=ice-ufrag and a=ice-pwd');
  return { sections, dtls: readDtls(first, session), iceUfrag, icePwd };
}

function readSection(
  media: MediaDescription,
  session: SessionDescription,
  wanted: Direction,
): OfferedSection {
  const direction = media.direction ?? session.direction ?? 'sendrecv';
  const alive = media.port !== 0 || media.bundleOnly !== undefined;
  const isRtp = /^(UDP|TCP)\/TLS\/RTP\/SAVPF?$/.test(media.protocol);
  const isMedia = media.type === 'video' || media.type === 'audio';
  if (media.rtp.length > maxCodecs) throw badOffer(`expected at most ${maxCodecs} codecs in an m-line`);
  const formats = text(media.payloads);
  const listed = new Set(formats.split(' '));
  const rtp = media.rtp.filter(({ payload }) => isDynamic(payload) && listed.has(String(payload)));
  return {
    kind: text(media.type),
    mid: media.mid === undefined ? null : text(media.mid),
    protocol: text(media.protocol),
    formats,
    usable: alive && isRtp && isMedia && (direction === wanted || direction === 'sendrecv'),
    codecs: rtp.map((entry) => readCodec(entry, media)),
    extensions: (media.ext ?? []).map(({ value, uri }) => ({ id: value, uri: text(uri) })),
    reducedSizeRtcp: media.rtcpRsize !== undefined,
    ssrcs: readSsrcs(media),
    layers: readLayers(media),
  };
}

/** Of a group of a stream and its repair (RFC 4588, 9), else the first that is named (RFC 5576). */
function readSsrcs({ ssrcs = [], ssrcGroups = [] }: MediaDescription): OfferedSection['ssrcs'] {
  const pair = text(ssrcGroups.find(({ semantics }) => semantics === 'FID')?.ssrcs).split(' ');
  const [media, repair] = pair.length === 2 ? pair : [text(ssrcs[0]?.id)];
  return { media: asSsrc(media), repair: asSsrc(repair) };
}

function asSsrc(value: string | undefined): number | undefined {
  const number = /^\d{1,10}$/.test(value ?? '') ? Number(value) : 0;
  return number > 0 && number < 2 ** 32 ? number : undefined;
}

/** RFC 8853, 5.1: layers stand between semicolons, their alternatives between commas, and `~` says 'not at first'. */
function readLayers({ simulcast, rids = [] }: MediaDescription): string[] {
  const { dir1, list1, dir2, list2 } = simulcast ?? {};
  const list = dir1 === 'send' ? list1 : dir2 === 'send' ? list2 : undefined;
  const sent = rids.filter(({ direction }) => direction === 'send').map(({ id }) => text(id));
  const wanted = text(list)
    .split(';')
    .map((alternatives) => (alternatives.split(',')[0] ?? '').replace('~', ''));
  return [...new Set(wanted)].filter((id) => sent.includes(id)).slice(0, maxLayers);
}

function readCodec(rtp: MediaDescription['rtp'][number], media: MediaDescription): OfferedCodec {
  const format = text(media.fmtp.find(({ payload }) => payload === rtp.payload)?.config);
  const feedback = (media.rtcpFb ?? []).filter(({ payload }) => payload === rtp.payload || payload === '*');
  return {
    payloadType: rtp.payload,
    name: text(rtp.codec).toLowerCase(),
    clockRate: rtp.rate ?? 0,
    channels: rtp.encoding ?? 1,
    format,
    parameters: readParameters(format),
    feedback: feedback.map(({ type, subtype }) => ({ type: text(type), parameter: text(subtype).trim() })),
  };
}

function readParameters(format: string): Map<string, string> {
  const pairs = format.split(';').map((part) => {
    const [key = '', ...value] = part.split('=');
    return [key.trim().toLowerCase(), value.join('=').trim()] as const;
  });
  return new Map(pairs);
}

/** The dynamic payload types that RTCP on the same port leaves free (RFC 5761, 4). */
function isDynamic(payload: number): boolean {
  return Number.isInteger(payload) && ((payload >= 96 && payload <= 127) || (payload >= 35 && payload <= 63));
}

/** Every m-line goes over one connection: a WebRtcTransport is one. */
function requireBundle(session: SessionDescription, sections: readonly OfferedSection[]): void {
  const mids = sections.map(({ mid }) => mid).filter((mid) => mid !== null);
  if (new Set(mids).size < mids.length) throw badOffer('expected every a=mid to be of one m-line only');
  const usable = sections.filter((section) => section.usable);
  if (usable.length < 2) return;
  const group = text(session.groups?.find(({ type }) => type === 'BUNDLE')?.mids).split(' ');
  if (usable.some(({ mid }) => mid === null || !group.includes(mid))) {
    throw badOffer('expected a=group:BUNDLE with the a=mid of every m-line (bundlePolicy max-bundle)');
  }
}

function readDtls(media: MediaDescription, session: SessionDescription): OfferedDtls {
  const setup = media.setup ?? session.setup ?? 'actpass';
  if (setup !== 'actpass' && setup !== 'active' && setup !== 'passive') {
    throw badOffer('expected a=setup to be actpass, active or passive');
  }
  const { type, hash } = media.fingerprint ?? session.fingerprint ?? {};
  const algorithm = text(type).toLowerCase();
  const fingerprint = text(hash).toUpperCase();
  const bytes = Object.hasOwn(hashBytes, algorithm) ? hashBytes[algorithm] : undefined;
  const isHash = /^[0-9A-F]{2}(:[0-9A-F]{2})*$/.test(fingerprint);
  if (bytes === undefined || !isHash || fingerprint.split(':').length !== bytes) {
    throw badOffer('expected a=fingerprint with a hash of sha-1 to sha-512 (SDES keys are not taken)');
  }
  return { setup, algorithm, fingerprint };
}

/** The parser turns what looks like a number into one. */
function text(value: unknown): string {
  return value === undefined || value === null ? '' : String(value);
}
