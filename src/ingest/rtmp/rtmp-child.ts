import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import type { RtmpReport, RtmpRequest } from './messages.ts';

/** How often it is asked whether it lives, in ms, and how many times in a row it may fail to say so: it hangs then. */
const pingMs = 1000;
const maxUnanswered = 5;
/** The same for the first answer: a machine that has much else to do starts it slowly. */
const maxUnansweredAtStart = 20;
/** It ends by itself when it is let go; after so long, in ms, it is killed. */
const endTimeoutMs = 1000;
/** What it says last is read for so long after its end, in ms: something else may hold its standard error open. */
const lastWordsMs = 1000;
/** Of what it says before it dies, this much is kept. */
const maxComplaint = 2000;

/** One life of the RTMP process. It ends when it is let go, when it dies, or when it hangs. */
export class RtmpChild {
  readonly #child: ChildProcess;
  readonly #timer: NodeJS.Timeout;
  /** Resolves when it is gone, with what is known of why. */
  readonly ended: Promise<string>;
  #mayOwe = maxUnansweredAtStart;
  #complaint = '';

  constructor(onReport: (report: Exclude<RtmpReport, { type: 'pong' }>) => void) {
    // Tests run the source itself; dist has it compiled.
    const file = import.meta.url.endsWith('.ts') ? './main.ts' : './main.js';
    // Without our environment, which may hold secrets; node-media-server writes a line for each connection to standard output.
    this.#child = fork(fileURLToPath(new URL(file, import.meta.url)), [], {
      env: {},
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#complaint = (this.#complaint + text).slice(-maxComplaint);
    });
    this.#child.on('message', (report: RtmpReport) => {
      this.#mayOwe = maxUnanswered;
      if (report.type !== 'pong') onReport(report);
    });
    this.#timer = setInterval(() => this.#ping(), pingMs);
    this.ended = this.#end();
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  send(request: RtmpRequest): void {
    // What cannot be sent any more is to a process that is about to be found dead.
    if (this.#child.connected) this.#child.send(request, () => {});
  }

  /** Lets it go; resolves when it is gone. */
  async close(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), endTimeoutMs);
    await this.ended;
    clearTimeout(timer);
  }

  async #end(): Promise<string> {
    const child = this.#child;
    // Not 'close': it does not come where the channel was closed from this side.
    const said = child.stderr ? finished(child.stderr).catch(() => {}) : undefined;
    try {
      const [code, signal] = await once(child, 'exit');
      const unheard = setTimeout(() => child.stderr?.destroy(), lastWordsMs);
      await said;
      clearTimeout(unheard);
      const how = signal === null ? `it ended with code ${code}` : `it was ended by ${signal}`;
      const error = this.#complaint.split('\n').findLast((line) => /^\w*Error\b/.test(line));
      return error === undefined ? how : `${how}: ${error}`;
    } catch (error) {
      return (error as Error).message;
    } finally {
      clearInterval(this.#timer);
    }
  }

  #ping(): void {
    if (this.#mayOwe === 0) this.#child.kill('SIGKILL');
    else this.#mayOwe -= 1;
    this.send({ type: 'ping' });
  }
}
