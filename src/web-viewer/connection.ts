import type { DaemonMessage, PageMessage } from '../contract/signalling.ts';
import { Fare } from './fare.ts';
import { Receiver, type Tracks } from './receiver.ts';
import { type Effect, type Fact, initialSession, reduce, type Session } from './session.ts';
import { readStatistics, type Statistics } from './statistics.ts';
import { hasStarted, type Progress, type Sync, watchProgress, watchSync } from './watchdog.ts';

/** Who is told what happens on the wire. */
export interface ConnectionListener {
  /** Told before what follows from it is done: the last picture is still there when the connection is lost. */
  onSession(session: Session): void;
  onTracks(tracks: Tracks): void;
  /** What came of what was asked for. */
  onAnswer(answer: Extract<DaemonMessage, { type: 'answer' }>): void;
  /** Once a second while something plays. */
  onStatistics(statistics: Statistics): void;
}

/** All pages of a worker that stood still find sound and picture apart at one moment; they join anew over so long, in ms. */
const spreadMs = 5000;
/** How often to look for the first frame, and how often once it is there. */
const startingPollMs = 100;
const playingPollMs = 1000;

/** The wire of the page: the WebSocket, what is received through it, and coming back after a loss. */
export class Connection {
  readonly #newSocket: () => WebSocket;
  #listener: ConnectionListener | undefined;
  #tracks: Tracks | undefined;
  #session: Session = initialSession;
  #socket: WebSocket | undefined;
  #receiver: Receiver | undefined;
  #hasPicture = false;
  /** At the last look at what is received. */
  #measured:
    | { readonly statistics: Statistics; readonly progress: Progress; readonly sync: Sync }
    | undefined;
  /** When it was last joined anew because sound and picture were apart. */
  #alignedAtMs: number | null = null;
  /** They are apart, and it is joined anew from this moment on; null: they are not. */
  #alignFromMs: number | null = null;
  readonly #fare = new Fare((report) => this.send(report));
  #alarm: ReturnType<typeof setTimeout> | undefined;
  #poll: ReturnType<typeof setTimeout> | undefined;

  private constructor(newSocket: () => WebSocket) {
    this.#newSocket = newSocket;
  }

  /**
   * Connects and stays connected until `close`.
   *
   * @param newSocket begins to connect to `ws(s)://host/ws/ROOM`
   * @param still names the one that came with the page; null: none did
   */
  static open(newSocket: () => WebSocket, still: string | null): Connection {
    const connection = new Connection(newSocket);
    connection.#take({ type: 'started', still });
    // While the socket is on its way.
    Receiver.prepare();
    return connection;
  }

  /** Tells what is, and from now on what happens. */
  tell(listener: ConnectionListener): void {
    this.#listener = listener;
    listener.onSession(this.#session);
    if (this.#tracks) listener.onTracks(this.#tracks);
  }

  /** A picture is on the screen, sooner than the next look at the statistics; they know whether it is one of what comes now. */
  started(): void {
    if (this.#session.phase !== 'playing' && this.#receiver) void this.#measure(this.#receiver);
  }

  /** The network or the tab has come back: don't wait for the next try. */
  wake(): void {
    this.#take({ type: 'woken' });
  }

  /** The viewer wants to come back, after having been put out. */
  comeBack(): void {
    this.#take({ type: 'returned' });
  }

  /** The line of an operator has been read. */
  readLine(): void {
    this.#take({ type: 'lineRead' });
  }

  /** Wants this rendition, now and of what follows; null: what the line carries. */
  choose(name: string | null): void {
    this.#take({ type: 'chosen', name });
  }

  /** Loudness of the sound that plays now, 0 to 1. */
  async level(): Promise<number> {
    return (await this.#receiver?.level()) ?? 0;
  }

  close(): void {
    clearTimeout(this.#alarm);
    this.#leave();
    this.#closeSocket();
  }

  #take(fact: Fact): void {
    const [session, effects] = reduce(this.#session, fact);
    this.#session = session;
    this.#fare.follow(fact, session);
    this.#listener?.onSession(session);
    for (const effect of effects) this.#do(effect);
  }

  #do(effect: Effect): void {
    switch (effect.type) {
      case 'open':
        this.#openSocket();
        break;
      case 'close':
        this.#closeSocket();
        break;
      case 'ping':
        this.send({ type: 'ping' });
        break;
      case 'leave':
        this.#leave();
        break;
      case 'join':
        this.#join(effect.live);
        break;
      case 'picture':
        this.#receiver?.take(effect.offer);
        break;
      case 'quality':
        this.send(effect);
        break;
      case 'alarm':
        clearTimeout(this.#alarm);
        this.#alarm = setTimeout(() => this.#take({ type: 'alarm' }), effect.afterMs);
    }
  }

  #openSocket(): void {
    const socket = this.#newSocket();
    this.#socket = socket;
    socket.onmessage = ({ data }: MessageEvent<string>) => {
      const message = JSON.parse(data) as DaemonMessage;
      if (message.type === 'answer') this.#listener?.onAnswer(message);
      this.#take({ type: 'message', message });
    };
    socket.onclose = () => this.#take({ type: 'closed' });
  }

  #closeSocket(): void {
    if (this.#socket === undefined) return;
    this.#socket.onmessage = null;
    this.#socket.onclose = null;
    this.#socket.close();
    this.#socket = undefined;
  }

  /** Says it to the daemon, where that can be reached. */
  readonly send = (message: PageMessage): void => {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  };

  #join(live: Extract<DaemonMessage, { type: 'live' }>): void {
    const receiver = Receiver.join(live, {
      send: (message) => this.send(message),
      onTracks: (tracks) => {
        this.#tracks = tracks;
        this.#listener?.onTracks(tracks);
        this.#hasPicture = tracks.video !== null;
        void this.#measure(receiver);
      },
      onLost: () => this.#take({ type: 'mediaLost' }),
      onUnplayable: (notice, everything) => this.#take({ type: 'unplayable', notice, everything }),
    });
    this.#receiver = receiver;
  }

  #leave(): void {
    clearTimeout(this.#poll);
    this.#receiver?.close();
    this.#receiver = undefined;
    this.#tracks = undefined;
    this.#measured = undefined;
  }

  async #measure(receiver: Receiver): Promise<void> {
    const report = await receiver.statistics();
    if (receiver !== this.#receiver || report === null) return;
    const { statistics: previous = null, progress = null } = this.#measured ?? {};
    const statistics = readStatistics(report, performance.now(), previous);
    const seesPicture = this.#hasPicture && document.visibilityState === 'visible';
    const next = watchProgress(progress, statistics, seesPicture);
    const sync = watchSync(this.#measured ?? null, statistics, seesPicture, this.#alignedAtMs);
    this.#measured = { statistics, progress: next, sync };
    const { freezes = null, frozenS = 0 } = statistics.video ?? {};
    this.#fare.still = freezes === null ? null : { freezes, frozenMs: frozenS * 1000 };
    if (this.#session.phase !== 'playing' && hasStarted(statistics, this.#hasPicture))
      this.#take({ type: 'playing' });
    else if (this.#session.phase === 'playing') {
      this.#listener?.onStatistics(statistics);
      // Whoever had the same worker is apart at the same moment.
      this.#alignFromMs = sync.apart
        ? (this.#alignFromMs ?? statistics.atMs + Math.random() * spreadMs)
        : null;
      const aligns = this.#alignFromMs !== null && statistics.atMs >= this.#alignFromMs;
      if (aligns) this.#alignedAtMs = statistics.atMs;
      if (next.stalled || aligns) {
        this.#take({ type: 'mediaLost' });
        return;
      }
    }
    const pollMs = this.#session.phase === 'playing' ? playingPollMs : startingPollMs;
    clearTimeout(this.#poll);
    this.#poll = setTimeout(() => void this.#measure(receiver), pollMs);
  }
}
