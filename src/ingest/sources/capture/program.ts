import { execa } from 'execa';
import { MiroliveError } from '../../../contract/errors.ts';

/** A program of the system answers at once, or hangs on what it talks to, in ms. */
const timeoutMs = 5000;
const maxOutput = 4 * 1024 * 1024;

/** What a program wrote, and whether it ended well. */
export interface Words {
  readonly stdout: string;
  readonly stderr: string;
  readonly ok: boolean;
}

/**
 * Runs a program that tells of the system.
 *
 * @param debianPackage what to install where it is missing
 * @throws MiroliveError PROGRAM_NOT_FOUND
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  { debianPackage, signal }: { debianPackage: string; signal?: AbortSignal | undefined },
): Promise<Words> {
  const limit = AbortSignal.timeout(timeoutMs);
  const result = await execa(program, args, {
    ...{ stdin: 'ignore', reject: false, encoding: 'buffer', maxBuffer: maxOutput, killSignal: 'SIGKILL' },
    cancelSignal: signal ? AbortSignal.any([limit, signal]) : limit,
    env: { LC_ALL: 'C.UTF-8' },
  });
  if (result.code === 'ENOENT' || result.code === 'EACCES') {
    throw new MiroliveError('PROGRAM_NOT_FOUND', `expected the program ${program}, but it cannot be run`, {
      cause: result,
      details: { package: debianPackage },
    });
  }
  return { stdout: textOf(result.stdout), stderr: textOf(result.stderr), ok: !result.failed };
}

/** UTF-8, line by line; a line that is not is Latin-1, as old X programs name their windows. */
function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('latin1')
    .split('\n')
    .map((line) => {
      const utf8 = Buffer.from(line, 'latin1').toString('utf8');
      return utf8.includes('\ufffd') ? line : utf8;
    })
    .join('\n');
}
