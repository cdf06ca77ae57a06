import { runChild } from '../../../src/ingest/child/run-child.ts';
import type { GuardProcessCalls } from '../../../src/ingest/guard/calls.ts';

/** Stands for a guard: dies over what comes of an address that ends in /throw, answers with what no guard does where it ends in /foreign, and never opens the others. */
runChild<GuardProcessCalls, object>((_, workMark) => ({
  answers: {
    begin: () => {},
    http({ address, mark }) {
      // As what comes from a server does, not as the answer to whoever has asked.
      if (mark && address.endsWith('/throw'))
        setImmediate(
          workMark.slice(mark).bind(null, () => {
            throw new TypeError('what nobody has foreseen');
          }),
        );
      if (address.endsWith('/foreign')) {
        const env = { http_proxy: '', no_proxy: '', LD_PRELOAD: '/tmp/foreign.so' };
        return { id: 'a', location: address, env };
      }
      return new Promise(() => {});
    },
    relay: () => new Promise(() => {}),
    addresses: () => [],
    refusal: () => null,
    variants: () => null,
    byUdp: () => false,
  },
  close: async () => {},
}));
