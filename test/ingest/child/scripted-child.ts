import { setTimeout as pause } from 'node:timers/promises';
import { MiroliveError } from '../../../src/contract/errors.ts';
import { runChild } from '../../../src/ingest/child/run-child.ts';

/** How it is to behave. `babble`: it speaks as nobody does; `rant`: without an end; `circle`: of what is in itself; `refuse`: it cannot begin; `quote`: for what somebody said without an end. */
export type Script =
  | 'work'
  | 'mute'
  | 'spin'
  | 'throw'
  | 'grow'
  | 'stay'
  | 'babble'
  | 'rant'
  | 'circle'
  | 'refuse'
  | 'quote';

export interface ScriptedCalls {
  /** Its pid. */
  begin(script: Script): number;
}

const kept: Buffer[] = [];
const circle: { in?: object } = {};
circle.in = circle;
let stays = false;

runChild<ScriptedCalls, object>(() => ({
  answers: {
    begin(script) {
      if (script === 'refuse') throw new MiroliveError('PORT_IN_USE', 'it has no place');
      if (script === 'quote') throw new MiroliveError('PORT_IN_USE', 'x'.repeat(2 ** 17));
      if (script === 'mute') return new Promise(() => {});
      // What is answered is sent before.
      setTimeout(() => {
        if (script === 'throw') throw new TypeError('what nobody has foreseen');
        if (script === 'babble') process.send?.({ type: 'tell', name: 'constructor', what: 1 });
        if (script === 'rant')
          process.send?.({ type: 'tell', name: '', what: [{ words: 'x'.repeat(2 ** 17) }] });
        if (script === 'circle') process.send?.({ type: 'tell', name: '', what: circle });
        while (script === 'spin');
      }, 100);
      if (script === 'grow') setInterval(() => kept.push(Buffer.alloc(16 * 1024 ** 2, 1)), 50);
      stays = script === 'stay';
      return process.pid;
    },
  },
  close: () => (stays ? pause(600_000) : Promise.resolve()),
}));
