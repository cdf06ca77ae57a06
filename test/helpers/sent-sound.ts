import { observer, type types } from 'mediasoup';
import { longestGapsMs, type SentFrame } from './sent-frames.ts';

/** What workers of this process send to players of its sound, by the workers' own word: for players that cannot be asked, however busy they are. */
export class SentSound implements Disposable {
  readonly #byPlayer = new Map<string, SentFrame[]>();

  /** Before the workers are started. */
  constructor() {
    observer.on('newworker', this.#watch);
  }

  /** Packets of all players. */
  get packets(): number {
    return [...this.#byPlayer.values()].reduce((sum, { length }) => sum + length, 0);
  }

  /** The longest time from one packet to the next that a player was sent, in ms, by their RTP time stamps. */
  get longestGapMs(): number {
    return Math.max(0, ...[...this.#byPlayer.values()].map((frames) => longestGapsMs(frames).audio));
  }

  [Symbol.dispose](): void {
    observer.off('newworker', this.#watch);
  }

  readonly #watch = (worker: types.Worker): void => {
    worker.observer.on('newrouter', (router) => {
      router.observer.on('newtransport', (transport) => {
        // Others pass it on to other workers.
        if (transport.type !== 'webrtc') return;
        transport.observer.on('newconsumer', (consumer) => {
          if (consumer.kind === 'audio') void this.#note(consumer);
        });
      });
    });
  };

  async #note(consumer: types.Consumer): Promise<void> {
    const frames: SentFrame[] = [];
    this.#byPlayer.set(consumer.id, frames);
    const { clockRate = Number.NaN } = consumer.rtpParameters.codecs[0] ?? {};
    consumer.on('trace', ({ info }) => {
      const { timestamp } = info.rtpPacket as { timestamp: number };
      frames.push({ kind: 'audio', atMs: (timestamp / clockRate) * 1000 });
    });
    await consumer.enableTraceEvent(['rtp']);
  }
}
