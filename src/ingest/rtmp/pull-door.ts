import type { Socket } from 'node:net';
import type { Clock } from '../../contract/clock.ts';
import { isOfSameUser } from '../guard/same-user.ts';
import { BoundedSession, type StreamRequest } from './bounded-session.ts';
import type { Streams } from './streams.ts';

/** From the connection to the wish to play, in ms. */
const knockTimeoutMs = 5000;
/** Connections at once: for each publisher one that looks, one that plays, and those that take over from each other. */
const maxConnections = 1000;

/** Where our own ffmpeg pulls streams, on loopback. Nobody else may: it takes a process of our own user, and a token. */
export class PullDoor {
  readonly #clock: Clock;
  readonly #streams: Streams;
  #connections = 0;

  constructor(clock: Clock, streams: Streams) {
    this.#clock = clock;
    this.#streams = streams;
  }

  async receive(socket: Socket): Promise<void> {
    socket.on('error', () => socket.destroy());
    // Others on this machine take no place.
    if (!(await isOfSameUser(socket)) || this.#connections >= maxConnections) socket.destroy();
    if (socket.destroyed) return;
    this.#connections += 1;
    socket.setNoDelay(true);
    const timer = this.#clock.after(knockTimeoutMs, () => socket.destroy());
    let knocked = false;
    let leave = () => {};

    const knock = async (wish: StreamRequest) => {
      if (knocked) return socket.destroy();
      knocked = true;
      timer.cancel();
      const stream = this.#streams.find(wish.app, wish.name);
      if (!stream) {
        session.refuse(wish, 'NetStream.Play.StreamNotFound', 'There is no such stream.');
        return;
      }
      await stream.fresh();
      if (socket.destroyed) return;
      stream.pulls.add(session);
      leave = () => stream.pulls.delete(session);
      session.play(wish, stream.room, stream.id);
    };

    const session = new BoundedSession(socket, {
      onPublish: (wish) => session.refuse(wish, 'NetStream.Publish.BadName', 'Nobody publishes here.'),
      onPlay: (wish) => void knock(wish).catch(() => socket.destroy()),
      onMedia: () => {},
      onDone: () => session.end(),
    });
    socket.on('close', () => {
      this.#connections -= 1;
      timer.cancel();
      leave();
    });
  }
}
