import { asMiroliveError, errorTable, MiroliveError } from '../../contract/errors.ts';

/** What a client is told of an error. */
export interface Told {
  readonly status: number;
  readonly error: MiroliveError;
  /** It is a fault of this server: the log has it. */
  readonly isFault: boolean;
}

/** What a viewer or a publisher is told of what was thrown at its request. */
export function toldOf(thrown: unknown): Told {
  const { statusCode } = thrown as { statusCode?: number };
  const error = asKnownError(thrown, statusCode);
  const status = statusCode ?? errorTable[error.code].status;
  // A place that is not free is no fault of anybody.
  const isFault = status >= 500 && error.code !== 'ROOM_FULL';
  return { status, error: isFault ? withoutDetails(error) : error, isFault };
}

/** What Fastify itself refuses, such as a body that is too large, is the client's fault. */
function asKnownError(error: unknown, statusCode = 500): MiroliveError {
  if (error instanceof MiroliveError || statusCode >= 500) return asMiroliveError(error);
  return new MiroliveError('INVALID_REQUEST', (error as Error).message, { cause: error });
}

/** What went wrong here is the operator's business: it may name files and addresses. */
function withoutDetails({ code }: MiroliveError): MiroliveError {
  return new MiroliveError(code, errorTable[code].summary, { hint: 'Ask who runs this server' });
}
