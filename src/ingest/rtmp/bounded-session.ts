import type { Socket } from 'node:net';
import RtmpSession from 'node-media-server/src/session/rtmp_session.js';
import { systemClock } from '../../contract/clock.ts';
import { answersTo, endsStream, readCommand } from './encoder-commands.ts';
import { announcedCodec, plainAudio, plainVideo } from './enhanced.ts';
import { ReplacedSets } from './replaced-sets.ts';

/** A message before somebody may publish: `connect` with all that encoders say of themselves is below 2 KB. */
const strangerBytes = 64 * 1024;
/** A message of somebody who publishes: a key frame at 100 Mbit/s is below 4 MB. */
const mediaBytes = 8 * 1024 * 1024;
/** Chunk streams of one connection; encoders use four or five. Each may hold one message. */
const maxChunkStreams = 32;
/** Answers that a client has not read; all of them together are below 5 KB. */
const maxUnreadBytes = 64 * 1024;
/** What whoever pulls may be behind: the replayed group of pictures, and some seconds more. */
const maxBehindBytes = 32 * 1024 * 1024;
/** Kept since the last key frame, for whoever begins to pull; more is not replayed. */
const maxReplayBytes = 8 * 1024 * 1024;
const maxReplayMessages = 4000;

/** What was written is sent within this, in ms, or never. */
const endTimeoutMs = 2000;

/** Times of RTMP have 32 bits, in ms, and begin again after 49 days. */
const timeRangeMs = 2 ** 32;

const messageType = { audio: 8, video: 9, data: 18, commandOfAmf3: 17 } as const;
/** Of user control messages (RTMP 1.0, section 7.1.7). */
const pings = { request: 6, response: 7 } as const;
const packetFlags = { none: 0, sound: 1, keyFrame: 3 } as const;
/** Beginnings of the data messages that describe a stream, as AMF0 strings. Other ones would take their place in what is replayed. */
const metadataHeads = ['@setDataFrame', 'onMetaData'].map((name) =>
  Buffer.from([2, 0, name.length, ...Buffer.from(name)]),
);

/** What a client wants: to publish or to play `name` of `app`. Both are as it sent them. */
export interface StreamRequest {
  readonly app: string;
  readonly name: string;
  /** RTMP's own number for it on this connection. */
  readonly streamId: number;
}

/** A message of sound or picture that was passed on. */
export interface PassedMedia {
  readonly kind: 'video' | 'audio';
  /** It can be shown, or heard, from here on. */
  readonly isBeginning: boolean;
  /** How much longer it is than it came. */
  readonly addedBytes: number;
}

/** What is told of one connection. */
export interface SessionListener {
  readonly onPublish: (request: StreamRequest) => void;
  readonly onPlay: (request: StreamRequest) => void;
  /** It has sent a command, whatever it is about. */
  readonly onCommand?: (name: string) => void;
  /** Sound or picture has come, and has been passed on. */
  readonly onMedia: (media: PassedMedia) => void;
  /** It sends, or announces, a codec that is not taken. */
  readonly onOtherCodec?: (codec: string) => void;
  /** The client says that it publishes no longer. */
  readonly onDone: () => void;
}

/**
 * One RTMP connection, spoken by node-media-server, with bounds. Whatever a client sends, at worst its own connection ends:
 * errors of the parser end it, messages and answers have sizes, and nothing is relayed before somebody has said so.
 */
export class BoundedSession {
  readonly #socket: Socket;
  readonly #session: RtmpSession;
  #maxMessageBytes = strangerBytes;
  #heldBytes = 0;
  #publishing = false;
  #replayBytes = 0;
  readonly #sets = new ReplacedSets();
  /** What came, and how much of it the client was told to have come. */
  #bytes = 0;
  #acknowledged = 0;

  constructor(socket: Socket, listener: SessionListener) {
    this.#socket = socket;
    const session = new RtmpSession(socket);
    this.#session = session;
    const { rtmp } = session;
    // A parser for files that is never used, with a buffer of 1 MB.
    rtmp.flv = undefined;
    const parse = session.onData;
    session.onData = (bytes) => {
      try {
        if (socket.destroyed) return;
        parse(bytes);
        this.#acknowledge(bytes.length);
      } catch {
        socket.destroy();
      }
    };
    const allocate = rtmp.packetAlloc.bind(rtmp);
    rtmp.packetAlloc = () => {
      // The parser adds up what encoders send as differences, and would drop all that comes once that is beyond the range.
      rtmp.parserPacket.clock %= timeRangeMs;
      this.#hold();
      allocate();
    };
    rtmp.onConnect = this.#tolerant(rtmp.onConnect.bind(rtmp));
    const obey = rtmp.invokeHandler.bind(rtmp);
    rtmp.invokeHandler = () => {
      obey();
      this.#answer(listener);
    };
    rtmp.eventHandler = () => this.#answerPing();
    const takeData = rtmp.dataHandler.bind(rtmp);
    rtmp.dataHandler = () => {
      if (this.#publishing && this.#wanted()) takeData();
    };
    rtmp.onPublish = (command) => listener.onPublish(this.#request(command));
    rtmp.onPlay = (command) => listener.onPlay(this.#request(command));
    session.sendBuffer = (bytes) => this.#write(bytes, maxBehindBytes);
    session.run();
    rtmp.onOutputCallback = (bytes) => this.#write(bytes, maxUnreadBytes);
    rtmp.onPacketCallback = (packet) => this.#relay(packet, listener);
  }

  /** From now on what the client sends is the stream `name` of `app`. */
  publish({ streamId }: StreamRequest, app: string, name: string): void {
    this.#maxMessageBytes = mediaBytes;
    this.#enter(streamId, app, name);
    this.#session.rtmp.respondPublish();
    this.#session.onPush();
    this.#publishing = true;
  }

  /** Sends the client the stream `name` of `app`: first what came since its last key frame, then what comes. */
  play({ streamId }: StreamRequest, app: string, name: string): void {
    this.#enter(streamId, app, name);
    this.#session.rtmp.respondPlay();
    this.#session.onPlay();
  }

  /** Says no, and hangs up. Nothing that comes is looked at any more. */
  refuse({ streamId }: StreamRequest, code: string, description: string): void {
    this.#session.rtmp.sendStatusMessage(streamId, 'error', code, description);
    this.end();
  }

  /** Hangs up once what was written is sent; nothing that comes is looked at any more. */
  end(): void {
    this.#publishing = false;
    this.#socket.removeAllListeners('data');
    this.#socket.resume();
    this.#socket.destroySoon();
    // Who reads nothing would never be sent what was written, and go on sending.
    const timer = systemClock.after(endTimeoutMs, () => this.#socket.destroy());
    this.#socket.once('close', () => timer.cancel());
  }

  /** Forgets the stream: node-media-server would keep it for half a minute, for a publisher that comes back. */
  forget(): void {
    this.#session.broadcast._finishPublish();
  }

  #enter(streamId: number, app: string, name: string): void {
    const { rtmp } = this.#session;
    rtmp.streamApp = app;
    rtmp.streamName = name;
    rtmp.streamId = streamId;
    this.#session.onConnect({ app, name, host: '', query: {} });
  }

  /** The parser reads the address that encoders say they have connected to, which is not needed: some say none, or one of their own. */
  #tolerant(connect: RtmpSession.Rtmp['onConnect']): RtmpSession.Rtmp['onConnect'] {
    return ({ cmdObj, ...command }) => {
      const { tcUrl } = cmdObj;
      const isRead = typeof tcUrl === 'string' && URL.canParse(tcUrl);
      connect({ ...command, cmdObj: isRead ? cmdObj : { ...cmdObj, tcUrl: 'rtmp://unknown' } });
    };
  }

  /** Says what the parser has no answer to. */
  #answer({ onCommand, onDone }: SessionListener): void {
    const { rtmp } = this.#session;
    const { header, payload } = rtmp.parserPacket;
    const from = header.type === messageType.commandOfAmf3 ? 1 : 0;
    const command = readCommand(payload.subarray(from, header.length));
    if (!command) return;
    onCommand?.(command.name);
    for (const answer of answersTo(command)) rtmp.sendInvokeMessage(0, answer);
    if (endsStream(command)) onDone();
  }

  #answerPing(): void {
    const { rtmp } = this.#session;
    const { header, payload } = rtmp.parserPacket;
    if (header.length >= 6 && payload.readUInt16BE() === pings.request)
      rtmp.sendStreamStatus(pings.response, payload.readUInt32BE(2));
  }

  /** Clients that have said so are told whenever so much has come (RTMP 1.0, section 5.4.3), and may send no more before. */
  #acknowledge(bytes: number): void {
    const { rtmp } = this.#session;
    this.#bytes += bytes;
    if (!(rtmp.ackSize > 0) || this.#bytes - this.#acknowledged < rtmp.ackSize) return;
    this.#acknowledged = this.#bytes;
    rtmp.sendACK(this.#bytes % 2 ** 32);
  }

  /** The parser takes any value of AMF0 for a name. */
  #request({ streamName: name }: RtmpSession.Command): StreamRequest {
    const { streamApp: app, parserPacket } = this.#session.rtmp;
    if (typeof app !== 'string' || typeof name !== 'string') throw new Error('a stream has no name');
    return { app, name, streamId: parserPacket.header.stream_id };
  }

  /** Before a message is held in memory. */
  #hold(): void {
    const { inPackets, parserPacket } = this.#session.rtmp;
    const { length } = parserPacket.header;
    this.#heldBytes += Math.max(0, length - parserPacket.capacity);
    const tooMuch = length > this.#maxMessageBytes || this.#heldBytes > 2 * this.#maxMessageBytes;
    if (tooMuch || inPackets.size > maxChunkStreams) throw new Error('a message is too large');
  }

  #wanted(): boolean {
    const { header, payload } = this.#session.rtmp.parserPacket;
    if (header.length === 0) return false;
    if (header.type !== messageType.data)
      return header.type === messageType.audio || header.type === messageType.video;
    return metadataHeads.some((head) => payload.subarray(0, head.length).equals(head));
  }

  #relay(packet: RtmpSession.AvPacket, listener: SessionListener): void {
    const cameBytes = packet.size;
    const body = this.#plainBody(packet, listener);
    if (!body) return;
    packet.data = packet.codec_type === messageType.video ? this.#sets.passed(body) : body;
    packet.size = packet.data.length;
    this.#session.onPacket(packet);
    const announced = announcedCodec(this.#session.broadcast.publisher?.videoCodec);
    if (announced !== undefined) listener.onOtherCodec?.(announced);
    const { onMedia } = listener;
    const { broadcast } = this.#session;
    broadcast.flvGopCache = null;
    if (packet.flags === packetFlags.keyFrame) this.#replayBytes = 0;
    this.#replayBytes += packet.size;
    const messages = broadcast.rtmpGopCache?.size ?? 0;
    if (this.#replayBytes > maxReplayBytes || messages > maxReplayMessages) broadcast.rtmpGopCache = null;
    const { codec_type: type, flags } = packet;
    const addedBytes = Math.max(0, packet.size - cameBytes);
    if (type === messageType.video)
      onMedia({ kind: 'video', isBeginning: flags === packetFlags.keyFrame, addedBytes });
    else if (type === messageType.audio)
      onMedia({ kind: 'audio', isBeginning: flags === packetFlags.sound, addedBytes });
  }

  /** In the way that ffmpeg knows; undefined: it is not passed on. */
  #plainBody(packet: RtmpSession.AvPacket, { onOtherCodec }: SessionListener): Buffer | undefined {
    const { codec_type: type } = packet;
    const body = packet.data.subarray(0, packet.size);
    const plain =
      type === messageType.video
        ? plainVideo(body)
        : type === messageType.audio
          ? plainAudio(body)
          : { body };
    if ('codec' in plain) onOtherCodec?.(plain.codec);
    if ('codec' in plain || !plain.body) return undefined;
    if ('flags' in plain && plain.flags !== undefined) packet.flags = plain.flags;
    // A codec that node-media-server does not know would be taken for the header of the sound.
    return type === messageType.video && packet.flags === packetFlags.none ? undefined : plain.body;
  }

  #write(bytes: Buffer, limit: number): void {
    if (this.#socket.writableLength > limit) this.#socket.destroy();
    else if (this.#socket.writable) this.#socket.write(bytes);
  }
}
