import type { Clock } from '../../contract/clock.ts';
import type { ProgrammeState } from '../../contract/programme-state.ts';
import type { Mailbox } from './mailbox.ts';
import type { OpenProgramme } from './room-parts.ts';

/** So long somebody who asks waits for a programme that is being opened again, or does not answer, in ms. */
const answerLimitMs = 2000;

/**
 * How a programme is, as its director says, of whichever opening answers first; null: none does in time.
 *
 * @param find gives the programme that is open; undefined: none is now. What it throws is thrown.
 */
export async function askProgramme(
  mailbox: Mailbox,
  clock: Clock,
  find: () => OpenProgramme | undefined,
): Promise<ProgrammeState | null> {
  const late = Promise.withResolvers<null>();
  const limit = clock.after(answerLimitMs, () => late.resolve(null));
  const asked = new Set<OpenProgramme>();
  let asking = true;
  try {
    for (;;) {
      // One that died while it was asked is asked no more: its end comes as a message too.
      const opened = mailbox.until(() => {
        const programme = asking ? find() : null;
        return programme && asked.has(programme) ? undefined : programme;
      });
      const programme = await Promise.race([opened, late.promise]);
      if (!programme) return null;
      asked.add(programme);
      const state = await Promise.race([programme.state().catch(() => undefined), late.promise]);
      if (state !== undefined) return state;
    }
  } finally {
    asking = false;
    limit.cancel();
    mailbox.post(() => {});
  }
}
