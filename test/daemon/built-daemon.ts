import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { markOfTests } from '../helpers/end-with-tests.ts';

const bin = new URL('../../bin/mirolive', import.meta.url).pathname;

/** A folder with a configuration of free ports, for the built daemon to run in. */
export function daemonFolder() {
  const path = mkdtempSync(join(tmpdir(), 'mirolive-built-'));
  const config = join(path, 'mirolive.yaml');
  const configure = (sections: Record<string, unknown> = {}) =>
    writeFileSync(
      config,
      JSON.stringify({
        http: { host: '127.0.0.1', port: 0 },
        rtmp: { host: '127.0.0.1', port: 0 },
        webrtc: { port: 0, listen: ['127.0.0.1'] },
        workers: { count: 1 },
        state: { dir: join(path, 'state') },
        ...sections,
      }),
    );
  configure();
  const socket = join(path, 'run', 'control.sock');
  return {
    ...{ path, config, configure, socket },
    flags: ['--config', config, '--socket', socket],
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** The built daemon in the foreground; ended with the scope, if it is not by then. @param program of another checkout */
export function builtDaemon(
  flags: readonly string[],
  stderr: number | 'pipe' = 'pipe',
  program: string = bin,
) {
  const child = spawn(program, ['daemon', ...flags], {
    stdio: ['ignore', 'ignore', stderr],
    env: { ...markOfTests(), PATH: process.env.PATH, HOME: process.env.HOME },
  });
  let said = '';
  let waiting: { text: string; resolve: () => void }[] = [];
  const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    waiting = waiting.filter((one) => {
      if (!said.includes(one.text)) return true;
      one.resolve();
      return false;
    });
  });
  return {
    child,
    ended,
    get said() {
      return said;
    },
    /** Resolves once it has said so, however long ago. */
    saying(text: string): Promise<void> {
      return new Promise((resolve, reject) => {
        if (said.includes(text)) return resolve();
        waiting.push({ text, resolve });
        void ended.then(() => reject(new Error(`the daemon ended without saying ${text}: ${said}`)));
      });
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Asks again and again until the answer is one, for what nobody announces. */
export async function eventually<T>(ask: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
