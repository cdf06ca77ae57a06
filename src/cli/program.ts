import { readFileSync } from 'node:fs';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { nearest } from '../contract/nearest.ts';
import { type Renditions, readRenditions, renditionsHint } from '../contract/rendition-names.ts';
import { type Act, type Action, examples, type Perform, wholeNumber } from './command-parts.ts';
import type { GlobalFlags } from './context.ts';
import { controlCommands } from './control-commands.ts';
import type { Sink } from './output.ts';
import { playlistCommands } from './playlist-commands.ts';
import { publishingCommands } from './publishing-commands.ts';
import { sourceOptions } from './source-options.ts';

/** The whole command line as a tree. Each action loads its own module, so that a command pays only for itself. */
export function buildProgram(stdout: Sink, stderr: Sink, perform: Perform): Command {
  const program = new Command('mirolive')
    .description('A broadcast desk: put a file on air in a room, hand out the link.')
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .option('--json', 'print JSON for scripts')
    .option('--socket <path>', 'control socket of the daemon (MIROLIVE_SOCKET)')
    .option('--config <file>', 'configuration file (MIROLIVE_CONFIG)')
    .option('--no-color', 'no colours (NO_COLOR)')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      outputError: () => {}, // Reported with all other errors.
    })
    .exitOverride();
  examples(program, [
    'mirolive daemon --background',
    'mirolive stream --file talk.mp4 --room lobby',
    'mirolive status',
  ]);

  const act = (command: Command, action: Action) => perform(command.optsWithGlobals<GlobalFlags>(), action);
  broadcastCommands(program, act);
  playlistCommands(program, act);
  controlCommands(program, act);
  publishingCommands(program, act);
  daemonCommands(program, act);
  helpCommand(program);
  return program;
}

/** Commander's own prints the help of all where there is no such command. */
function helpCommand(program: Command): void {
  const help = program
    .command('help')
    .description('Print the help of a command.')
    .argument('[command...]', 'its words, such as: playlist add')
    .action((words: readonly string[]) => {
      let command = program;
      for (const word of words) {
        const next = command.commands.find((candidate) => candidate.name() === word);
        if (next === undefined) {
          const meant = nearest(
            word,
            command.commands.map((candidate) => candidate.name()),
          );
          program.error(`unknown command '${word}'${meant === undefined ? '' : `; did you mean ${meant}?`}`);
        }
        command = next;
      }
      command.outputHelp();
    });
  examples(help, ['mirolive help stream', 'mirolive help playlist add']);
}

function broadcastCommands(program: Command, act: Act): void {
  const stream = sourceOptions(program.command('stream'))
    .description(
      'Put a source on air in a room, and stay until it ends. Ctrl-C takes it off air. With --json: its events, one per line.',
    )
    .usage('--file <file>|--url <url>|… --room <room> [options]')
    .option('--room <room>', 'room that viewers join: a-z, 0-9 and -')
    .option(
      '--name <name>',
      "what viewers see; by default the file's name, or the room's for what comes from elsewhere",
    )
    .addOption(renditionsOption())
    .option('--detach', 'print the id of the broadcast and return; it goes on')
    .option('--no-wait', 'with --detach: return when the room is its own, before its first pictures')
    .action((options) =>
      act(stream, async (context) => (await import('./commands/stream.ts')).stream(context, options)),
    );
  examples(stream, [
    'mirolive stream --file talk.mp4 --room lobby',
    'mirolive stream --file talk.mp4 --room lobby --renditions source,480p,240p',
    'mirolive stream --file slides.webm --room hall --loop --name "We begin at ten"',
    'mirolive stream --file one.mp4 two.mp4 --shuffle --loop --room lobby',
    'mirolive stream --playlist evening.yaml --room lobby',
    'mirolive stream --url rtsp://camera.example/1 --room lobby',
    'mirolive stream --device /dev/video0 --audio-device alsa:default --room lobby',
    'mirolive stream --screen --region 1280x720+0+0 --room lobby',
    'mirolive stream --window Slides --audio-device pulse:default --room lobby',
    'mirolive stream --test clock --room lobby',
    'ffmpeg -i talk.mkv -c copy -f mpegts - | mirolive stream --stdin --room lobby',
    'mirolive stream --file talk.mp4 --room lobby --json | jq -r .type',
    'id=$(mirolive stream --file talk.mp4 --room lobby --detach)',
  ]);

  const status = program
    .command('status')
    .description('The daemon at a glance.')
    .action(() => act(status, async (context) => (await import('./commands/status.ts')).status(context)));
  examples(status, ['mirolive status', 'mirolive status --json | jq .viewers']);

  const rooms = program
    .command('rooms')
    .description('Rooms that have a broadcast or viewers.')
    .action(() => act(rooms, async (context) => (await import('./commands/lists.ts')).rooms(context)));
  examples(rooms, ['mirolive rooms', "mirolive rooms --json | jq -r '.[].name'"]);

  const broadcasts = program
    .command('broadcasts')
    .description('What is on air.')
    .action(() =>
      act(broadcasts, async (context) => (await import('./commands/lists.ts')).broadcasts(context)),
    );
  examples(broadcasts, ['mirolive broadcasts', "mirolive broadcasts --json | jq -r '.[].id'"]);

  const viewers = program
    .command('viewers')
    .description('Who watches.')
    .option('--room <room>', 'only of this room')
    .action((options) =>
      act(viewers, async (context) => (await import('./commands/lists.ts')).viewers(context, options)),
    );
  examples(viewers, ['mirolive viewers', 'mirolive viewers --room lobby']);

  const devices = program
    .command('devices')
    .description("Cameras, sound devices, screens and windows of the daemon's machine.")
    .action(() => act(devices, async (context) => (await import('./commands/lists.ts')).devices(context)));
  examples(devices, ['mirolive devices', "mirolive devices --json | jq -r '.cameras[].device'"]);

  const stop = program
    .command('stop')
    .description('Take a broadcast off air, by its id or by its room.')
    .argument('[id]', 'id of the broadcast, as mirolive broadcasts lists it')
    .option('--room <room>', 'what is on air in this room')
    .action((id, options) =>
      act(stop, async (context) => (await import('./commands/stop.ts')).stop(context, { id, ...options })),
    );
  examples(stop, ['mirolive stop --room lobby', 'mirolive stop b-k3v7qm2xay']);

  const probe = program
    .command('probe')
    .description('What is in a file or at an address, and how it would be played.')
    .argument('<file>', 'media file, or an address')
    .option('--audio-track <number>', 'audio track, 0 the first', wholeNumber)
    .addOption(renditionsOption())
    .action((file, options) =>
      act(probe, async (context) =>
        (await import('./commands/probe.ts')).probe(context, { file, ...options }),
      ),
    );
  examples(probe, [
    'mirolive probe talk.mp4',
    'mirolive probe film.mkv --audio-track 1 --json',
    'mirolive probe talk.mp4 --renditions auto',
    'mirolive probe https://example.org/live.m3u8',
  ]);

  const events = program
    .command('events')
    .description('What happens, as it happens. Ctrl-C ends it.')
    .option('--room <room>', 'only of this room')
    .option('--stats', 'the figures of each broadcast too, once a second')
    .action((options) =>
      act(events, async (context) => (await import('./commands/events.ts')).events(context, options)),
    );
  examples(events, ['mirolive events', 'mirolive events --room lobby --stats --json']);
}

function daemonCommands(program: Command, act: Act): void {
  const daemon = program
    .command('daemon')
    .description('Run the daemon, until SIGINT or SIGTERM.')
    .option('--background', 'return when it is ready; its log is daemon.log beside the socket')
    .action((options) =>
      act(daemon, async (context) => (await import('./commands/daemon.ts')).daemon(context, options)),
    );
  examples(daemon, [
    'mirolive daemon',
    'mirolive daemon --background',
    'mirolive daemon --config /etc/mirolive/mirolive.yaml --socket /run/mirolive/control.sock',
  ]);

  const config = program.command('config').description('Look after the configuration.');
  examples(config, ['mirolive config check /etc/mirolive/mirolive.yaml']);
  const check = config
    .command('check')
    .description(
      'Check a configuration file: every error with its line, column and the key that was probably meant.',
    )
    .argument('<file>', 'configuration file')
    .action((file) =>
      act(check, async (context) => (await import('./commands/config-check.ts')).configCheck(context, file)),
    );
  examples(check, ['mirolive config check /etc/mirolive/mirolive.yaml']);

  const doctor = program
    .command('doctor')
    .description('Check this machine: programs, worker, ports, socket, clock; and what to do about each.')
    .action(() => act(doctor, async (context) => (await import('./commands/doctor.ts')).doctor(context)));
  examples(doctor, ['mirolive doctor', 'mirolive doctor --config /etc/mirolive/mirolive.yaml --json']);

  const completion = program
    .command('completion')
    .description('Print a script that completes commands, options, rooms and ids on Tab.')
    .addArgument(new Argument('<shell>', 'which shell').choices(['bash', 'zsh', 'fish']))
    .action((shell) =>
      act(completion, async (context) =>
        (await import('./completion/scripts.ts')).completion(context, shell),
      ),
    );
  examples(completion, [
    'source <(mirolive completion bash)',
    'mirolive completion zsh > ~/.zfunc/_mirolive',
    'mirolive completion fish > ~/.config/fish/completions/mirolive.fish',
  ]);
}

/** The words of the command that an argument list names, such as `mirolive config check`. */
export function commandPath(program: Command, argv: readonly string[]): string {
  const names = [program.name()];
  let command = program;
  for (const word of argv) {
    const next = command.commands.find((candidate) => candidate.name() === word);
    if (next === undefined) continue;
    names.push(next.name());
    command = next;
  }
  return names.join(' ');
}

function renditionsOption(): Option {
  const meaning = 'qualities of the picture: auto, or such as source,480p,240p';
  return new Option('--renditions <names>', meaning).argParser((text): Renditions => {
    const found = readRenditions(text);
    if (!found) throw new InvalidArgumentError(`E${renditionsHint.slice(1)}.`);
    return found;
  });
}

function packageVersion(): string {
  const file = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(file) as { version: string }).version;
}
