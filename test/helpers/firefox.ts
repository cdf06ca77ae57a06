import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** As Debian's is when it is new, without its plug-in for H.264; and it neither calls home nor waits for a click. */
const preferences = {
  'app.normandy.enabled': false,
  'app.update.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'media.autoplay.default': 0,
  'media.gmp-manager.url': '',
  'media.gmp-provider.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
};

/** One tab of Debian's Firefox, headless, by WebDriver BiDi (https://w3c.github.io/webdriver-bidi). */
export interface Firefox extends AsyncDisposable {
  /** Opens an address; `script` runs before those of the page. */
  open(url: string, script: () => void): Promise<void>;
  /** What a function gives that runs in the page, as JSON. */
  evaluate<T>(inPage: () => T | Promise<T>): Promise<T>;
}

interface Evaluated {
  readonly result?: { readonly value: string };
  readonly exceptionDetails?: { readonly text: string };
}

/** Starts Firefox with a profile of its own. */
export async function launchFirefox(): Promise<Firefox> {
  await using scope = new AsyncDisposableStack();
  const profile = await mkdtemp(join(tmpdir(), 'mirolive-firefox-'));
  scope.defer(() => rm(profile, { recursive: true, force: true }));
  const lines = Object.entries(preferences).map(
    ([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});`,
  );
  await writeFile(join(profile, 'user.js'), lines.join('\n'));
  const args = ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0'];
  const child = spawn('/usr/bin/firefox-esr', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const exited = once(child, 'exit');
  scope.defer(async () => {
    child.kill();
    await exited;
  });
  const call = await connect(await addressOf(child.stderr));
  await call('session.new', { capabilities: {} });
  const { contexts } = await call<{ contexts: [{ context: string }] }>('browsingContext.getTree', {});
  const [{ context }] = contexts;
  const held = scope.move();
  return {
    async open(url, script) {
      await call('script.addPreloadScript', { functionDeclaration: String(script) });
      await call('browsingContext.navigate', { context, url, wait: 'interactive' });
    },
    async evaluate(inPage) {
      const expression = `(async () => JSON.stringify(await (${inPage})()))()`;
      const parameters = { expression, target: { context }, awaitPromise: true };
      const { result, exceptionDetails } = await call<Evaluated>('script.evaluate', parameters);
      if (result === undefined) throw new Error(`it failed in Firefox: ${exceptionDetails?.text}`);
      return JSON.parse(result.value);
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

async function addressOf(stderr: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: stderr })) {
    const [, address] = /^WebDriver BiDi listening on (ws:\S+)/.exec(line) ?? [];
    if (address !== undefined) {
      stderr.resume();
      return `${address}/session`;
    }
  }
  throw new Error('expected Firefox to listen for WebDriver BiDi, it ended');
}

type Call = <T>(method: string, params: object) => Promise<T>;

async function connect(url: string): Promise<Call> {
  const socket = new WebSocket(url);
  await once(socket, 'open');
  let last = 0;
  return async <T>(method: string, params: object): Promise<T> => {
    const id = ++last;
    const answered = new Promise<Record<string, unknown>>((resolve) => {
      const hear = ({ data }: MessageEvent<string>): void => {
        const message = JSON.parse(data);
        if (message.id !== id) return;
        socket.removeEventListener('message', hear);
        resolve(message);
      };
      socket.addEventListener('message', hear);
    });
    socket.send(JSON.stringify({ id, method, params }));
    const { result, message } = await answered;
    if (result === undefined) throw new Error(`Firefox refused ${method}: ${message}`);
    return result as T;
  };
}
