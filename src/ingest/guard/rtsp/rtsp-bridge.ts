import { Transform } from 'node:stream';
import { type Clock, systemClock } from '../../../contract/clock.ts';
import { MiroliveError } from '../../../contract/errors.ts';
import { marked, type Slice } from '../../child/work-mark.ts';
import { RedirectMask } from '../redirect-mask.ts';
import type { Between, Ends } from '../relay.ts';
import { encodeMessage, headerOf, methodOf, type RtspMessage, statusOf, withHeader } from './rtsp-message.ts';
import { type RtspPart, RtspReader } from './rtsp-reader.ts';
import { insideTransport, type Pair, readTransport, udpTransport } from './transport-header.ts';
import { UdpTrack } from './udp-track.ts';

/** Answers to the wish for packets inside of the connection that may mean that only UDP is known. */
const noInside: ReadonlySet<number | undefined> = new Set([400, 406, 451, 461, 500, 501, 551]);
/** ffmpeg takes no more tracks of a session, and nobody has as many. */
const maxTracks = 16;
/** Packets that may come before the answer to PLAY. */
const maxHeldPackets = 2000;
/** What ffmpeg has not taken yet, or is held for it, in bytes: more of it is dropped, as if it had been lost on its way. */
const maxWaitingBytes = 4 * 1024 * 1024;

/** A track that ffmpeg asks for. */
interface Setup {
  readonly request: RtspMessage;
  /** Those that ffmpeg wants its packets by. */
  readonly channels: Pair;
  /** It was asked for by UDP; undefined: inside of the connection. */
  readonly track?: UdpTrack;
  /** What the server said to the wish for packets inside of the connection, where it heard that. */
  readonly refusal?: RtspMessage;
}

/**
 * Stands between ffmpeg, which takes the packets of RTSP inside of its connection, and a server. One that sends them so is left
 * alone from its first answer to SETUP on. Of one that does not they are taken by UDP, to ports of our own and from the
 * server's address only, and ffmpeg has them inside of its connection all the same.
 */
export class RtspBridge implements Between {
  readonly requests: Transform;
  readonly answers: readonly Transform[];
  readonly #toPlayer: Transform;
  readonly #ends: Ends;
  readonly #slice: Slice;
  readonly #clock: Clock;
  readonly #tracks: UdpTrack[] = [];
  /** How the server sends; `open`: nobody knows yet; `inside`: all that follows passes as it is. */
  #way: 'open' | 'inside' | 'udp' = 'open';
  #setup: Setup | undefined;
  /** So many more requests were sent than ffmpeg has made. */
  #extra = 0;
  /** ffmpeg passes over packets that come before the answer to PLAY: they are held until then. */
  #play: { readonly state: 'before' | 'asked'; readonly held: Buffer[] } | undefined = notPlayed();
  #heldBytes = 0;
  #heardMs: number | undefined;
  /** Another address than its own that the server says it sends from. */
  #elsewhere: string | null = null;
  /** What ends the session, where ffmpeg does not. */
  #goodbye: RtspMessage | null = null;
  #closed = false;

  constructor(ends: Ends, slice: Slice, clock: Clock = systemClock) {
    this.#ends = ends;
    this.#slice = slice;
    this.#clock = clock;
    this.requests = this.#direction((message) => this.#request(message));
    this.#toPlayer = this.#direction((message) => this.#answer(message));
    const mask = new RedirectMask(() => ends.refuse(redirected(ends.host)), slice);
    this.answers = [this.#toPlayer, mask];
  }

  get byUdp(): boolean {
    return this.#tracks.length > 0;
  }

  get silentMs(): number | undefined {
    return this.#heardMs === undefined ? undefined : this.#clock.nowMs() - this.#heardMs;
  }

  get missing(): MiroliveError | null {
    if (this.#tracks.length === 0 || this.#heardMs !== undefined) return null;
    const ports = this.#tracks.map((track) => track.ports.join('-')).join(', ');
    const { host, server } = this.#ends;
    const also =
      this.#elsewhere === null
        ? ''
        : `; it says that it sends from ${this.#elsewhere}, from where nothing is taken`;
    return refused(
      `${host} sends by UDP alone, and nothing came from ${server} to UDP ports ${ports}${also}`,
      'Let a firewall pass UDP from there; or let the server send inside of TCP (RTP over RTSP, interleaved)',
    );
  }

  close(): Buffer | null {
    if (this.#closed) return null;
    this.#closed = true;
    this.#setup?.track?.close();
    for (const track of this.#tracks) track.close();
    return this.#goodbye && encodeMessage(this.#goodbye);
  }

  /** One direction of the connection; it is read for as long as that is of use. */
  #direction(take: (message: RtspMessage) => RtspMessage | null | Promise<RtspMessage | null>): Transform {
    const reader = new RtspReader();
    const next = () => (this.#way === 'inside' ? undefined : marked(this.#slice, () => reader.next()));
    const work = async (direction: Transform) => {
      for (let part = next(); part; part = next()) {
        const bytes = await this.#pass(part, take);
        if (bytes) direction.push(bytes);
        if (this.#play?.state === 'asked' && direction === this.#toPlayer) this.#begin();
      }
      if (this.#way === 'inside') direction.push(reader.rest());
    };
    return new Transform({
      transform(chunk: Buffer, _encoding, done) {
        reader.add(chunk);
        work(this).then(() => done(), done);
      },
      flush(done) {
        done(null, reader.rest());
      },
    });
  }

  async #pass(
    part: RtspPart,
    take: (message: RtspMessage) => RtspMessage | null | Promise<RtspMessage | null>,
  ): Promise<Buffer | null> {
    if (part.kind === 'message') {
      const message = await take(part.message);
      return message === part.message ? part.bytes : message && encodeMessage(message);
    }
    // Packets come another way, and ffmpeg has none to send.
    if (this.#way === 'udp') return null;
    if (part.kind === 'strange') this.#way = 'inside';
    return part.bytes;
  }

  async #request(message: RtspMessage): Promise<RtspMessage> {
    const method = methodOf(message);
    // The answer to what the server has asked.
    if (method === undefined) return message;
    if (method === 'SETUP') {
      const channels = readTransport(headerOf(message, 'transport') ?? '').interleaved;
      this.#setup = channels ? { request: message, channels } : undefined;
      if (this.#setup && this.#way === 'udp') return await this.#byUdp(this.#setup);
    }
    if (method === 'TEARDOWN') this.#goodbye = null;
    if (method === 'PLAY' && this.#play && this.#way === 'udp') {
      this.#play = { ...this.#play, state: 'asked' };
      this.#goodbye = goodbyeOf(message);
    }
    return this.#renumbered(message, this.#extra);
  }

  async #answer(message: RtspMessage): Promise<RtspMessage | null> {
    const status = statusOf(message);
    // The server asks for something.
    if (status === undefined) return message;
    const setup = this.#setup;
    const isExpected = setup && cseqOf(message) === cseqOf(setup.request) + this.#extra;
    if (!isExpected) return this.#renumbered(message, -this.#extra);
    this.#setup = undefined;
    if (setup.track) return await this.#askedByUdp(setup, setup.track, status, message);
    return await this.#askedInside(setup, status, message);
  }

  async #askedInside(setup: Setup, status: number, message: RtspMessage): Promise<RtspMessage | null> {
    const transport = headerOf(message, 'transport');
    const isTaken = isOk(status) && (transport === undefined || readTransport(transport).inside);
    if (isTaken) this.#way = 'inside';
    if (isTaken || !(isOk(status) || noInside.has(status))) return message;
    if (this.#ends.secure) {
      this.#ends.refuse(
        refused(
          `${this.#ends.host} sends by UDP alone, where nothing of what rtsps:// asks for is secret`,
          'Let the server send inside of TCP (RTP over RTSP, interleaved); or use rtsp://, if others may see it',
        ),
      );
      return message;
    }
    this.#way = 'udp';
    this.#extra++;
    const session = headerOf(setup.request, 'session') ?? headerOf(message, 'session');
    const request = withHeader(setup.request, 'Session', session);
    const again = encodeMessage(await this.#byUdp({ ...setup, request, refusal: message }));
    if (this.requests.writable) this.requests.push(again);
    return null;
  }

  /** The same wish, for packets by UDP. */
  async #byUdp(setup: Setup): Promise<RtspMessage> {
    if (this.#tracks.length >= maxTracks)
      throw refused(`${this.#ends.host} has more than ${maxTracks} tracks`);
    const [media, reports] = setup.channels;
    const track = await UdpTrack.create({
      ...{ address: this.#ends.local, clock: this.#clock, slice: this.#slice },
      onPacket: (packet, port) => this.#packet(packet, port === 0 ? media : reports),
    });
    this.#setup = { ...setup, track };
    if (this.#closed) track.close();
    const request = withHeader(setup.request, 'Transport', udpTransport(track.ports));
    return this.#renumbered(request, this.#extra);
  }

  async #askedByUdp(
    { channels, refusal }: Setup,
    track: UdpTrack,
    status: number,
    message: RtspMessage,
  ): Promise<RtspMessage> {
    const answer = this.#renumbered(message, -this.#extra);
    const { multicast, inside, serverPorts, source } = readTransport(headerOf(message, 'transport') ?? '');
    if (isOk(status) && !multicast && !inside && !this.#closed) {
      this.#tracks.push(track);
      if (source !== this.#ends.server) this.#elsewhere = source;
      await track.begin({ address: this.#ends.server, ports: serverPorts });
      return withHeader(answer, 'Transport', insideTransport(channels));
    }
    track.close();
    // With a password it may be another answer.
    if (status === 401) return answer;
    const [start = ''] = message.lines;
    const way = inside ? 'inside of TCP, which it refused before' : 'to a group (multicast)';
    const words = isOk(status) ? `it sends ${way}` : `it answered ${start.replace(/^\S+ /, '')}`;
    this.#ends.refuse(
      refused(
        `${this.#ends.host} sends neither inside of TCP nor by UDP to one receiver: ${words}`,
        'Allow RTSP over TCP (interleaved), or UDP unicast, in the settings of the server',
      ),
    );
    return (
      refusal ?? { lines: ['RTSP/1.0 461 Unsupported Transport', `CSeq: ${cseqOf(answer)}`], body: nothing }
    );
  }

  #packet(packet: Buffer, channel: number): void {
    this.#heardMs = this.#clock.nowMs();
    const framed = Buffer.allocUnsafe(4 + packet.length);
    framed.writeUInt16BE(0x2400 + channel, 0);
    framed.writeUInt16BE(packet.length, 2);
    packet.copy(framed, 4);
    if (this.#play) this.#hold(framed, this.#play.held);
    else this.#give(framed);
  }

  #hold(packet: Buffer, held: Buffer[]): void {
    if (held.length >= maxHeldPackets || this.#heldBytes + packet.length > maxWaitingBytes) return;
    this.#heldBytes += packet.length;
    held.push(packet);
  }

  /** The answer to PLAY has passed. */
  #begin(): void {
    const { held } = this.#play ?? notPlayed();
    this.#play = undefined;
    for (const packet of held) this.#give(packet);
  }

  #give(packet: Buffer): void {
    const { writable, readableLength } = this.#toPlayer;
    if (writable && readableLength < maxWaitingBytes) this.#toPlayer.push(packet);
  }

  #renumbered(message: RtspMessage, by: number): RtspMessage {
    const number = cseqOf(message);
    return by === 0 || Number.isNaN(number) ? message : withHeader(message, 'CSeq', `${number + by}`);
  }
}

const nothing: Buffer = Buffer.alloc(0);

function notPlayed() {
  return { state: 'before', held: [] as Buffer[] } as const;
}

/** Ends the session of a request by another connection; what proves a password holds for the one request alone, but for Basic. */
function goodbyeOf(play: RtspMessage): RtspMessage {
  const [start = ''] = play.lines;
  const password = headerOf(play, 'authorization');
  const lines = [
    start.replace(/^\S+/, 'TEARDOWN'),
    ...['CSeq: 1', `Session: ${headerOf(play, 'session') ?? ''}`],
    ...(password !== undefined && /^basic /i.test(password) ? [`Authorization: ${password}`] : []),
  ];
  return { lines, body: nothing };
}

function redirected(host: string): MiroliveError {
  return new MiroliveError('SOURCE_PROTOCOL', `${host} redirects to another server, which is not followed`, {
    hint: 'Give the address that it leads to',
  });
}

function isOk(status: number): boolean {
  return status >= 200 && status < 300;
}

function cseqOf(message: RtspMessage): number {
  return Number(headerOf(message, 'cseq'));
}

function refused(message: string, hint?: string): MiroliveError {
  return new MiroliveError('SOURCE_UNREACHABLE', message, hint === undefined ? {} : { hint });
}
