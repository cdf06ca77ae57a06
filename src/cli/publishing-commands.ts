import type { Command } from 'commander';
import { type Act, examples } from './command-parts.ts';

/** `mirolive keys …` and `mirolive publishers` */
export function publishingCommands(program: Command, act: Act): void {
  const keys = program
    .command('keys')
    .description('Stream keys, with which OBS and others publish into a room.');
  const module = () => import('./commands/keys.ts');

  const create = keys
    .command('create')
    .description('Make a stream key. It is shown this once, with what to paste into OBS.')
    .requiredOption('--room <room>', 'room that is published into')
    .option('--name <name>', 'what its publisher is called; cam1, cam2 … by default')
    .option('--expires <time>', 'valid for so long, such as 8h; for ever by default')
    .action((options) => act(create, async (context) => (await module()).create(context, options)));
  examples(create, [
    'mirolive keys create --room lobby',
    'mirolive keys create --room lobby --name stage --expires 8h',
    'mirolive keys create --room lobby --json | jq -r \'.addresses.rtmp + "/" + .secret\'',
  ]);

  const list = keys
    .command('list')
    .description('Stream keys, without their secrets.')
    .option('--room <room>', 'only of this room')
    .option('--revoked', 'those too that are revoked')
    .action((options) => act(list, async (context) => (await module()).list(context, options)));
  examples(list, ['mirolive keys list', 'mirolive keys list --room lobby --revoked']);

  const revoke = keys
    .command('revoke')
    .description('Make a stream key void. Who publishes with it is cut off at once.')
    .argument('<key>', 'its id, as mirolive keys list has it')
    .action((key) => act(revoke, async (context) => (await module()).revoke(context, key)));
  examples(revoke, ['mirolive keys revoke k-k3v7qm2xay']);

  const rotate = keys
    .command('rotate')
    .description('Give a stream key another secret. Who publishes with the old one is cut off at once.')
    .argument('<key>', 'its id, as mirolive keys list has it')
    .option('--expires <time>', 'valid for so long from now on; as before by default')
    .action((key, options) => act(rotate, async (context) => (await module()).rotate(context, key, options)));
  examples(rotate, ['mirolive keys rotate k-k3v7qm2xay', 'mirolive keys rotate k-k3v7qm2xay --expires 8h']);
  examples(keys, ['mirolive keys create --room lobby', 'mirolive keys list']);

  const publishers = program
    .command('publishers')
    .description('Who publishes, by RTMP and WHIP.')
    .option('--room <room>', 'only of this room')
    .action((options) => act(publishers, async (context) => (await module()).publishers(context, options)));
  examples(publishers, ['mirolive publishers', 'mirolive publishers --room lobby --json']);
}
