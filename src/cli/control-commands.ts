import { Argument, type Command, InvalidArgumentError } from 'commander';
import type { Control } from '../contract/control.ts';
import { type Act, examples } from './command-parts.ts';

/** What can be done to what is on air, apart from its playlist. */
export function controlCommands(program: Command, act: Act): void {
  const simple = (name: string, description: string, command: Control, example: string) => {
    const added = inRoom(program.command(name).description(description)).action((options) =>
      act(added, async (context) =>
        (await import('./commands/control.ts')).control(context, options, command),
      ),
    );
    examples(added, [example]);
  };

  const programme = inRoom(
    program.command('programme').description('What is on air in a room, what could be, and why not.'),
  ).action((options) =>
    act(programme, async (context) => (await import('./commands/programme.ts')).programme(context, options)),
  );
  examples(programme, ['mirolive programme --room lobby', 'mirolive programme --json | jq -r .onAir.entry']);

  const take = inRoom(
    program
      .command('take')
      .description('Put a source on air above everything else, until it ends or: mirolive take programme.')
      .argument(
        '<source>',
        'file, playlist, address, stream key, slate, test, test:PATTERN, screen, window:TITLE, or programme',
      )
      .option('--no-wait', 'return when it is wanted, before it is on air'),
  ).action((source, options) =>
    act(take, async (context) => (await import('./commands/control.ts')).take(context, options, source)),
  );
  examples(take, [
    'mirolive take cam1 --room lobby',
    'mirolive take talk.mp4 --room lobby',
    'mirolive take programme --room lobby',
  ]);

  const slate = inRoom(
    program
      .command('slate')
      .description('Put the slate over everything, or take it away.')
      .addArgument(new Argument('<state>', 'on or off').choices(['on', 'off'])),
  ).action((state, options) =>
    act(slate, async (context) =>
      (await import('./commands/control.ts')).control(context, options, {
        type: 'slate',
        on: state === 'on',
      }),
    ),
  );
  examples(slate, ['mirolive slate on --room lobby', 'mirolive slate off --room lobby']);

  simple('pause', 'Hold the picture.', { type: 'pause' }, 'mirolive pause --room lobby');
  simple('resume', 'Go on after a pause.', { type: 'resume' }, 'mirolive resume --room lobby');

  const seek = inRoom(
    program
      .command('seek')
      .description('Go to another place of what is on air.')
      // A step back looks like an option.
      .allowUnknownOption()
      .argument('<time>', '12:30, 1:02:03 or 90s from the beginning; +30s or -30s from here'),
  ).action((place, options) =>
    act(seek, async (context) => (await import('./commands/control.ts')).seek(context, options, place)),
  );
  examples(seek, [
    'mirolive seek 12:30 --room lobby',
    'mirolive seek +30s --room lobby',
    'mirolive seek -30s --room lobby',
  ]);

  const volume = inRoom(
    program
      .command('volume')
      .description('Set the loudness; 100 is as it comes.')
      .argument('<percent>', 'from 0 to 200', percent),
  ).action((value, options) =>
    act(volume, async (context) =>
      (await import('./commands/control.ts')).control(context, options, { type: 'volume', percent: value }),
    ),
  );
  examples(volume, ['mirolive volume 80 --room lobby']);

  simple('mute', 'Make it silent.', { type: 'mute', on: true }, 'mirolive mute --room lobby');
  simple('unmute', 'Let it be heard again.', { type: 'mute', on: false }, 'mirolive unmute --room lobby');
}

/** The room that a command is about. */
export function inRoom(command: Command): Command {
  return command.option('--room <room>', 'room; not needed while only one is on air');
}

function percent(text: string): number {
  if (!/^\d{1,3}%?$/.test(text) || Number.parseInt(text, 10) > 200)
    throw new InvalidArgumentError('Expected a whole number from 0 to 200.');
  return Number.parseInt(text, 10);
}
