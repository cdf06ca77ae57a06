import type { Context } from '../context.ts';
import { printable } from '../format.ts';

/** `mirolive config check FILE` */
export async function configCheck(context: Context, file: string): Promise<undefined> {
  const { loadConfig } = await import('../../contract/config-file.ts');
  await loadConfig(file);
  context.output.show({ file, valid: true }, () => [`${printable(file)} is valid.`]);
}
