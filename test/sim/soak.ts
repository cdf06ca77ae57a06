import * as fc from 'fast-check';
import * as director from './director.ts';
import * as room from './room.ts';

/** What is simulated, by names. */
const simulations: Readonly<Record<string, fc.IAsyncProperty<unknown[]>>> = {
  director: director.property as unknown as fc.IAsyncProperty<unknown[]>,
  room: room.property as unknown as fc.IAsyncProperty<unknown[]>,
};
const runsAtOnce = 100;

/** Goes on with new seeds for so many minutes; a failure ends it, with its seed and the shortest history. */
const minutes = Number(process.argv[process.argv.indexOf('--minutes') + 1]);
if (!(minutes > 0)) throw new Error('expected --minutes N, such as --minutes 60');
const untilMs = Date.now() + minutes * 60_000;
let histories = 0;
while (Date.now() < untilMs)
  for (const [name, property] of Object.entries(simulations)) {
    const seed = Math.floor(Math.random() * 2 ** 31);
    await fc.assert(property, { seed, numRuns: runsAtOnce }).catch((error: unknown) => {
      throw new Error(`${name} with seed ${seed}`, { cause: error });
    });
    histories += runsAtOnce;
  }
console.log(`${histories} histories without a failure`);
