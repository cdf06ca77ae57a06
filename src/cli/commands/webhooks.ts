import { readFile } from 'node:fs/promises';
import { InvalidArgumentError } from 'commander';
import { MiroliveError } from '../../contract/errors.ts';
import { type Context, connect } from '../program/context.ts';
import type { Verb } from '../program/verb.ts';
import { printable } from '../words/format.ts';
import { deliveryTable, newWebhookLines, triedLines, webhookTable } from '../words/webhook-table.ts';

/** As much as one answer of the API holds. */
const maxLogged = 500;
/** No secret is longer. */
const maxSecretFile = 200;

interface AddOptions {
  readonly events?: readonly string[];
  readonly rooms?: readonly string[];
  readonly withAddresses?: boolean;
  readonly secretFile?: string;
}

/** `mirolive webhooks …` */
export function add(program: Verb): void {
  const webhooks = program.verb('webhooks', 'Servers that are told by HTTP what happens, signed.', [
    'mirolive webhooks add https://hooks.example.org/mirolive',
    'mirolive webhooks list',
  ]);
  webhooks
    .verb('list', 'Webhooks and how they fare, without their secrets.', ['mirolive webhooks list'])
    .does(list);
  webhooks
    .verb(
      'add',
      'Have a server told what happens. The secret that it checks signatures with is shown this once.',
      [
        'mirolive webhooks add https://hooks.example.org/mirolive',
        'mirolive webhooks add https://hooks.lan/ --events broadcast.* --rooms lobby',
        'mirolive webhooks add http://10.0.0.7/ --secret-file /etc/mirolive/hook',
      ],
    )
    .argument('<url>', 'where to, such as https://hooks.example.org/mirolive')
    .option(
      '--events <types>',
      'which events, such as broadcast.*,source.away, or *; all but those of viewers, and refused publishers, by default',
      words,
    )
    .option('--rooms <rooms>', 'only of these rooms, such as lobby,hall', words)
    .option('--with-addresses', 'addresses of viewers and publishers too')
    .option('--secret-file <file>', 'file with the secret, whsec_…; a new one is made by default')
    .does(addOne);
  webhooks
    .verb('remove', 'Forget a webhook, and what it was still to be told.', [
      'mirolive webhooks remove w-k3v7qm2xay',
    ])
    .argument('<webhook>', 'its id')
    .does(remove);
  webhooks
    .verb('test', 'Send a webhook an event of the type webhook.test, and say what came of it.', [
      'mirolive webhooks test w-k3v7qm2xay',
    ])
    .argument('<webhook>', 'its id')
    .does(test);
  webhooks
    .verb('log', 'What a webhook was told, or is to be, the newest first.', [
      'mirolive webhooks log w-k3v7qm2xay',
      'mirolive webhooks log w-k3v7qm2xay --limit 500 --json',
    ])
    .argument('<webhook>', 'its id')
    .option('-n, --limit <number>', `so many at most, up to ${maxLogged}; 50 by default`, limit)
    .does(log);
  webhooks
    .verb(
      'redeliver',
      'Send a webhook again what it was told, with the same ids; what was given up by default.',
      ['mirolive webhooks redeliver w-k3v7qm2xay', 'mirolive webhooks redeliver w-k3v7qm2xay e-a2b3c4d5e6'],
    )
    .argument('<webhook>', 'its id')
    .argument('[events...]', 'ids of what it was told, as its log has them')
    .does(redeliver);
}

async function list(context: Context): Promise<undefined> {
  const webhooks = await (await connect(context)).call('listWebhooks', {});
  context.output.show(webhooks, () => webhookTable(webhooks, Date.now(), context.output.paint));
}

async function addOne(
  context: Context,
  url: string,
  { events, rooms, withAddresses = false, secretFile }: AddOptions,
): Promise<undefined> {
  const secret = secretFile === undefined ? undefined : await readSecret(secretFile);
  const client = await connect(context);
  const given = {
    ...{ url, withAddresses },
    events: events ? [...events] : null,
    rooms: rooms ? [...rooms] : null,
  };
  const made = await client.call('addWebhook', { ...given, ...(secret !== undefined && { secret }) });
  context.output.show(made, () => newWebhookLines(made, secret === undefined, context.output.paint));
}

async function remove(context: Context, id: string): Promise<undefined> {
  const removed = await (await connect(context)).call('removeWebhook', { id });
  context.output.show(removed, () => [`Removed: webhook ${removed.id} (${printable(removed.url)})`]);
}

/** Its exit status is 1 where the webhook does not take it. */
async function test(context: Context, id: string): Promise<number> {
  const tried = await (await connect(context)).call('testWebhook', { id });
  context.output.show(tried, () => triedLines(tried, context.output.paint));
  return tried.taken ? 0 : 1;
}

async function log(context: Context, id: string, options: { readonly limit?: number }): Promise<undefined> {
  const deliveries = await (await connect(context)).call('webhookLog', { id, limit: options.limit ?? 50 });
  context.output.show(deliveries, () => deliveryTable(deliveries, Date.now(), context.output.paint));
}

async function redeliver(context: Context, id: string, events: readonly string[]): Promise<undefined> {
  const again = await (await connect(context)).call('redeliverWebhook', {
    id,
    events: events.length === 0 ? null : [...events],
  });
  context.output.show(again, () => [
    again.waiting === 0
      ? `Nothing is there to be sent again; see what it was told: mirolive webhooks log ${id}`
      : `Sent again: ${again.waiting}; see what comes of it: mirolive webhooks log ${id}`,
  ]);
}

async function readSecret(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((cause: Error) => {
    throw new MiroliveError('USAGE', `cannot read the secret: ${cause.message}`, {
      ...{ cause, hint: 'Check that the file is there and may be read' },
    });
  });
  const secret = text.trim();
  // What is no secret is not shown: it may be another one.
  if (secret.length <= maxSecretFile && secret.startsWith('whsec_')) return secret;
  throw new MiroliveError('USAGE', `expected whsec_ and 24 to 64 bytes in base64 in ${file}`, {
    hint: `Make one: echo "whsec_$(openssl rand -base64 32)" > FILE; or leave --secret-file out`,
  });
}

function words(text: string): readonly string[] {
  return text.split(',').map((word) => word.trim());
}

function limit(text: string): number {
  const number = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (number >= 1 && number <= maxLogged) return number;
  throw new InvalidArgumentError(`Expected a number from 1 to ${maxLogged}.`);
}
