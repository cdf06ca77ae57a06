import type { Logger } from 'pino';
import type { Clock, Timer } from '../../contract/clock.ts';
import { asMiroliveError } from '../../contract/errors.ts';
import type { Life } from '../../ingest/child/restarts.ts';
import { startBeat } from './beat.ts';
import { deathWords } from './death-words.ts';
import type { WorkerSlot } from './media-worker.ts';

/** One life of a mediasoup worker, which is killed where it does not answer. */
export class WorkerLife implements Life {
  readonly ready: Promise<WorkerSlot>;
  readonly ended: Promise<{ readonly message: string }>;
  /** Once it runs. */
  slot: WorkerSlot | undefined;
  closed = false;
  #beat: Timer | undefined;

  constructor(starting: Promise<WorkerSlot>, clock: Clock, log: Logger) {
    const ended = Promise.withResolvers<{ readonly message: string }>();
    this.ended = ended.promise;
    this.ready = starting.then((slot) => {
      const { worker } = slot;
      this.slot = slot;
      worker.once('died', ({ message }) => {
        this.#beat?.cancel();
        ended.resolve({ message: deathWords(message) });
      });
      if (this.closed) worker.close();
      else
        this.#beat = startBeat(
          clock,
          () => worker.getResourceUsage(),
          () => {
            log.error({ workerPid: worker.pid }, 'a mediasoup worker does not answer, and is killed');
            process.kill(worker.pid, 'SIGKILL');
          },
        );
      return slot;
    });
    this.ready.catch((error: unknown) => ended.resolve(asMiroliveError(error)));
  }

  /** One that is being started is closed as soon as it has. */
  async close(): Promise<void> {
    this.closed = true;
    this.#beat?.cancel();
    this.slot?.worker.close();
  }
}
