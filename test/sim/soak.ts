import * as fc from 'fast-check';
import { soakKills } from '../e2e/soak-kills.ts';
import * as director from './director.ts';
import * as room from './room.ts';

/** What is simulated, by names. */
const simulations: Readonly<Record<string, fc.IAsyncProperty<unknown[]>>> = {
  director: director.property as unknown as fc.IAsyncProperty<unknown[]>,
  room: room.property as unknown as fc.IAsyncProperty<unknown[]>,
};
const runsAtOnce = 100;

/** The number behind a flag. */
const given = (flag: string) => Number(process.argv[process.argv.indexOf(flag) + 1]);
const kills = process.argv.includes('--kills') ? given('--kills') : 0;
if (kills > 0) {
  await soakKills(kills, Math.random);
  process.exit();
}

/** Goes on with new seeds for so many minutes, and says each minute how far it is; a failure ends it, with its seed, its path and the shortest history. */
const minutes = given('--minutes');
if (!(minutes > 0)) throw new Error('expected --minutes N, such as --minutes 60, or --kills N');
const startedMs = performance.now();
const passedS = () => Math.round((performance.now() - startedMs) / 1000);
let histories = 0;
let toldS = 0;
while (passedS() < minutes * 60)
  for (const [name, property] of Object.entries(simulations)) {
    const details = await fc.check(property, { numRuns: runsAtOnce });
    if (details.failed) throw new Error(failure(name, details));
    histories += runsAtOnce;
    if (passedS() - toldS < 60) continue;
    toldS = passedS();
    console.log(`${histories} histories in ${toldS} s`);
  }
console.log(`${histories} histories without a failure`);

/** As much as it takes to see it again: a value of the history on each line. */
function failure(name: string, details: fc.RunDetails<unknown[]>): string {
  const { seed, counterexamplePath, counterexample, errorInstance } = details;
  const lines = (counterexample ?? []).flat().map((one) => JSON.stringify(one));
  const why = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  return [`${name} with seed ${seed}, path "${counterexamplePath}": ${why}`, ...lines].join('\n');
}
