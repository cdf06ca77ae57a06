import type { Command } from 'commander';
import { nearest } from '../../contract/nearest.ts';

/** What was probably meant by a word that is no command. */
export interface Meant {
  /** Behind what is wrong: `did you mean viewers kick?` */
  readonly words: string;
  /** What to run next. */
  readonly next: string;
}

/** No more commands are told: more is no answer. */
const mostTold = 4;

/** Words that others use, by what they are called here. */
const calledHere: Readonly<Record<string, string>> = {
  viewers: 'users clients audience who w sessions connections watchers',
  'viewers ban': 'block deny',
  'viewers unban': 'unblock allow pardon',
  'viewers message': 'say tell msg',
  tui: 'top htop monitor dashboard ui watch',
  status: 'info stat uptime',
  broadcasts: 'ps live streams sources',
  rooms: 'ls channels links link url urls',
  stream: 'play publish push cast air broadcast',
  stop: 'kill end off',
  logs: 'journal tail',
  doctor: 'health diagnose diag',
  probe: 'inspect scan ffprobe',
  report: 'stats statistics graph metrics',
  'playlist next': 'skip',
  'context add': 'login connect remote host',
  'upgrade-check': 'upgrade update',
  help: 'man usage',
};

/** Words for what is no single command. */
const otherwise: Readonly<Record<string, Meant>> = {
  start: {
    words: 'did you mean stream, or daemon --background?',
    next: 'Put a file on air: mirolive stream --file FILE --room ROOM; start the daemon: mirolive daemon --background',
  },
  restart: {
    words: 'the daemon is started anew by what runs it, such as systemctl restart mirolive',
    next: 'See who would notice that: mirolive upgrade-check',
  },
  shutdown: {
    words: 'the daemon is ended by what runs it, such as systemctl stop mirolive',
    next: 'See who would notice that: mirolive upgrade-check; to end what is on air: mirolive stop --room ROOM',
  },
  version: { words: 'did you mean --version?', next: 'That of the daemon: mirolive status' },
};

/** What is done to one of several is called differently by everybody. */
const alike: readonly (readonly string[])[] = [
  ['list', 'ls', 'show', 'get', 'ps', 'info'],
  ['remove', 'rm', 'del', 'delete', 'revoke', 'unset', 'drop'],
  ['add', 'new', 'create', 'make', 'insert'],
  ['set', 'edit', 'change'],
];

/** What was meant by a word in the place of a command; null: nobody knows, or it is a slip of the finger. @param command below which it was said */
export function meantCommand(word: string, command: Command): Meant | null {
  const path = pathOf(command);
  if (path !== '') return told(sameBelow(word, command).map((name) => `${path} ${name}`));
  if (Object.hasOwn(otherwise, word)) return otherwise[word] ?? null;
  const called = Object.keys(calledHere).filter((here) => calledHere[here]?.split(' ').includes(word));
  const below = command.commands
    .filter((one) => namesBelow(one).includes(word))
    .map((one) => `${one.name()} ${word}`);
  // One letter may as well be a slip: `log`.
  const near = below.length > 0 ? nearest(word, namesBelow(command), 1) : undefined;
  return told(called.length > 0 ? called : near === undefined ? below : [near, ...below]);
}

/** The same of a word behind a command that does something alone, and has others below it. */
export function meantBelow(word: string, command: Command): Meant | null {
  const path = pathOf(command);
  const [lists = []] = alike;
  if (namesBelow(command).length === 0) return null;
  if (lists.includes(word)) return { words: 'it lists them by itself', next: `Run: mirolive ${path}` };
  const near = nearest(word, namesBelow(command));
  if (near !== undefined) return told([`${path} ${near}`]);
  // Whoever names a room wants to see it.
  const shows = command.commands.find((one) => one.name() === 'show');
  const isOfRoom = shows?.registeredArguments[0]?.name() === 'room' && /^[a-z0-9][a-z0-9-]*$/.test(word);
  return meantCommand(word, command) ?? (isOfRoom ? told([`${path} show ${word}`], `${path} show`) : null);
}

function told(found: readonly string[], helped = found[0]): Meant | null {
  const [first] = found;
  if (first === undefined || found.length > mostTold) return null;
  return {
    words: `did you mean ${found.join(', or ')}?`,
    next: `See how it is used: mirolive ${helped} --help`,
  };
}

function sameBelow(word: string, command: Command): string[] {
  const group = alike.find((words) => words.includes(word)) ?? [];
  return namesBelow(command).filter((name) => group.includes(name));
}

function namesBelow({ commands }: Command): string[] {
  return commands.map((one) => one.name());
}

/** Its words without the program's own: `viewers`. */
function pathOf(command: Command): string {
  return command.parent === null ? '' : [pathOf(command.parent), command.name()].join(' ').trim();
}
