import { asMiroliveError, MiroliveError } from '../../contract/errors.ts';
import type { ChildWork } from '../child/run-child.ts';
import type { WorkMark } from '../child/work-mark.ts';
import type { Opened } from './guard.ts';
import { LocalGuard } from './local-guard.ts';
import type { GuardAsk, GuardReport, GuardRequest } from './messages.ts';
import { Network } from './network.ts';

/** What the guard's process does: it opens addresses for those that have media. */
export class GuardProcess implements ChildWork<GuardRequest> {
  readonly #report: (report: GuardReport) => void;
  readonly #workMark: WorkMark;
  readonly #openings = new Map<number, Opened<object>>();
  #guard: LocalGuard | undefined;

  constructor(report: (report: GuardReport) => void, workMark: WorkMark) {
    this.#report = report;
    this.#workMark = workMark;
  }

  handle(request: GuardRequest): void {
    if (request.type === 'begin') {
      this.#guard = new LocalGuard(new Network(request), this.#workMark);
      this.#report({ type: 'ready' });
      return;
    }
    const { call, ask } = request;
    this.#answer(call, ask).then(
      (value) => this.#report({ type: 'answer', call, answer: { value } }),
      (error: unknown) =>
        this.#report({ type: 'answer', call, answer: { error: asMiroliveError(error).toJSON() } }),
    );
  }

  async close(): Promise<void> {
    await this.#guard?.close();
  }

  async #answer(call: number, ask: GuardAsk): Promise<unknown> {
    if (!this.#guard) throw new Error("expected 'begin' before all else");
    switch (ask.kind) {
      case 'http':
        return this.#keep(call, await this.#guard.openHttp(ask.address, ask.mark));
      case 'relay':
        return this.#keep(call, await this.#guard.openRelay(ask.destination, ask.mask, ask.mark));
      case 'addresses':
        return await this.#guard.addresses(ask.host);
      case 'refusal':
        return (await this.#opening(ask.id).refusal())?.toJSON() ?? null;
      case 'close':
        this.#openings.get(ask.id)?.close();
        this.#openings.delete(ask.id);
        return null;
    }
  }

  #opening(id: number): Opened<object> {
    const opening = this.#openings.get(id);
    if (!opening) throw new MiroliveError('INGEST_UNAVAILABLE', 'the process that had it open has died');
    return opening;
  }

  /** As plain data, under the number of the call that asked for it: none of any life of this process has the same. */
  #keep<T extends object>(id: number, opened: Opened<T>): object {
    this.#openings.set(id, opened);
    return {
      ...Object.fromEntries(Object.entries(opened).filter(([, one]) => typeof one !== 'function')),
      id,
    };
  }
}
