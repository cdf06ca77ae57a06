import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { buildProgram } from '../../../src/cli/program/program.ts';
import { type ErrorCode, errorTable, exitStatusOf, MiroliveError } from '../../../src/contract/errors.ts';
import { openDesk } from '../desk.ts';
import { inProcess, mirolive, noState } from '../mirolive.ts';

const program = await buildProgram({ write: () => {} }, { write: () => {} }, async () => {});
const paths = (command: Command, before: string[] = []): string[][] =>
  command.commands.flatMap((child) => [
    [...before, child.name()],
    ...paths(child, [...before, child.name()]),
  ]);

describe('help', () => {
  it.each(paths(program).map((path) => path.join(' ')))(
    'of mirolive %s has examples of itself',
    async (path) => {
      const { stdout, exitCode } = await inProcess([...path.split(' '), '--help']);
      expect(exitCode).toBe(0);
      // As wide as a terminal is that nobody has made wider; of flags and descriptions commander sees to that.
      for (const line of stdout.split('\nExamples:\n')[1]?.split('\n') ?? [])
        expect(line.length, line).toBeLessThanOrEqual(80);
      const [, examples = ''] = stdout.split('\nExamples:\n');
      expect(examples).toContain(`  mirolive ${path}`);
    },
  );

  it('of mirolive itself names every command and every shared flag', async () => {
    const { stdout } = await mirolive(['--help']);
    for (const name of [
      'stream',
      'status',
      'rooms',
      'broadcasts',
      'viewers',
      'stop',
      'probe',
      'events',
      'daemon',
      'config',
      'doctor',
      'completion',
      '--json',
      '--socket',
      '--config',
      '--no-color',
      '--version',
    ]) {
      expect(stdout).toMatch(new RegExp(`^ +(-\\w, )?${name}\\b`, 'm'));
    }
  });

  it('has a description for every command, option and argument', () => {
    const commands = (command: Command): Command[] => [command, ...command.commands.flatMap(commands)];
    for (const command of commands(program)) {
      expect(command.description(), command.name()).not.toBe('');
      for (const option of command.options) expect(option.description, option.flags).not.toBe('');
      for (const argument of command.registeredArguments) expect(argument.description).not.toBe('');
    }
  });

  it('comes on standard error, with 2, where no command is given', async () => {
    const { stdout, stderr, exitCode } = await mirolive([]);
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 });
    expect(stderr).toContain('Usage: mirolive');
  });
});

describe('--version', () => {
  it.each([
    [['--version'], /^\d+\.\d+\.\d+$/],
    [['--version', '--json'], /^{"version":"\d+\.\d+\.\d+"}$/],
    [['--json', '-V'], /^{"version":"\d+\.\d+\.\d+"}$/],
  ])('%j', async (args, expected) => {
    const { stdout, exitCode } = await mirolive(args);
    expect(stdout).toMatch(expected);
    expect(exitCode).toBe(0);
  });
});

describe('usage errors', () => {
  const cases: { args: string[]; message: string; next: string }[] = [
    { args: ['statsu'], message: "unknown command 'statsu'; did you mean status?", next: 'mirolive --help' },
    {
      args: ['stream', '--fiel', 'x'],
      message: "unknown option '--fiel'; did you mean --file?",
      next: 'mirolive stream --help',
    },
    {
      args: ['help', 'playlist', 'ad'],
      message: "unknown command 'ad'; did you mean add?",
      next: 'mirolive help --help',
    },
    {
      args: ['config', 'chekc', 'f'],
      message: "unknown command 'chekc'; did you mean check?",
      next: 'mirolive config --help',
    },
    {
      args: ['stream', '--file', 'a.mp4', '--room', 'a', '--title', 'Talk'],
      message: "unknown option '--title'; did you mean --name?",
      next: 'mirolive stream --help',
    },
    {
      args: ['playlist', 'add', 'a.mp4', '--name', 'Talk'],
      message: "unknown option '--name'; did you mean --title?",
      next: 'mirolive playlist add --help',
    },
    {
      args: ['mute', 'lobby'],
      message:
        "too many arguments for 'mute'. Expected 0 arguments but got 1: lobby; did you mean --room lobby?",
      next: 'mirolive mute --help',
    },
    {
      args: ['slate', 'on', 'lobby'],
      message:
        "too many arguments for 'slate'. Expected 1 argument but got 2: on, lobby; did you mean --room lobby?",
      next: 'mirolive slate --help',
    },
    {
      args: ['stream', '--file', 'a.mp4', '', '--room', 'lobby'],
      message: 'expected something behind --file, got nothing',
      next: 'mirolive stream --help',
    },
    {
      args: ['stream', '--audio-device=', '--room', 'lobby'],
      message: 'expected something behind --audio-device, got nothing',
      next: 'mirolive stream --help',
    },
    {
      args: ['status', '--socket', ''],
      message: 'expected something behind --socket, got nothing',
      next: 'mirolive status --help',
    },
    {
      args: ['playlist', 'add', 'a.mp4', ''],
      message: 'expected something as source, got nothing',
      next: 'mirolive playlist add --help',
    },
    {
      args: ['take', '', '--room', 'lobby'],
      message: 'expected something as source, got nothing',
      next: 'mirolive take --help',
    },
    {
      args: ['viewers', '--room'],
      message: "option '--room <room>' argument missing",
      next: 'mirolive viewers --help',
    },
    {
      args: ['probe', 'f', '--renditions', '300p'],
      message:
        "option '--renditions <names>' argument '300p' is invalid. " +
        'Expected auto, or up to 3 of source, 1080p, 720p, 480p, 360p, 240p, each once.',
      next: 'mirolive probe --help',
    },
    {
      args: ['probe', 'f', '--audio-track', '-1'],
      message: "option '--audio-track <number>' argument '-1' is invalid. Expected a whole number from 0.",
      next: 'mirolive probe --help',
    },
    {
      args: ['rooms', 'lobby'],
      message:
        "too many arguments for 'rooms'. Expected 0 arguments but got 1: lobby; did you mean rooms show lobby?",
      next: 'mirolive rooms show --help',
    },
    {
      args: ['kick', 'v-k3v7qm2xay'],
      message: "unknown command 'kick'; did you mean viewers kick?",
      next: 'mirolive viewers kick --help',
    },
    {
      args: ['kick', '--help'],
      message: "unknown command 'kick'; did you mean viewers kick?",
      next: 'mirolive viewers kick --help',
    },
    {
      args: ['help', 'kick'],
      message: "unknown command 'kick'; did you mean viewers kick?",
      next: 'mirolive viewers kick --help',
    },
    // What comes behind it is a command of ours by chance.
    {
      args: ['top', 'stream'],
      message: "unknown command 'top'; did you mean tui?",
      next: 'mirolive tui --help',
    },
    {
      args: ['users'],
      message: "unknown command 'users'; did you mean viewers?",
      next: 'mirolive viewers --help',
    },
    {
      args: ['log'],
      message: "unknown command 'log'; did you mean logs, or webhooks log?",
      next: 'mirolive logs --help',
    },
    {
      args: ['create'],
      message: "unknown command 'create'; did you mean rooms create, or keys create, or tokens create?",
      next: 'mirolive rooms create --help',
    },
    {
      args: ['keys', 'rm', 'k-k3v7qm2xay'],
      message: "unknown command 'rm'; did you mean keys revoke?",
      next: 'mirolive keys revoke --help',
    },
    {
      args: ['viewers', 'kikc', 'v-k3v7qm2xay'],
      message:
        "too many arguments for 'viewers'. Expected 0 arguments but got 2: kikc, v-k3v7qm2xay; did you mean viewers kick?",
      next: 'mirolive viewers kick --help',
    },
    {
      args: ['viewers', '-r', 'lobby'],
      message: "unknown option '-r'; did you mean --room?",
      next: 'mirolive viewers --help',
    },
    {
      args: ['stop', '-w', 'lobby'],
      message: "unknown option '-w'",
      next: 'mirolive stop --help',
    },
    {
      args: ['logs', '-n', '20'],
      message: "unknown option '-n'; did you mean --since?",
      next: 'mirolive logs --help',
    },
  ];
  it.each(cases)('mirolive $args: $message', async ({ args, message, next }) => {
    const { stdout, stderr, exitCode } = await inProcess(args);
    expect({ stdout, stderr, exitCode }).toEqual({
      stdout: '',
      stderr: `error: ${message}\n  next: See how it is used: ${next}`,
      exitCode: 2,
    });
  });

  it.each([
    {
      args: ['restart'],
      message:
        "unknown command 'restart'; the daemon is started anew by what runs it, such as systemctl restart mirolive",
      next: 'See who would notice that: mirolive upgrade-check',
    },
    {
      args: ['start'],
      message: "unknown command 'start'; did you mean stream, or daemon --background?",
      next: 'Put a file on air: mirolive stream --file FILE --room ROOM; start the daemon: mirolive daemon --background',
    },
    {
      args: ['rooms', 'list'],
      message:
        "too many arguments for 'rooms'. Expected 0 arguments but got 1: list; it lists them by itself",
      next: 'Run: mirolive rooms',
    },
    ...[['--token', 'mlt_s3cret'], ['--token=mlt_s3cret']].map((token) => ({
      args: ['status', ...token],
      message:
        "unknown option '--token'; a token on a command line is read by all who see its processes, and stays in its history",
      next: 'Have it in MIROLIVE_TOKEN, or in a file: --token-file FILE; or keep it for good: mirolive context add --help',
    })),
    ...[
      ['state', 'backup', '-'],
      ['probe', '-'],
      ['config', 'check', '-'],
      ['playlist', 'check', '-'],
    ].map((args) => ({
      args,
      message: 'expected the name of a file as file, got -',
      next: 'Name a file; one that is called so is ./-',
    })),
    ...[['stream', '--file', 'a.mp4', '-', '--room', 'lobby']].map((args) => ({
      args,
      message: 'expected the name of a file as --file, got -',
      next: 'What comes on standard input goes through: mirolive stream --stdin --room lobby',
    })),
    {
      args: ['status', '--token-file', '-', '--host', 'a.example'],
      message: 'expected the name of a file as --token-file, got -',
      next: 'A token that is no file: MIROLIVE_TOKEN; or have it kept: mirolive context add --help',
    },
  ])('mirolive $args: $message', async ({ args, message, next }) => {
    const { stderr, exitCode } = await inProcess(args);
    expect({ stderr, exitCode }).toEqual({ stderr: `error: ${message}\n  next: ${next}`, exitCode: 2 });
  });

  it.each([
    {
      args: ['--room', 'lobby'],
      message:
        'expected a source: one of --file, --playlist, --folder, --url, --device, --screen, --window, --test, --card, --stdin',
    },
    { args: ['--file', 'a.mp4'], message: 'expected --room' },
    {
      args: ['--file', 'a.mp4', '--playlist', 'b.yaml'],
      message: 'expected one source, got --file and --playlist',
    },
    { args: ['--file', 'a.mp4', '--shuffle'], message: 'expected several --file, or --playlist, to shuffle' },
  ])('stream $args: $message', async ({ args, message }) => {
    const { stderr, exitCode } = await mirolive(['stream', ...args]);
    expect(exitCode).toBe(2);
    expect(stderr).toBe(
      `error: ${message}\n  next: For example: mirolive stream --file talk.mp4 --room lobby`,
    );
  });

  it('come as JSON on standard output with --json', async () => {
    const { stdout, stderr } = await mirolive(['statsu', '--json']);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      error: {
        code: 'USAGE',
        message: "unknown command 'statsu'; did you mean status?",
        hint: 'See how it is used: mirolive --help',
      },
    });
  });
});

describe('exit status', () => {
  it.each(Object.keys(errorTable) as ErrorCode[])('of %s is that of the error table', async (code) => {
    await using desk = await openDesk({
      status: () => {
        throw new MiroliveError(code, 'a sentence', { hint: 'a hint' });
      },
    });
    const { exitCode, stderr } = await inProcess(['status', '--socket', desk.socket]);
    expect(exitCode).toBe(exitStatusOf(code));
    expect(stderr).toBe('error: a sentence\n  next: a hint');
  });

  it('is 3 where no daemon answers', async () => {
    const { exitCode, stderr } = await mirolive(['status', '--socket', '/nowhere/c.sock'], { env: noState });
    expect(exitCode).toBe(3);
    expect(stderr).toBe(
      'error: no daemon answers on /nowhere/c.sock: there is no such socket\n  next: Start it: mirolive daemon --background --socket /nowhere/c.sock',
    );
  });
});
