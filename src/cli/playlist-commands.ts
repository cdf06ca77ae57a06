import type { Command } from 'commander';
import { type Act, examples } from './command-parts.ts';
import { inRoom } from './control-commands.ts';

const sources = 'files, addresses, stream keys …; see: mirolive take --help';
const itemWords = 'its number or id, as mirolive playlist show has them';

/** `mirolive playlist …` */
export function playlistCommands(program: Command, act: Act): void {
  const playlist = program.command('playlist').description('See and change the playlist that is on air.');
  const module = () => import('./commands/playlist.ts');
  const add = (name: string, description: string, lines: readonly string[]) => {
    const command = playlist.command(name).description(description);
    examples(command, lines);
    return command;
  };

  const show = inRoom(
    add('show', 'Where it is, what is next, and when each item starts.', [
      'mirolive playlist show --room lobby',
      "mirolive playlist show --json | jq -r '.items[].words'",
    ]),
  ).action((options) => act(show, async (context) => (await module()).show(context, options)));

  const append = timed(
    inRoom(
      add('add', 'Put more items behind the last one.', [
        'mirolive playlist add talk.mp4 --room lobby',
        'mirolive playlist add slate --for 5m --room lobby',
        'mirolive playlist add evening.yaml --room lobby',
      ]),
    ).argument('<source...>', `${sources}; or playlist files`),
  ).action((words, options) =>
    act(append, async (context) => (await module()).add(context, options, words, null)),
  );

  const insert = timed(
    inRoom(
      add('insert', 'Put more items at a place.', [
        'mirolive playlist insert next jingle.mp4 --room lobby',
        'mirolive playlist insert 3 talk.mp4 --from 1:30 --to 42:00 --room lobby',
      ]),
    )
      .argument('<place>', 'next, or the number that the first of them gets')
      .argument('<source...>', `${sources}; or playlist files`),
  ).action((place, words, options) =>
    act(insert, async (context) => (await module()).add(context, options, words, place)),
  );

  const move = inRoom(
    add('move', 'Give an item another place.', [
      'mirolive playlist move 7 next --room lobby',
      'mirolive playlist move i-k3v7qm2xay 2 --room lobby',
    ]),
  )
    .argument('<item>', itemWords)
    .argument('<place>', 'next, or the number that it gets')
    .action((item, place, options) =>
      act(move, async (context) => (await module()).move(context, options, item, place)),
    );

  const remove = inRoom(
    add('remove', 'Take an item out. One that plays is played to its end.', [
      'mirolive playlist remove 3 --room lobby',
      'mirolive playlist remove i-k3v7qm2xay --room lobby',
    ]),
  )
    .argument('<item>', itemWords)
    .action((item, options) =>
      act(remove, async (context) => (await module()).remove(context, options, item)),
    );

  const next = inRoom(
    add('next', 'Go to the next item at once.', ['mirolive playlist next --room lobby']),
  ).action((options) => act(next, async (context) => (await module()).step(context, options, 'next')));

  const previous = inRoom(
    add('previous', 'Go back to the item before.', ['mirolive playlist previous --room lobby']),
  ).action((options) =>
    act(previous, async (context) => (await module()).step(context, options, 'previous')),
  );

  const jump = inRoom(
    add('jump', 'Go to an item at once.', [
      'mirolive playlist jump 4 --room lobby',
      'mirolive playlist jump i-k3v7qm2xay --room lobby',
    ]),
  )
    .argument('<item>', itemWords)
    .action((item, options) => act(jump, async (context) => (await module()).jump(context, options, item)));

  const check = add('check', 'Check a playlist file: every error with its line and column.', [
    'mirolive playlist check evening.yaml',
  ])
    .argument('<file>', 'playlist file, YAML or M3U')
    .action((file) =>
      act(check, async (context) =>
        (await import('./commands/playlist-check.ts')).playlistCheck(context, file),
      ),
    );
  examples(playlist, ['mirolive playlist show --room lobby', 'mirolive playlist add talk.mp4 --room lobby']);
}

function timed(command: Command): Command {
  return command
    .option('--from <time>', 'where in the source it begins, such as 1:30')
    .option('--to <time>', 'where in the source it ends')
    .option('--for <time>', 'how long it plays at most')
    .option('--title <title>', 'what it is called');
}
