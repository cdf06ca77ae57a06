import { delimiter, join } from 'node:path';
import { execa } from 'execa';

/** The path of a program of the system, on PATH. */
export async function findProgram(name: string): Promise<string> {
  for (const place of (process.env.PATH ?? '').split(delimiter)) {
    const { exitCode } = await execa(join(place, name), ['-version'], { reject: false });
    if (exitCode === 0) return join(place, name);
  }
  throw new Error(`expected ${name} on the PATH`);
}
