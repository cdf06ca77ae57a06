import { unwrittenWords } from '../words/kept-words.ts';
import type { Context, connect } from './context.ts';

/** Says where what was just done to a broadcast cannot be written. What cannot be asked any more is done nevertheless. */
export async function warnUnwritten(
  { output }: Pick<Context, 'output'>,
  client: Awaited<ReturnType<typeof connect>>,
): Promise<void> {
  const status = await client.call('status', {}).catch(() => null);
  const words = status && unwrittenWords(status);
  if (words) output.warn(words);
}
