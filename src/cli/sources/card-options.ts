import { Option } from 'commander';
import { MiroliveError } from '../../contract/errors.ts';

/** Flags that say what stands on a card below its title. */
export interface CardFlags {
  readonly text?: string;
}

/** `--text 'Next: {next}'` */
export function cardTextOption(): Option {
  return new Option(
    '--text <text>',
    'below the title of a card; {next}: what comes next, {startsIn}: in how long',
  );
}

/** @throws MiroliveError USAGE where it is no card */
export function withText<S extends { readonly kind: string }>(source: S, { text }: CardFlags): S {
  if (text === undefined) return source;
  if (source.kind === 'card') return { ...source, text };
  throw new MiroliveError('USAGE', `expected a card to put --text on, got ${source.kind}`, {
    hint: 'For example: mirolive take "card:Back soon" --text "At three" --room lobby',
  });
}
