import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { StateStore } from '../../src/daemon/state/state-store.ts';

export const silentLog = pino({ level: 'silent' });

/** A folder that is gone with the scope. */
export function temporaryFolder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'mirolive-state-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** A state in a folder, as a daemon has it. */
export function openState(folder: string, log = silentLog): StateStore {
  return StateStore.open({ folder, socket: `${folder}/control.sock`, log });
}
