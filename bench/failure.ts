/** What went wrong, for an operator: where it is no fault of the bench itself, without the place in its code. */
export function failureWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isOwn = [TypeError, RangeError, ReferenceError].some((kind) => error instanceof kind);
  // fetch has one kind of error for all that it meets on its way.
  if (isOwn && error.cause === undefined) return error.stack ?? error.message;
  const { cause } = error;
  // What failed in a page has its place there in its message.
  const [message = ''] = error.message.split(/\n\s+at /);
  return cause instanceof Error && cause.message !== '' ? `${message}: ${cause.message}` : message;
}
