import type { Socket } from 'node:net';
import type { Clock } from '../../contract/clock.ts';
import type { Asker } from '../child/line.ts';
import { BitrateBudget } from '../media/bitrate-budget.ts';
import { BoundedSession, type StreamRequest } from './bounded-session.ts';
import type {
  CameTracks,
  Leave,
  PublishAnswer,
  PublishRequest,
  Refusal,
  RtmpNews,
  Stranger,
} from './calls.ts';
import { strangerOf } from './greeting.ts';
import { SilenceWatch } from './silence-watch.ts';
import { placeWords, streamPlace } from './stream-place.ts';
import type { Stream, Streams } from './streams.ts';

/** Of a room, or a secret, in characters: both are below 64. */
const maxNameChars = 200;
/** From the connection to the wish to publish, in ms: a few round trips. */
const knockTimeoutMs = 10_000;

/** Told to encoders, which show it to people; it does not say what of an address or a key is right. */
const refusals: Readonly<Record<Refusal, string>> = {
  refused: 'Refused: check the server and the stream key.',
  conflict: 'Somebody publishes with this stream key already.',
  tooMuch: 'Too much was sent: set a lower bit rate, then try again.',
};

/** Where encoders come in: each connection may publish one stream, once the daemon has said yes; nobody may play. */
export class PublishDoor {
  readonly #clock: Clock;
  readonly #daemon: Asker<RtmpNews>;
  readonly #streams: Streams;
  readonly #guests = new Map<string, BoundedSession>();

  constructor(clock: Clock, daemon: Asker<RtmpNews>, streams: Streams) {
    this.#clock = clock;
    this.#daemon = daemon;
    this.#streams = streams;
  }

  /** @param maxBitrateBps what it may send @param onAdmitted it may publish now */
  receive(
    socket: Socket,
    protocol: PublishRequest['protocol'],
    maxBitrateBps: number,
    onAdmitted: () => void,
  ): void {
    const budget = new BitrateBudget(maxBitrateBps);
    let reason: Leave = 'left';
    let wished: StreamRequest | undefined;
    let stream: Stream | undefined;
    let watch: SilenceWatch | undefined;
    const tracks = new Set<CameTracks[number]>();
    const [clock, daemon, streams] = [this.#clock, this.#daemon, this.#streams];
    const leave = (id: string) => daemon.tell('unpublished', { id, reason });
    const address = socket.remoteAddress ?? 'unknown';
    const sendAway = (what: Stranger, words: string | null = null) => {
      daemon.tell('stranger', { protocol, address, what, words });
      socket.destroy();
    };
    let lastCommand: string | null = null;
    const timer = clock.after(knockTimeoutMs, () =>
      // Whoever only looks whether somebody is there is nobody's business.
      lastCommand === null ? socket.destroy() : sendAway('hesitant', lastCommand),
    );

    const knock = async (wish: StreamRequest) => {
      if (wished) return socket.destroy();
      wished = wish;
      timer.cancel();
      const place = streamPlace(wish);
      if (!place || Math.max(place.room.length, place.secret.length) > maxNameChars) {
        daemon.tell('stranger', { protocol, address, what: 'place', words: placeWords(wish) });
        session.refuse(wish, 'NetStream.Publish.BadName', refusals.refused);
        return;
      }
      const { room, secret } = place;
      // Nothing is read while the daemon decides; what has come already is dropped.
      socket.pause();
      const answer: PublishAnswer = await daemon.ask('publish', { room, secret, protocol, address });
      if ('refusal' in answer) {
        session.refuse(wish, 'NetStream.Publish.BadName', refusals[answer.refusal]);
        return;
      }
      const { id } = answer;
      if (socket.destroyed) return leave(id);
      onAdmitted();
      stream = streams.add(id, room);
      watch = new SilenceWatch(clock, {
        onChange: (silent) => daemon.tell('silent', { id, silent }),
        onTooLong: () => {
          reason = 'silent';
          socket.destroy();
        },
      });
      this.#guests.set(id, session);
      session.publish(wish, room, id);
      socket.resume();
    };

    const spend = (bytes: number, frames: number) => {
      budget.spend(clock.nowMs(), bytes, frames);
      if (!budget.isOver || reason === 'tooMuch') return;
      reason = 'tooMuch';
      if (wished) session.refuse(wished, 'NetStream.Publish.Rejected', refusals.tooMuch);
      else socket.destroy();
    };
    const session = new BoundedSession(socket, {
      onPublish: (wish) => void knock(wish).catch(() => socket.destroy()),
      onPlay: (wish) => {
        daemon.tell('stranger', { protocol, address, what: 'play', words: null });
        session.refuse(wish, 'NetStream.Play.StreamNotFound', 'There is nothing to play here.');
      },
      onCommand: (name) => {
        lastCommand = name.slice(0, maxNameChars);
      },
      onMedia: ({ kind, isBeginning, addedBytes }) => {
        spend(addedBytes, 1);
        stream?.heard();
        if (!stream || !watch) return;
        const isMore = isBeginning && !tracks.has(kind);
        if (isMore) tracks.add(kind);
        const { id, room, token } = stream;
        if (watch.heard()) daemon.tell('published', { id, room, token, tracks: [...tracks] });
        else if (isMore) daemon.tell('tracks', { id, tracks: [...tracks] });
      },
      onOtherCodec: (codec) => {
        if (!stream || !wished || reason === 'codec') return;
        reason = 'codec';
        daemon.tell('otherCodec', { id: stream.id, codec });
        session.refuse(
          wished,
          'NetStream.Publish.Rejected',
          `Expected H.264 and AAC, got ${codec}: set the encoder to them.`,
        );
      },
      onDone: () => session.end(),
    });
    socket.once('data', (bytes) => {
      const stranger = strangerOf(bytes);
      if (stranger) sendAway(stranger);
    });
    socket.on('data', (bytes) => spend(bytes.length, 0));
    socket.on('close', () => {
      timer.cancel();
      watch?.close();
      if (!stream) return;
      this.#guests.delete(stream.id);
      streams.remove(stream.id);
      session.forget();
      leave(stream.id);
    });
  }

  /** Cuts a publisher off. */
  end(id: string): void {
    this.#guests.get(id)?.end();
  }
}
