import { readdir, readFile } from 'node:fs/promises';
import { systemClock } from '../../contract/clock.ts';

/** The variable that an ingest process and all that it starts have in their environment, each with a value of its own. */
export const familyVariable = 'MIROLIVE_FAMILY';

/** One that is about to start another may be quicker than a look around. */
const rounds = 2;
/** What waits for a disk or a mount that is dead may not be read as long as that lasts; the others are ended by then, in ms. */
const limitMs = 1000;

/**
 * Ends, at once, all processes of a family but this one: ffmpeg and what a script around it has started, whoever their parent
 * is by now. By their environment, since a list of them could lack the last one, and name one whose number is another's by now.
 * Nobody waits for it longer than its limit. @param folder where processes are listed (proc(5))
 */
export async function endFamily(family: string, folder = '/proc'): Promise<void> {
  const limit = Promise.withResolvers<void>();
  const timer = systemClock.after(limitMs, limit.resolve);
  await Promise.race([endAll(family, folder), limit.promise]);
  timer.cancel();
}

async function endAll(family: string, folder: string): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    // Who is out of descriptors sees nobody for a moment: nothing of what waits for this may hang on it.
    const names = await readdir(folder).catch(() => []);
    await Promise.all(names.map((name) => endOne(Number(name), family, folder)));
  }
}

async function endOne(pid: number, family: string, folder: string): Promise<void> {
  if (!Number.isInteger(pid) || pid === process.pid || !(await isOf(pid, family, folder))) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

async function isOf(pid: number, family: string, folder: string): Promise<boolean> {
  // Those of other users cannot be read, and are none of ours.
  const environment = await readFile(`${folder}/${pid}/environ`, 'latin1').catch(() => '');
  return environment.split('\0').includes(`${familyVariable}=${family}`);
}
