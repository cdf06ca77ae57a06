import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { Clock, Timer } from '../../contract/clock.ts';
import type { ClientTransport } from '../sfu/client-transport.ts';
import { type IceFragment, writeIceFragment } from '../sfu/offers/ice-fragment.ts';
import type { Offer } from '../sfu/offers/offer.ts';

interface HttpSessionEvents {
  /** Media flows. */
  connected: [];
  /** It is over: closed, or the connection lost or never made. Emitted once. */
  closed: [];
}

export interface HttpSessionOptions {
  readonly offer: Offer;
  /** The SDP answer. */
  readonly answer: string;
  readonly media: ClientTransport;
  /** What it holds, its transport too; given back when it is over. */
  readonly scope: DisposableStack;
  readonly clock: Clock;
  /** A client that has not connected within this, in ms, never will. */
  readonly connectMs: number;
}

/** One WHEP or WHIP resource: a client that speaks SDP, from the answer until it is deleted or lost. */
export class HttpSession extends EventEmitter<HttpSessionEvents> {
  /** Unguessable: who knows it may end the session. */
  readonly id = randomUUID();
  readonly answer: string;
  readonly #media: ClientTransport;
  readonly #scope: DisposableStack;
  readonly #timer: Timer;
  #remoteUfrag: string;

  constructor({ offer, answer, media, scope, clock, connectMs }: HttpSessionOptions) {
    super();
    this.answer = answer;
    this.#media = media;
    this.#scope = scope;
    this.#remoteUfrag = offer.iceUfrag;
    this.#timer = clock.after(connectMs, () => this.close());
    media.on('lost', () => this.close());
    media.on('connected', () => {
      this.#timer.cancel();
      this.emit('connected');
    });
  }

  /** Names the state of ICE: another one after each restart. */
  get etag(): string {
    return `"${this.#media.transport.iceParameters.usernameFragment}"`;
  }

  get isClosed(): boolean {
    return this.#scope.disposed;
  }

  /** Whether a PATCH begins a new ICE session: its credentials are others than those that are known. */
  isRestart({ ufrag }: IceFragment): boolean {
    return ufrag !== null && ufrag !== this.#remoteUfrag;
  }

  /** Takes what a PATCH brought; gives the body to answer with if it was an ICE restart. */
  async patch(fragment: IceFragment): Promise<string | null> {
    const { ufrag } = fragment;
    if (ufrag === null || !this.isRestart(fragment)) return null;
    const { transport } = this.#media;
    const iceParameters = await transport.restartIce();
    this.#remoteUfrag = ufrag;
    return writeIceFragment(iceParameters, transport.iceCandidates);
  }

  /** Ends it; a second call is harmless. */
  close(): void {
    if (this.#scope.disposed) return;
    this.#timer.cancel();
    this.#scope.dispose();
    this.emit('closed');
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
