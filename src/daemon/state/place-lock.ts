import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { type Owner, ownerFile, readOwner, startTicks } from '../../files/owner.ts';

/**
 * What only one daemon may have: a control socket, a state. SQLite's lock is given back when the process dies, in whatever
 * way; who has it is written down beside it.
 */
export class PlaceLock {
  readonly #place: string;
  readonly #database: DatabaseSync;
  #held = true;

  private constructor(place: string, database: DatabaseSync) {
    this.#place = place;
    this.#database = database;
  }

  /**
   * @param place path of what is locked; `.lock` and `.owner` stand beside it
   * @throws Error as SQLite does: with `errcode` 5 if another daemon has it
   */
  static take(place: string, socket: string): PlaceLock {
    const path = `${place}.lock`;
    const database = new DatabaseSync(path);
    try {
      chmodSync(path, 0o600);
      database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
      const owner: Owner = { pid: process.pid, startTicks: startTicks(process.pid), socket };
      writeFileSync(ownerFile(place), JSON.stringify(owner), { mode: 0o640 });
      return new PlaceLock(place, database);
    } catch (error) {
      database.close();
      throw error;
    }
  }

  close(): void {
    if (!this.#held) return;
    this.#held = false;
    // In a folder that was made again it may be another's.
    if (readOwner(this.#place)?.pid === process.pid) rmSync(ownerFile(this.#place), { force: true });
    this.#database.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
