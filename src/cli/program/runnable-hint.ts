import { errorTable, type MiroliveError } from '../../contract/errors.ts';
import { quoted } from '../../contract/quoted.ts';
import { withoutSecrets } from '../../contract/source-words.ts';

/** What a command line said. */
export interface SaidWords {
  readonly argv: readonly string[];
  /** The words of the command, such as `mirolive playlist jump`. */
  readonly command: string;
}

/** Errors whose hint may be to probe the source: no way on for who has just done that. */
const probeErrors: readonly string[] = ['SOURCE_UNREACHABLE', 'SOURCE_NOT_MEDIA', 'PIPELINE_FAILED'];
const probesOnly = /: mirolive probe (?!.*--header)(.+)$/;

/** The hint of an error as a command that runs as printed: with the room and the address that the command line said. */
export function runnableHint({ code, hint }: MiroliveError, { argv, command }: SaidWords): string {
  if ((code === 'INVALID_REQUEST' || code === 'USAGE') && hint === errorTable[code].hint)
    return `See how it is used: ${command} --help`;
  const said = argv.find((word) => word.includes('://'));
  // One with secrets is not said again: it would be on the screen, and in what it is copied into.
  const address = said === undefined || withoutSecrets(said) === said ? said : undefined;
  const [, named] = probesOnly.exec(hint) ?? [];
  if (command === 'mirolive probe' && probeErrors.includes(code) && named !== undefined) {
    const subject = address === undefined ? named : quoted(address);
    return `See what ffprobe says of it: ffprobe -hide_banner ${subject}`;
  }
  const located =
    address === undefined ? hint : hint.replace('probe ADDRESS', () => `probe ${quoted(address)}`);
  const room = flagValue(argv, '--room');
  if (room !== undefined) return located.replaceAll('--room ROOM', () => `--room ${quoted(room)}`);
  // These find the room themselves where only one is on air, as it was here.
  return located.replace(/(mirolive (?!stream|stop|keys|report)[^;]*) --room ROOM/g, '$1');
}

function flagValue(argv: readonly string[], flag: string): string | undefined {
  const at = argv.indexOf(flag);
  return at === -1 ? argv.find((word) => word.startsWith(`${flag}=`))?.slice(flag.length + 1) : argv[at + 1];
}

/** Which daemon commands have to ask that are named in a sentence. */
export interface Asked {
  /** Of this machine, or of another one. */
  readonly where: 'here' | 'there';
  /** What they have to say too, such as ` --socket /run/a.sock`. */
  readonly words: string;
}

/** A command in a sentence: behind a colon, or a pipe of its example. */
const commandInWords =
  /(: |\| )((?:mirolive|ls|fuser|ss|apt-get|systemctl) [a-z-](?:'[^']*'|(?!; |, |\)|$)[^'])*)/g;
/** Commands that are about the machine where they run, whichever daemon is named. */
const ofMachine = /^(?:mirolive (?:daemon|config|worker|state)\b|(?!mirolive))/;
/** These take no daemon's place. */
const asksNobody = /^(?:mirolive (?:config|worker|context)\b|(?!mirolive))| --(?:help|socket)\b/;
const there = 'on the machine of the daemon';
const saysThere = new RegExp(`that machine|${there.replace('on', '')}`);

/** What is said to operators, with commands that ask the same daemon, or say on which machine. */
export function atPlaces(words: string, { where, words: places }: Asked): string {
  return words.replace(commandInWords, (whole, before: string, command: string, at: number) => {
    // What is called so here is nothing on another machine.
    const clause = words.slice(words.lastIndexOf('; ', at) + 1, at);
    if (saysThere.test(clause)) return whole;
    if (where === 'there' && ofMachine.test(command)) return `, ${there}${before}${command}`;
    const isByName = /^ --(?:host|context)\b/.test(places) && ofMachine.test(command);
    if (isByName || asksNobody.test(command)) return whole;
    // What stands behind -- is another command's.
    return before + command.replace(/(?= -- )|$/, () => places);
  });
}
