/** A set-up that cannot go on. `next`: the command to run, or what to do. `output`: the last lines of what failed. */
export class SetupFailed extends Error {
  constructor(message, { next, output = '', cause } = {}) {
    super(message, { cause });
    this.name = 'SetupFailed';
    this.next = next;
    this.output = output;
  }
}

/** Runs `act`; a command that fails in it fails the set-up, with the given sentence and the next thing to do. */
export const explain = async (message, next, act) => {
  try {
    return await act();
  } catch (cause) {
    if (cause instanceof SetupFailed || cause.name === 'AbortError') throw cause;
    throw new SetupFailed(`${message}: ${cause.message}`, { next, output: cause.output, cause });
  }
};
