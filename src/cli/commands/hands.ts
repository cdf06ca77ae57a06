import { MiroliveError } from '../../contract/errors.ts';
import type { Hand } from '../../contract/models.ts';
import { type Context, connect } from '../program/context.ts';
import { showList } from '../program/list.ts';
import { warnOfNobody } from '../program/unknown-room.ts';
import type { RoomOption, Verb, WatchOption } from '../program/verb.ts';
import { handTable, loweredLines } from '../words/hand-table.ts';

interface ListOptions extends RoomOption, WatchOption {}

interface LowerOptions extends RoomOption {
  readonly all?: boolean;
}

/** `mirolive hands` and `mirolive hands list|lower` */
export function add(program: Verb): void {
  const hands = program.verb('hands', 'Who wants to be heard, the first first; lower hands.', [
    'mirolive hands',
    'mirolive hands --room lobby --watch',
    'mirolive hands lower v-k3v7qm2xay',
    'mirolive rooms set lobby hands=true',
  ]);
  listing(hands);
  listing(
    hands.verb('list', 'Who wants to be heard; mirolive hands does the same.', [
      'mirolive hands list --room lobby --json',
    ]),
  );
  hands
    .verb('lower', 'Lower hands, some or all.', [
      'mirolive hands lower v-k3v7qm2xay v-x2abn5yqwe',
      'mirolive hands lower --all --room lobby',
    ])
    .argument('[viewer...]', 'ids of those whose hands are up')
    .option('--all', 'all hands')
    .option('--room <room>', 'only in this room')
    .does(lower);
}

function listing(verb: Verb): void {
  verb.option('--room <room>', 'only of this room').watched().does(list);
}

function list(context: Context, own: ListOptions, command: Verb): Promise<number> {
  const { room, watch = false }: ListOptions = { ...command.parent?.opts(), ...own };
  return showList(context, watch, {
    asked: async (client) => {
      const found = await client.call('listHands', { room });
      if (found.length === 0 && room !== undefined) await warnOfNobody(context, client, room);
      return found;
    },
    observed: { room, detail: 'glance', viewers: true },
    viewed: (view, { viewedHands }): Hand[] => viewedHands(view),
    words: (hands) => handTable(hands, Date.now(), context.output.paint),
  });
}

async function lower(
  context: Context,
  ids: readonly string[],
  own: LowerOptions,
  command: Verb,
): Promise<undefined> {
  const { room, all = false }: LowerOptions = { ...command.parent?.opts(), ...own };
  if (all === ids.length > 0)
    throw new MiroliveError('USAGE', `expected ids of viewers, or --all, got ${all ? 'both' : 'neither'}`, {
      hint: 'See whose hands are up: mirolive hands',
    });
  const done = await (await connect(context)).call('lowerHands', { ids: all ? null : [...ids], room });
  context.output.show(done, () => loweredLines(done));
}
