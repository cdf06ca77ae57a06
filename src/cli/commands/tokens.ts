import { InvalidArgumentError, Option } from 'commander';
import { MiroliveError } from '../../contract/errors.ts';
import type { Client } from '../client.ts';
import { type Context, connect } from '../program/context.ts';
import { duration } from '../program/options.ts';
import type { Verb } from '../program/verb.ts';
import { newTokenLines, tokenTable } from '../words/token-table.ts';

/** The longest that the API takes: ten years. */
const maxLifetimeMs = 3650 * 86_400_000;
/** As the contract has them, which is not read for a help. */
const roles = ['read', 'operator', 'admin'] as const;

interface Wanted {
  readonly name?: string;
  readonly role: (typeof roles)[number];
  readonly rooms?: string[];
  /** In ms. */
  readonly for?: number;
}

/** `mirolive tokens …` */
export function add(program: Verb): void {
  const tokens = program.verb('tokens', 'Tokens, with which somebody uses the control API from elsewhere.', [
    'mirolive tokens create --role operator --for 30d',
    'mirolive tokens list',
  ]);
  tokens
    .verb('create', 'Make a token. It is shown this once.', [
      'mirolive tokens create --role operator --for 30d',
      'mirolive tokens create --role read --rooms lobby,hall --name anna',
      'mirolive tokens create --role admin --json | jq -r .secret',
    ])
    .addOption(
      new Option('--role <role>', 'read: look; operator: look, and change what is on air; admin: all')
        .choices(roles)
        .makeOptionMandatory(),
    )
    .option('--name <name>', 'what its bearer is called; operator1, operator2 … by default')
    .option('--rooms <rooms>', 'sees these rooms alone, and acts in them alone, such as lobby,hall', listed)
    .option('--for <time>', 'valid for so long, such as 30d; for ever by default', lifetime)
    .does(create);
  tokens
    .verb('list', 'Tokens, without their secrets.', [
      'mirolive tokens list',
      'mirolive tokens list --revoked',
    ])
    .option('--revoked', 'those too that are revoked')
    .does(list);
  tokens
    .verb('revoke', 'Make a token void. What its bearer has open ends at once.', [
      'mirolive tokens revoke t-k3v7qm2xay',
      'mirolive tokens revoke anna',
    ])
    .argument('<token>', 'its id or its name')
    .does(revoke);
}

async function create(context: Context, { name, role, rooms, for: forMs }: Wanted): Promise<undefined> {
  const client = await connect(context);
  const wanted = { name, role, rooms: rooms ?? null, expiresMs: forMs ?? null };
  const made = await client.call('createToken', wanted);
  context.output.show(made, () => newTokenLines(made, Date.now(), context.output.paint));
}

async function list(
  context: Context,
  { revoked = false }: { readonly revoked?: boolean },
): Promise<undefined> {
  const tokens = await (await connect(context)).call('listTokens', { revoked });
  context.output.show(tokens, () => tokenTable(tokens, Date.now(), context.output.paint));
}

async function revoke(context: Context, words: string): Promise<undefined> {
  const client = await connect(context);
  const token = await client.call('revokeToken', { id: await tokenId(client, words) });
  context.output.show(token, () => [`Revoked: token ${token.name} (${token.id})`]);
}

/** The id of a token that is named by it, also where it is revoked, or by its name. */
async function tokenId(client: Client, words: string): Promise<string> {
  const tokens = await client.call('listTokens', { revoked: true });
  const named = tokens.find(({ name, state }) => name === words && state !== 'revoked');
  const known = tokens.find(({ id }) => id === words) ?? named;
  if (known === undefined) throw new MiroliveError('TOKEN_NOT_FOUND', `there is no token ${words}`);
  return known.id;
}

function listed(text: string): string[] {
  return text.split(',').map((room) => room.trim());
}

function lifetime(text: string): number {
  const ms = duration(text);
  if (ms < 1000 || ms > maxLifetimeMs) throw new InvalidArgumentError('Expected a time from 1s to 3650d.');
  return ms;
}
