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
export function askProgramme(
  mailbox: Mailbox,
  find: () => OpenProgramme | undefined,
  signal?: AbortSignal,
): Promise<ProgrammeState | null> {
  const asked = new Set<OpenProgramme>();
  let answer: ProgrammeState | undefined;
  const ask = () => {
    const programme = find();
    if (!programme || asked.has(programme)) return answer;
    asked.add(programme);
    const answered = (state: ProgrammeState) =>
      mailbox.post(() => {
        answer = state;
      });
    // One that died while it was asked is asked no more: the next one is.
    programme.state().then(answered, () => {});
    return answer;
  };
  return mailbox.until<ProgrammeState | null>(ask, {
    ...{ limit: { ms: answerLimitMs, late: () => null }, signal },
  });
}
