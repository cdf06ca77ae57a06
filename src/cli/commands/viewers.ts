import { Option } from 'commander';
import { type Context, connect } from '../program/context.ts';
import type { RoomOption, Verb } from '../program/verb.ts';
import { sortedViewers, type ViewerOrder, viewerOrders, viewerTable } from '../words/viewer-table.ts';

interface ListOptions extends RoomOption {
  readonly sort?: ViewerOrder;
  readonly hideAddresses?: boolean;
}

/** `mirolive viewers` and `mirolive viewers list|…` */
export function add(program: Verb): void {
  const viewers = program.verb('viewers', 'Who watches, and how well.', [
    'mirolive viewers',
    'mirolive viewers --room lobby --sort loss',
  ]);
  // Else it would take the options of its verbs for its own.
  viewers.enablePositionalOptions();
  listing(viewers);
  listing(
    viewers.verb('list', 'Who watches, and how well; mirolive viewers does the same.', [
      'mirolive viewers list --sort freezes',
      'mirolive viewers list --hide-addresses --json',
    ]),
  );
}

function listing(verb: Verb): void {
  verb
    .option('--room <room>', 'only of this room')
    .addOption(new Option('--sort <by>', 'who suffers most first').choices(viewerOrders))
    .option('--hide-addresses', 'without the addresses of viewers')
    .does(list);
}

async function list(
  context: Context,
  { room, sort, hideAddresses = false }: ListOptions,
): Promise<undefined> {
  const found = await (await connect(context)).call('listViewers', { room });
  const sorted = sort === undefined ? found : sortedViewers(found, sort);
  const shown = hideAddresses ? sorted.map(({ address: _, ...rest }) => rest) : sorted;
  context.output.show(shown, () => viewerTable(shown, Date.now(), context.output.paint));
}
