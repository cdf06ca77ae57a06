import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { KilledEvent } from './kills.ts';

/** Kills the daemon so often at moments by chance over a running event; what does not survive that ends it, with those moments. */
export async function soakKills(times: number, random: () => number): Promise<void> {
  await using folder = await temporaryFolder();
  await using event = await KilledEvent.begin(folder.path);
  for (let killed = 0; killed < times; ) {
    const moments = Array.from({ length: Math.floor(random() * 4) }, () => Math.floor(random() * 3000));
    await event.survive(moments).catch((error: unknown) => {
      throw new Error(`kills at ${moments.join(', ') || 'rest'} ms after a start`, { cause: error });
    });
    killed += 1 + moments.length;
    console.log(`${killed} kills survived`);
  }
}
