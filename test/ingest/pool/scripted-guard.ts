import { runChild } from '../../../src/ingest/child/run-child.ts';
import type { GuardReport, GuardRequest } from '../../../src/ingest/guard/messages.ts';

/** Stands for a guard: dies over what comes of an address that ends in /throw, and never opens the others. */
runChild<GuardRequest, GuardReport>((report, workMark) => ({
  handle(request) {
    if (request.type === 'begin') return report({ type: 'ready' });
    const { call, ask } = request;
    if (ask.kind !== 'http' || !ask.mark) return report({ type: 'answer', call, answer: { value: null } });
    workMark.slice(ask.mark)(() => {
      if (ask.address.endsWith('/throw')) throw new TypeError('what nobody has foreseen');
    });
  },
  close: async () => {},
}));
