import { setTimeout as pause } from 'node:timers/promises';
import { runChild } from '../../../src/ingest/child/run-child.ts';

/** How it is to behave, which is the first that it is asked; `grow`: when it is asked once more. */
export type Script = 'work' | 'mute' | 'spin' | 'throw' | 'grow' | 'stay';
export type Said = { readonly type: 'ready'; readonly pid: number };

const kept: Buffer[] = [];

runChild<Script, Said>((report) => ({
  handle(script) {
    if (script === 'mute') return;
    report({ type: 'ready', pid: process.pid });
    if (script === 'throw') throw new TypeError('what nobody has foreseen');
    // What was said is sent before.
    if (script === 'spin')
      setTimeout(() => {
        for (;;);
      }, 100);
    if (script === 'grow') setInterval(() => kept.push(Buffer.alloc(16 * 1024 ** 2, 1)), 50);
    if (script === 'stay') stays = true;
  },
  close: () => (stays ? pause(600_000) : Promise.resolve()),
}));

let stays = false;
