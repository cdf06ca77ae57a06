import type { Command, Option } from 'commander';
import type { Devices } from '../../contract/devices.ts';
import { maxRenditions, renditionNames } from '../../contract/rendition-names.ts';
import { testPatterns } from '../../contract/source-kinds.ts';
import { createClient } from '../client.ts';
import { findPlace } from '../places/find-place.ts';
import type { Place } from '../places/place.ts';
import { contextsPath, type Environment, type PlaceFlags } from '../program/environment.ts';
import type { Sink } from '../program/output.ts';
import { buildProgram } from '../program/program.ts';
import { chooseRoom } from '../program/room.ts';
import { printable } from '../words/format.ts';

/** A word that may stand at the cursor, and what it means. `:files` stands for names of files. */
interface Candidate {
  readonly word: string;
  readonly meaning: string;
}

/** Where it is completed. */
interface Around {
  readonly environment: Environment;
  /** The daemon that is asked where these flags are said, if that is known; else it is found by them. */
  readonly placeOf: (flags: PlaceFlags) => Place | undefined;
}

const files: Candidate[] = [{ word: ':files', meaning: '' }];

/** How long the shell may wait for the daemon's rooms and ids. */
const daemonTimeoutMs = 400;
/** The same for its devices, which it asks other programs for. */
const devicesTimeoutMs = 1500;

/** Prints what may stand at the cursor, a candidate per line with its meaning after a tab; nothing if nothing is known. Always succeeds. */
export async function printCompletions(
  words: readonly string[],
  around: Around,
  stdout: Sink,
): Promise<number> {
  const { whole, cut } = unsplit(words);
  const current = whole.at(-1) ?? '';
  const found = await candidates(whole.slice(0, -1), current, around).catch(() => []);
  for (const { word, meaning } of found) {
    if (word === ':files') stdout.write(':files\n');
    else if (word.startsWith(current)) stdout.write(`${word.slice(cut)}\t${printable(meaning)}\n`);
  }
  return 0;
}

/** Bash takes `key=value` for three words, and puts what it is told in the place of the last. @returns cut: so much of that stays */
function unsplit(words: readonly string[]): { readonly whole: readonly string[]; readonly cut: number } {
  const whole: string[] = [];
  const isPart = (place: number) => words[place] === '=' || (words[place - 1] === '=' && words[place] !== '');
  for (const [place, word] of words.entries())
    whole.push(isPart(place) ? `${whole.pop() ?? ''}${word}` : word);
  const isSplit = isPart(words.length - 1);
  return { whole, cut: isSplit ? (whole.at(-1) ?? '').indexOf('=') + 1 : 0 };
}

async function candidates(before: readonly string[], current: string, around: Around): Promise<Candidate[]> {
  const program = await buildProgram({ write: () => {} }, { write: () => {} }, async () => {}, before);
  const { command, positionals, pending } = walk(program, before);
  const ask = (name: string) => values(name, before, current, around);
  if (pending !== undefined && !(pending.optional && current.startsWith('-'))) {
    return pending.argChoices ? wordsOf(pending.argChoices) : ask(pending.attributeName());
  }
  if (current.startsWith('-')) {
    return optionsOf(command).map((option) => ({
      word: option.long ?? option.flags,
      meaning: option.description,
    }));
  }
  if (command.commands.length > 0) {
    return positionals > 0 ? [] : namesBelow(command);
  }
  const last = command.registeredArguments.at(-1);
  const argument = command.registeredArguments[positionals] ?? (last?.variadic ? last : undefined);
  if (argument === undefined) return [];
  if (argument.argChoices) return wordsOf(argument.argChoices);
  if (argument.name() === 'command') {
    const behindHelp = walk(program, before.slice(1));
    return behindHelp.positionals > 0 ? [] : namesBelow(behindHelp.command);
  }
  return ask(argument.name());
}

function namesBelow({ commands }: Command): Candidate[] {
  return commands.map((child) => ({ word: child.name(), meaning: child.description() }));
}

/** Follows the words into the tree: which command, how many arguments it has already, and the option that wants a value now. */
function walk(program: Command, before: readonly string[]) {
  let command = program;
  let positionals = 0;
  let pending: Option | undefined;
  for (const word of before) {
    if (pending !== undefined && !(pending.optional && word.startsWith('-'))) {
      pending = undefined;
    } else if (word.startsWith('-')) {
      const option = optionsOf(command).find(({ long, short }) => word === long || word === short);
      pending = option?.required || option?.optional ? option : undefined;
    } else {
      const next = command.commands.find((child) => child.name() === word);
      if (next === undefined) positionals += 1;
      else command = next;
    }
  }
  return { command, positionals, pending };
}

function wordsOf(words: readonly string[]): Candidate[] {
  return words.map((word) => ({ word, meaning: '' }));
}

function optionsOf(command: Command): Option[] {
  const help = command.createHelp();
  return [...help.visibleOptions(command), ...help.visibleGlobalOptions(command)];
}

/** Values of an option or an argument, by its name: they mean the same wherever they stand. */
async function values(
  name: string,
  before: readonly string[],
  current: string,
  { environment, placeOf }: Around,
): Promise<Candidate[]> {
  const paths = [
    'file',
    'playlist',
    'folder',
    'filler',
    'socket',
    'config',
    'secretFile',
    'tokenFile',
    'html',
  ];
  if (paths.includes(name)) return files;
  if (name === 'context') return await contextCandidates(environment);
  if (name === 'place') return [{ word: 'next', meaning: 'behind the item that plays' }];
  if (name === 'renditions') return renditionCandidates(current);
  if (name === 'setting') return await settingCandidates(current, before.includes('unset'));
  if (
    ![
      'room',
      'id',
      'item',
      'source',
      'key',
      'schedule',
      'link',
      'token',
      'webhook',
      ...deviceOptions,
    ].includes(name)
  )
    return [];
  const flag = (long: string) => before[before.lastIndexOf(long) + 1 || before.length];
  const places = {
    ...{ socket: flag('--socket'), config: flag('--config'), host: flag('--host') },
    ...{ context: flag('--context'), tokenFile: flag('--token-file'), fingerprint: flag('--fingerprint') },
  };
  const client = createClient(placeOf(places) ?? (await findPlace(places, environment, () => {})));
  const options = { timeoutMs: daemonTimeoutMs };
  if (deviceOptions.includes(name)) {
    return deviceCandidates(name, await client.call('listDevices', {}, { timeoutMs: devicesTimeoutMs }));
  }
  if (name === 'room') {
    const rooms = await client.call('listRooms', {}, options);
    return rooms.map((room) => ({ word: room.name, meaning: room.state }));
  }
  if (name === 'item') {
    const room = await chooseRoom(client, { room: flag('--room') }, options);
    const { playlist } = await client.call('getProgramme', { room }, options);
    return (playlist?.items ?? []).map(({ item, words }) => ({ word: item, meaning: words }));
  }
  if (name === 'schedule') {
    const schedules = await client.call('listSchedules', {}, options);
    return schedules.map((one) => ({ word: one.name, meaning: `${one.words} in ${one.spec.room}` }));
  }
  if (name === 'webhook') {
    const webhooks = await client.call('listWebhooks', {}, options);
    return webhooks.map(({ id, url }) => ({ word: id, meaning: url }));
  }
  if (name === 'key') {
    const keys = await client.call('listKeys', {}, options);
    return keys.map((key) => ({ word: key.id, meaning: `${key.name} of ${key.room}` }));
  }
  if (name === 'link') {
    const links = await client.call('listLinks', {}, options);
    return links.map((one) => ({ word: one.id, meaning: `${one.name ?? 'no name'}, ${one.room}` }));
  }
  if (name === 'token') {
    const tokens = await client.call('listTokens', {}, options);
    return tokens.map((one) => ({ word: one.id, meaning: `${one.name}, ${one.role}` }));
  }
  if (name === 'source') {
    const keys = await client.call('listKeys', { room: flag('--room') }, options).catch(() => []);
    return sourceCandidates(current, before.includes('take'), keys);
  }
  const broadcasts = await client.call('listBroadcasts', {}, options);
  return broadcasts.map(({ id, name, room }) => ({ word: id, meaning: `${name} in ${room}` }));
}

/** Daemons of other machines, and this one's. */
async function contextCandidates(environment: Environment): Promise<Candidate[]> {
  const { localContext, readContexts } = await import('../places/contexts.ts');
  const { contexts } = readContexts(contextsPath(environment));
  const named = Object.entries(contexts).map(([word, { host }]) => ({ word, meaning: host }));
  return [...named, { word: localContext, meaning: 'the daemon of this machine' }];
}

/** A key of a room, and behind its `=` the words that it may have. */
async function settingCandidates(current: string, unsetting: boolean): Promise<Candidate[]> {
  const { roomKeys } = await import('../../contract/room-settings.ts');
  if (unsetting) return wordsOf(roomKeys);
  const [, key] = /^([^=]+)=/.exec(current) ?? [];
  if (key === undefined) return wordsOf(roomKeys.map((one) => `${one}=`));
  const { settingChoices } = await import('../../contract/setting-from-text.ts');
  return wordsOf(settingChoices(key).map((word) => `${key}=${word}`));
}

/** Options whose values are what the daemon's machine has. */
const deviceOptions = ['device', 'audioDevice', 'screen', 'window'];

function deviceCandidates(option: string, { cameras, sounds, displays, windows }: Devices): Candidate[] {
  if (option === 'screen') return displays.map(({ display }) => ({ word: display, meaning: 'screen' }));
  if (option === 'window') return windows.map(({ id, title }) => ({ word: id, meaning: title }));
  const found = option === 'device' ? cameras : sounds;
  return found.map(({ device, name }) => ({ word: device, meaning: name }));
}

/** Words for what is no file, as long as one of them may be meant; else names of files. */
function sourceCandidates(
  current: string,
  taking: boolean,
  keys: readonly { readonly name: string; readonly room: string }[],
): Candidate[] {
  if (current.startsWith('test:')) return wordsOf(testPatterns.map((pattern) => `test:${pattern}`));
  const words = [
    ...keys.map(({ name, room }) => ({
      word: name,
      meaning: `whoever publishes into ${room} with this key`,
    })),
    { word: 'slate', meaning: "the room's slate" },
    { word: 'test', meaning: 'colour bars and a tone' },
    { word: 'screen', meaning: "what the daemon's screen shows" },
    ...(taking ? [{ word: 'programme', meaning: 'back to what it was' }] : []),
  ];
  return words.some(({ word }) => word.startsWith(current)) ? words : files;
}

/** One more name behind those that stand there already. */
function renditionCandidates(current: string): Candidate[] {
  const there = current.split(',').slice(0, -1);
  if (there.length >= maxRenditions) return [];
  const names = renditionNames.filter((name) => !there.includes(name));
  const words = names.map((name) => [...there, name].join(','));
  return [...words, ...(there.length === 0 ? ['auto'] : [])].map((word) => ({ word, meaning: '' }));
}
