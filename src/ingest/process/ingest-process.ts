import { asMiroliveError } from '../../contract/errors.ts';
import { endFamily } from '../child/descendants.ts';
import type { ChildWork } from '../child/run-child.ts';
import type { WorkMark } from '../child/work-mark.ts';
import { RemoteGuard } from '../guard/remote-guard.ts';
import type { IngestCall, IngestReport, IngestRequest } from '../pool/messages.ts';
import type { SourcesOptions } from '../sources/sources.ts';
import type { Director } from './director/director.ts';
import { openDirector } from './director/open-director.ts';
import { IngestContext } from './ingest-context.ts';
import { Routes } from './players/routes.ts';
import { RemoteTurns } from './remote-turns.ts';

/** No process asks for so many routes. */
const routesOfOne = 1_000_000;
/** What an ingest process does: it carries programmes, and speaks with the daemon by messages. */
export class IngestProcess implements ChildWork<IngestRequest> {
  readonly #report: (report: IngestReport) => void;
  readonly #routes: Routes;
  readonly #guard: RemoteGuard;
  readonly #turns: RemoteTurns;
  /** Also those that are being opened. */
  readonly #programmes = new Map<string, Promise<Director>>();
  /** Sources that are looked at. */
  readonly #preparing = new Map<string, AbortController>();
  readonly #family: string;
  readonly #workMark: WorkMark;
  #begun: IngestContext | undefined;

  /** @param family what it and all that it starts have in their environment */
  constructor(report: (report: IngestReport) => void, workMark: WorkMark, family: string) {
    this.#workMark = workMark;
    this.#report = report;
    this.#family = family;
    this.#routes = new Routes(report, process.pid * routesOfOne);
    this.#turns = new RemoteTurns(report);
    this.#guard = new RemoteGuard((call, ask) => report({ type: 'guard', call, ask }));
  }

  handle(request: IngestRequest): void {
    switch (request.type) {
      case 'begin':
        void this.#begin(request.sources);
        return;
      case 'setAside':
        this.#context.setAside(request.sources);
        return;
      case 'files':
        this.#context.sources.learn(request.findings);
        return;
      case 'turn':
        this.#turns.go(request.turn);
        return;
      case 'guarded':
        this.#guard.answer(request.call, request.answer);
        return;
      case 'route':
        this.#routes.answer(request.route, request.answer);
        return;
      default:
        this.#answer(request).catch((error: unknown) => {
          const { type, id } = request;
          this.#report({ type: 'failed', request: type, id, error: asMiroliveError(error).toJSON() });
        });
    }
  }

  /** Ends all that it has started, whatever state that is in. */
  async close(): Promise<void> {
    await endFamily(this.#family);
    await this.#begun?.close();
  }

  get #context(): IngestContext {
    if (!this.#begun) throw new Error("expected 'begin' before all else");
    return this.#begun;
  }

  async #begin(sources: SourcesOptions): Promise<void> {
    this.#begun = await IngestContext.create(sources, this.#routes, {
      ...{ workMark: this.#workMark, guard: this.#guard, turns: this.#turns },
      onFound: (finding) => this.#report({ type: 'file', finding }),
    });
    this.#report({ type: 'ready' });
  }

  async #answer(request: IngestCall): Promise<void> {
    const { id } = request;
    switch (request.type) {
      case 'open': {
        const { options, snapshot, generation, looked } = request;
        const opening = openDirector(options, snapshot, generation, looked, this.#context, {
          onEvent: (event) => this.#report({ type: 'event', id, event }),
          onSeen: (seen) => this.#report({ type: 'seen', id, seen }),
          // Whoever called it may catch that as a failure of its own: the process ends all the same, and the room opens it again.
          onBroken: (error) =>
            setImmediate(() => {
              throw error;
            }),
        });
        this.#programmes.set(id, opening);
        const { port } = await opening.catch((error: unknown) => {
          this.#programmes.delete(id);
          throw error;
        });
        this.#report({ type: 'opened', request: 'open', id, port });
        return;
      }
      case 'connect':
        await (await this.#programmes.get(id))?.connect(request.port);
        return;
      case 'want':
        await (await this.#programmes.get(id))?.want(request.wanted, request.looked);
        return;
      case 'publication':
        this.#context.publications(id).set(request.key, request.publication);
        return;
      case 'prepare':
        return await this.#prepare(request);
      case 'devices': {
        const devices = await this.#context.sources.listDevices();
        this.#report({ type: 'devices', request: 'devices', id, devices });
        return;
      }
      case 'stdin': {
        const onOver = (token: string) => this.#report({ type: 'stdin.over', token });
        const place = await this.#context.sources.openStdin(onOver);
        this.#report({ type: 'stdin', request: 'stdin', id, place });
        return;
      }
      case 'cancel':
        this.#preparing.get(id)?.abort();
        return;
      case 'close': {
        const programme = await this.#programmes.get(id)?.catch(() => undefined);
        this.#programmes.delete(id);
        await programme?.close();
        this.#report({ type: 'closed', request: 'close', id });
      }
    }
  }

  async #prepare({ id, room, source, rules }: Extract<IngestCall, { type: 'prepare' }>): Promise<void> {
    const cancelling = new AbortController();
    this.#preparing.set(id, cancelling);
    try {
      const { probe, plan, live } = await this.#context
        .sourcesOf(room, 'fails')
        .prepare(source, rules, cancelling.signal);
      this.#report({ type: 'prepared', request: 'prepare', id, prepared: { probe, plan, live } });
    } finally {
      this.#preparing.delete(id);
    }
  }
}
