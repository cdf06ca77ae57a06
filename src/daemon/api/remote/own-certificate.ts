import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import type { Logger } from 'pino';
import { makeFolder } from '../../../files/make-folder.ts';
import { writeWholeFile } from '../../../files/whole-file.ts';

const fileName = 'control-tls.pem';
/** It has a private key in it. */
const fileMode = 0o600;
const folderMode = 0o700;
/**
 * The file with the certificate that the daemon makes for itself, and with its key: made where there is none yet. One that cannot be used
 * is set aside.
 *
 * @param folder of the state
 * @throws what the system answers
 */
export async function ownCertificate(folder: string, wallMs: number, log: Logger): Promise<string> {
  const path = join(folder, fileName);
  if (existsSync(path)) {
    const problem = problemOf(path);
    if (problem === null) return path;
    const aside = `${path}.unusable`;
    renameSync(path, aside);
    log.warn(
      { problem, aside },
      'the certificate of the control API cannot be used, and another one is made',
    );
  }
  // Loaded once in the life of a daemon.
  const { makeCertificate } = await import('./make-certificate.ts');
  makeFolder(folder, folderMode);
  writeWholeFile(path, await makeCertificate(wallMs), fileMode);
  return path;
}

function problemOf(path: string): string | null {
  // What cannot be read for now is kept: clients know it by its print.
  const pem = readFileSync(path, 'utf8');
  try {
    createSecureContext({ cert: pem, key: pem });
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}
