const TICK_MS = 200;
const PLAIN_TICK_MS = 15_000;

/**
 * Shows the steps of a set-up, one line each with its time: `✓ npm packages  6.2 s`. On a terminal the line of a step
 * that runs counts on; elsewhere a long one says every 15 s how far it is. Colour only on a terminal, never with NO_COLOR.
 */
export const createSteps = (stream = process.stderr, env = process.env) => {
  const live = Boolean(stream.isTTY) && env.TERM !== 'dumb';
  const colour = live && !env.NO_COLOR;
  const paint = (code, text) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const rewrite = (text) => stream.write(live ? `\r\u001b[2K${text}` : text);

  /** Runs `act({ progress, note })`: `progress` says how far it is, `note` is added to the finished line. */
  const step = async (name, act) => {
    const start = performance.now();
    const time = () => `${((performance.now() - start) / 1000).toFixed(1)} s`;
    let progress = '';
    let note = '';
    const tick = () => rewrite(`… ${name}  ${progress}${progress && ', '}${time()}${live ? '' : '\n'}`);
    const timer = setInterval(tick, live ? TICK_MS : PLAIN_TICK_MS);
    const controls = {
      progress: (text) => {
        progress = text;
      },
      note: (text) => {
        note = text;
      },
    };
    try {
      const result = await act(controls);
      rewrite(`${paint(32, '✓')} ${name}  ${paint(2, `${time()}${note && `  ${note}`}`)}\n`);
      return result;
    } catch (error) {
      rewrite(`${paint(31, '✗')} ${name}  ${paint(2, time())}\n`);
      throw error;
    } finally {
      clearInterval(timer);
    }
  };
  return { step, paint };
};
