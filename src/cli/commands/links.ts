import { type Context, connect } from '../program/context.ts';
import type { RoomOption, Verb } from '../program/verb.ts';
import { linkTable } from '../words/link-table.ts';

interface ListOptions extends RoomOption {
  readonly revoked?: boolean;
}

/** `mirolive links list|revoke` */
export function add(program: Verb): void {
  const links = program.verb('links', 'Links by which people watch rooms: see who has one, make one void.', [
    'mirolive links list --room lobby',
    'mirolive links revoke l-k3v7qm2xay',
  ]);
  links
    .verb('list', 'Watch links, without their secrets.', [
      'mirolive links list',
      'mirolive links list --room lobby --revoked',
    ])
    .option('--room <room>', 'only of this room')
    .option('--revoked', 'those too that are revoked')
    .does(list);
  links
    .verb('revoke', 'Make a link void, and put out who came by it.', ['mirolive links revoke l-k3v7qm2xay'])
    .argument('<link>', 'its id')
    .does(revoke);
}

async function list(context: Context, { room, revoked = false }: ListOptions): Promise<undefined> {
  const links = await (await connect(context)).call('listLinks', { ...(room && { room }), revoked });
  context.output.show(links, () => linkTable(links, Date.now(), context.output.paint));
}

async function revoke(context: Context, id: string): Promise<undefined> {
  const link = await (await connect(context)).call('revokeLink', { id });
  const whose = link.name === null ? '' : ` of ${link.name}`;
  context.output.show(link, () => [`Revoked: link ${link.id}${whose} to room ${link.room}`]);
}
