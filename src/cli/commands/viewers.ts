import { InvalidArgumentError, Option } from 'commander';
import type { Viewer } from '../../contract/models.ts';
import { type Context, connect } from '../program/context.ts';
import { showList } from '../program/list.ts';
import { duration } from '../program/options.ts';
import { warnOfNobody } from '../program/unknown-room.ts';
import type { RoomOption, Verb, WatchOption } from '../program/verb.ts';
import {
  bannedLine,
  banTable,
  kickedLines,
  reachedLines,
  unreachedLine,
  wayBackLines,
} from '../words/ban-words.ts';
import {
  type ShownViewer,
  sortedViewers,
  type ViewerOrder,
  viewerOrders,
  viewerTable,
} from '../words/viewer-table.ts';

interface ListOptions extends RoomOption, WatchOption {
  readonly sort?: ViewerOrder;
  readonly hideAddresses?: boolean;
  readonly limit?: number;
}

interface Reason {
  readonly reason?: string;
}

interface ByAddress {
  readonly address?: boolean;
}

interface Time {
  /** In ms. */
  readonly for?: number;
}

/** `mirolive viewers` and `mirolive viewers list|kick|ban|bans|unban|message|announce|limit` */
export function add(program: Verb): void {
  const viewers = program.verb(
    'viewers',
    'Who watches, and how well; put out, ban, or tell somebody something.',
    [
      'mirolive viewers',
      'mirolive viewers --room lobby --sort suffers --limit 10 --watch',
      'mirolive viewers kick v-k3v7qm2xay',
    ],
  );
  listing(viewers);
  listing(
    viewers.verb('list', 'Who watches, and how well; mirolive viewers does the same.', [
      'mirolive viewers list --sort freezes',
      'mirolive viewers list --hide-addresses --json',
    ]),
  );
  viewers
    .verb('kick', 'Put viewers out. Their pages say so, and come back only where they want to.', [
      'mirolive viewers kick v-k3v7qm2xay',
      'mirolive viewers kick v-k3v7qm2xay v-x2abn5yqwe --reason "Use the other room"',
    ])
    .argument('<viewer...>', 'ids of viewers')
    .option('--reason <words>', 'what their pages tell them')
    .does(kick);
  viewers
    .verb('ban', 'Let somebody in no more, and put out who is there.', [
      'mirolive viewers ban v-k3v7qm2xay --for 1h',
      'mirolive viewers ban 192.0.2.0/24 --room lobby --reason "Not from here"',
      'mirolive viewers ban v-k3v7qm2xay --address',
    ])
    .argument('<who>', 'id of a viewer, a guest or a browser; address (of IPv6 its /64) or network')
    .option('--address', 'the address of this viewer, whoever has it; else what is its own')
    .option('--for <time>', 'for so long, such as 1h; until it is lifted by default', duration)
    .option('--reason <words>', 'what their pages tell them')
    .option('--room <room>', 'only in this room')
    .does(ban);
  viewers
    .verb('bans', 'Bans that hold.', ['mirolive viewers bans', 'mirolive viewers bans --room lobby --json'])
    .option('--room <room>', 'only those that hold in this room')
    .does(bans);
  viewers
    .verb('unban', 'Lift bans.', ['mirolive viewers unban x-k3v7qm2xay'])
    .argument('<ban...>', 'ids of bans')
    .does(unban);
  viewers
    .verb('message', 'Show one viewer a line on its page.', [
      'mirolive viewers message v-k3v7qm2xay "Your question comes next"',
    ])
    .argument('<viewer>', 'its id')
    .argument('<words>', 'what it is shown')
    .option('--for <time>', 'for so long, such as 30s; until it is read by default', duration)
    .does(message);
  viewers
    .verb('announce', 'Show all viewers a line on their pages; those too who come while it is shown.', [
      'mirolive viewers announce "We go on in five minutes" --room lobby --for 5m',
    ])
    .argument('<words>', 'what they are shown')
    .option('--room <room>', 'only in this room; in all by default')
    .option('--for <time>', 'for so long; 30s by default', duration)
    .does(announce);
  viewers
    .verb('limit', 'How many viewers a room takes at once.', [
      'mirolive viewers limit lobby',
      'mirolive viewers limit lobby 200',
      'mirolive viewers limit lobby none',
    ])
    .argument('<room>', 'its name')
    .argument('[number]', 'how many; none: as many as limits.viewers of the configuration', most)
    .does(limit);
}

function listing(verb: Verb): void {
  verb
    .option('--room <room>', 'only of this room')
    .addOption(new Option('--sort <by>', 'who suffers most first').choices(viewerOrders))
    .option('-n, --limit <number>', 'only the first so many', someNumber)
    .option('--hide-addresses', 'without the addresses of viewers')
    .watched()
    .does(list);
}

/** What was said to a verb. Where what it is below has options of the same names, that has taken them for its own. */
function said<Options>(own: Options, command: Verb): Options {
  return { ...command.parent?.opts(), ...own };
}

function list(context: Context, own: ListOptions, command: Verb): Promise<number> {
  const { room, sort, limit, hideAddresses = false, watch = false } = said(own, command);
  const { output } = context;
  let more = 0;
  const shown = (found: Viewer[]): ShownViewer[] => {
    const sorted = (sort === undefined ? found : sortedViewers(found, sort)).slice(0, limit);
    more = found.length - sorted.length;
    return hideAddresses ? sorted.map(({ address: _, ...rest }) => rest) : sorted;
  };
  return showList(context, watch, {
    asked: async (client) => {
      const found = await client.call('listViewers', { room });
      if (found.length === 0 && room !== undefined) await warnOfNobody(context, client, room);
      return shown(found);
    },
    observed: { room, detail: 'glance', viewers: true },
    viewed: (view, { viewedViewers }) => shown(viewedViewers(view)),
    words: (viewers) => [
      ...viewerTable(viewers, Date.now(), output.paint, output.columns - 1),
      ...(more === 0 ? [] : [`… and ${more} more`]),
    ],
  });
}

async function kick(context: Context, ids: readonly string[], { reason }: Reason): Promise<undefined> {
  const client = await connect(context);
  const done = await client.call('kickViewers', { ids: [...ids], reason: reason ?? null });
  context.output.show(done, () => kickedLines(done));
}

async function ban(
  context: Context,
  who: string,
  own: Time & Reason & RoomOption & ByAddress,
  command: Verb,
): Promise<undefined> {
  const { for: forMs, reason, room, address } = said(own, command);
  const client = await connect(context);
  const done = await client.call('ban', {
    ...{ who, room, forMs: forMs ?? null, reason: reason ?? null },
    ...(address ? { address } : {}),
  });
  if (room !== undefined && done.kicked.length === 0) await warnOfNobody(context, client, room);
  context.output.show(done, () => [
    bannedLine(done.ban, Date.now()),
    ...kickedLines({ ...done, missing: [] }),
    ...wayBackLines(done, address === true),
  ]);
}

async function bans(context: Context, own: RoomOption, command: Verb): Promise<undefined> {
  const { room } = said(own, command);
  const client = await connect(context);
  const found = await client.call('listBans', { room });
  if (room !== undefined && found.length === 0) await warnOfNobody(context, client, room);
  context.output.show(found, () => banTable(found, Date.now(), context.output.paint));
}

async function unban(context: Context, ids: readonly string[]): Promise<undefined> {
  const client = await connect(context);
  for (const id of ids) {
    const lifted = await client.call('unban', { id });
    context.output.show(lifted, () => [`Lifted: ${id}`]);
  }
}

async function message(context: Context, id: string, text: string, { for: forMs }: Time): Promise<undefined> {
  const done = await (await connect(context)).call('messageViewer', { id, text, forMs: forMs ?? null });
  context.output.show(done, () => [done.reached ? `Shown to ${id}` : unreachedLine([id])]);
}

async function announce(
  context: Context,
  text: string,
  own: Time & RoomOption,
  command: Verb,
): Promise<undefined> {
  const { room, for: forMs } = said(own, command);
  const client = await connect(context);
  const done = await client.call('announce', { text, room, forMs });
  if (room !== undefined && done.reached === 0) await warnOfNobody(context, client, room);
  context.output.show(done, () => reachedLines(done, room));
}

async function limit(context: Context, room: string, number: number | null | undefined): Promise<undefined> {
  const client = await connect(context);
  const key = 'limits.viewers';
  if (number !== undefined) await client.call('setRoom', { room, set: { [key]: number } });
  const { settings, viewers } = await client.call('getRoom', { room });
  const holds = settings.find((one) => one.key === key)?.value ?? null;
  const words =
    holds === null ? 'as many as limits.viewers of the configuration lets in' : `${holds} at most`;
  context.output.show({ room, limit: holds, viewers }, () => [
    `Viewers of room ${room}: ${viewers} now, ${words}`,
  ]);
}

function someNumber(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('Expected a whole number from 1.');
  return Number(text);
}

/** null: `none`. */
function most(text: string): number | null {
  if (text === 'none') return null;
  if (!/^[1-9]\d{0,6}$/.test(text))
    throw new InvalidArgumentError('Expected a whole number from 1, or none.');
  return Number(text);
}
