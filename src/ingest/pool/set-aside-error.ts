import { MiroliveError } from '../../contract/errors.ts';

/** Why a source is not opened. */
export function setAsideError(room: string, words: string): MiroliveError {
  return new MiroliveError(
    'SOURCE_QUARANTINED',
    `${words} was set aside: it ended the process that played it`,
    {
      details: { room },
    },
  );
}
