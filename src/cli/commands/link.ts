import { InvalidArgumentError } from 'commander';
import { type Context, connect } from '../program/context.ts';
import { duration, wholeNumber } from '../program/options.ts';
import { warnOfOpen } from '../program/room.ts';
import type { Verb } from '../program/verb.ts';
import { codeLines, newLinkLines } from '../words/link-table.ts';

/** The longest that the API takes: ten years. */
const maxLifetimeMs = 3650 * 86_400_000;

interface Wanted {
  readonly room: string;
  readonly name?: string;
  /** In ms. */
  readonly ttl?: number;
  readonly maxUses?: number;
}

/** `mirolive link --room ROOM` */
export function add(program: Verb): void {
  program
    .verb('link', 'Make a link by which somebody may watch a room. It is shown this once.', [
      'mirolive link --room lobby',
      'mirolive link --room lobby --name "Guest 1" --ttl 2h --max-uses 1',
      'mirolive link --room lobby --json | jq -r .url',
    ])
    .requiredOption('--room <room>', 'room that is watched by it')
    .option('--name <name>', 'whom it is for, as lists call them')
    .option('--ttl <time>', 'good for so long, such as 2h; until it is revoked by default', lifetime)
    .option('--max-uses <number>', 'so many browsers may come by it; as many as like by default', uses)
    .does(create);
}

async function create(context: Context, { room, name, ttl, maxUses }: Wanted): Promise<undefined> {
  const client = await connect(context);
  const wanted = { room, name: name ?? null, expiresMs: ttl ?? null, maxUses: maxUses ?? null };
  const made = await client.call('createLink', wanted);
  const { output } = context;
  const { renderUnicodeCompact } = await import('uqr');
  const code = output.interactive ? codeLines(renderUnicodeCompact(made.url), output.paint) : [];
  output.show(made, () => [...newLinkLines(made, Date.now(), output.paint), ...code]);
  await warnOfOpen(client, output, room);
}

function lifetime(text: string): number {
  const ms = duration(text);
  if (ms < 1000 || ms > maxLifetimeMs) throw new InvalidArgumentError('Expected a time from 1s to 3650d.');
  return ms;
}

function uses(text: string): number {
  const number = wholeNumber(text);
  if (number === 0) throw new InvalidArgumentError('Expected a whole number from 1.');
  return number;
}
