import { randomBytes } from 'node:crypto';
import { MiroliveError } from '../../contract/errors.ts';
import { onceOver, told } from '../child/line.ts';
import type { ChildWork } from '../child/run-child.ts';
import type { WorkMark } from '../child/work-mark.ts';
import type { GuardProcessCalls } from './calls.ts';
import type { Opened, OpenedHttp, OpenedRelay } from './guard.ts';
import { LocalGuard } from './local-guard.ts';
import { Network } from './network.ts';

/** What the guard's process does: it opens addresses for those that have media. */
export function guardProcess(workMark: WorkMark): ChildWork<GuardProcessCalls> {
  const openings = new Map<
    string,
    Opened<object> & Partial<Pick<OpenedHttp, 'variants'> & Pick<OpenedRelay, 'byUdp'>>
  >();
  let begun: LocalGuard | undefined;
  const guard = () => {
    if (!begun) throw new Error("expected 'begin' before all else");
    return begun;
  };
  /** Holds it open for as long as it is needed. */
  const keep = (opened: Opened<object>, signal: AbortSignal): string => {
    const id = randomBytes(9).toString('base64url');
    openings.set(id, opened);
    onceOver(signal, () => {
      openings.delete(id);
      opened.close();
    });
    return id;
  };
  const openedAs = (id: string) => {
    const opened = openings.get(id);
    if (!opened) throw new MiroliveError('INGEST_UNAVAILABLE', 'the process that had it open has died');
    return opened;
  };
  return {
    answers: {
      begin(settings) {
        begun = new LocalGuard(new Network(settings), workMark);
      },
      async http({ address, mark, wishes }, signal) {
        const opened = await guard().openHttp(address, mark, wishes);
        const { location, env } = opened;
        return { id: keep(opened, signal), location, env };
      },
      async relay({ destination, protocol, mark }, signal) {
        const opened = await guard().openRelay(destination, protocol, mark);
        return { id: keep(opened, signal), port: opened.port };
      },
      addresses: ({ host }) => guard().addresses(host),
      refusal: async ({ id }) => {
        const refusal = await openedAs(id).refusal();
        return refusal && told(refusal);
      },
      variants: async ({ id }) => (await openedAs(id).variants?.()) ?? null,
      byUdp: async ({ id }) => (await openedAs(id).byUdp?.()) ?? false,
    },
    close: async () => await begun?.close(),
  };
}
