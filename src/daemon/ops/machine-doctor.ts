import type { Clock } from '../../contract/clock.ts';
import type { Config } from '../../contract/config.ts';
import type { DoctorLine } from '../../contract/doctor-line.ts';
import { MiroliveError } from '../../contract/errors.ts';
import { runDoctor } from './doctor.ts';

export interface MachineDoctorOptions {
  readonly config: Config;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Pick<Clock, 'wallMs'>;
}

/** Looks at the machine of a daemon that runs, for whoever asks from elsewhere: one at a time, since programs are started for it. */
export class MachineDoctor {
  readonly #options: MachineDoctorOptions;
  #isLooking = false;

  constructor(options: MachineDoctorOptions) {
    this.#options = options;
  }

  /** One finding after the other; ends with whoever waits. @throws MiroliveError LIMIT_REACHED */
  async *look(gone: AbortSignal): AsyncGenerator<DoctorLine> {
    if (this.#isLooking)
      throw new MiroliveError('LIMIT_REACHED', 'somebody has this machine looked at already', {
        hint: 'Try again in some seconds: mirolive doctor',
      });
    this.#isLooking = true;
    try {
      const { config, env, clock } = this.#options;
      for await (const finding of runDoctor(config, env, clock.wallMs(), { running: true })) {
        if (gone.aborted) return;
        yield { type: 'finding', ...finding };
      }
    } finally {
      this.#isLooking = false;
    }
  }
}
