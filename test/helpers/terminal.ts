import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { execa } from 'execa';

/** A real terminal, with a program in it. */
export interface Terminal extends AsyncDisposable {
  /** Presses keys by tmux's names: `Down`, `C-z`, `q`. */
  press(...keys: string[]): Promise<void>;
  /** Types text as it is. */
  type(text: string): Promise<void>;
  /** What is on its screen, line by line; with colours as escape sequences where they are asked for. */
  screen(options?: { readonly colours?: boolean }): Promise<string[]>;
  /** The screen as soon as all of these are on it, as texts or patterns. */
  shows(...facts: readonly (string | RegExp)[]): Promise<string[]>;
  resize(columns: number, rows: number): Promise<void>;
  /** The shell that runs the line. */
  pid(): Promise<number>;
}

interface TerminalOptions {
  readonly columns: number;
  readonly rows: number;
  /** Beside PATH, HOME and what tmux sets. */
  readonly env?: Readonly<Record<string, string>>;
}

/** What is not there by then never will be, in ms; less than a test has, so that it says what was there. */
const patienceMs = 60_000;

/** Opens a terminal of this size in a tmux of its own, and runs a shell's line in it. */
export async function openTerminal(line: string, options: TerminalOptions): Promise<Terminal> {
  const { columns, rows, env = {} } = options;
  const name = `mirolive-test-${randomUUID()}`;
  const { PATH = '', HOME = '' } = process.env;
  const all = { PATH, HOME, LANG: 'C.UTF-8', ...env };
  const tmux = (...args: string[]) =>
    execa('tmux', ['-L', name, '-f', '/dev/null', ...args], { extendEnv: false, env: all });
  await tmux('new-session', '-d', '-x', `${columns}`, '-y', `${rows}`, `${line}; echo ended with $?; cat`);
  const screen = async ({ colours = false } = {}) =>
    (await tmux('capture-pane', '-p', ...(colours ? ['-e'] : []))).stdout.split('\n');
  return {
    screen,
    press: async (...keys) => void (await tmux('send-keys', ...keys)),
    pid: async () => Number((await tmux('display-message', '-p', '#{pane_pid}')).stdout),
    type: async (text) => void (await tmux('send-keys', '-l', text)),
    resize: async (width, height) => void (await tmux('resize-window', '-x', `${width}`, '-y', `${height}`)),
    async shows(...facts) {
      for (const begun = performance.now(); ; ) {
        const lines = await screen();
        const text = lines.join('\n');
        const holds = (fact: string | RegExp) =>
          typeof fact === 'string' ? text.includes(fact) : fact.test(text);
        if (facts.every(holds)) return lines;
        const missing = facts.filter((fact) => !holds(fact)).join(', ');
        if (performance.now() - begun > patienceMs)
          throw new Error(`expected ${missing} on the screen, which shows:\n${text}`);
        await pause(100);
      }
    },
    [Symbol.asyncDispose]: async () => void (await tmux('kill-server')),
  };
}
