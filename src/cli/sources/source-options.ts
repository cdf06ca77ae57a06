import { resolve } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import type { CallParams } from '../../contract/api.ts';
import { audioMapPattern, audioMapWords } from '../../contract/audio-map.ts';
import { MiroliveError } from '../../contract/errors.ts';
import type { NewEntrySource } from '../../contract/models.ts';
import { quoted } from '../../contract/quoted.ts';
import { testPatterns } from '../../contract/source-kinds.ts';
import { wholeNumber } from '../program/options.ts';
import { kebab, type Verb } from '../program/verb.ts';
import { cardTextOption, withText } from './card-options.ts';
import { type HeaderFlags, headerOption, headersFromFlags } from './header-options.ts';
import { fileProblem, folderProblem } from './local-file.ts';
import { pathFrom, type SaidFrom, sourceFrom } from './said-from.ts';

/** A source as a call takes it. */
export type WantedSource = CallParams<'startBroadcast'>['source'];

/** What flags name: a source, or standard input, which is none before it is written somewhere. */
export type FlagSource = Exclude<WantedSource, { kind: 'stdin' }> | { readonly kind: 'stdin' };

/** A part of a screen, in pixels. */
interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Flags that name a source, and how it is played. */
export interface SourceFlags extends HeaderFlags {
  readonly file?: readonly string[];
  readonly playlist?: string;
  readonly folder?: string;
  readonly url?: string;
  readonly device?: string;
  /** True: without a value. */
  readonly screen?: string | true;
  readonly window?: string;
  readonly test?: (typeof testPatterns)[number] | true;
  readonly card?: string;
  readonly text?: string;
  readonly stdin?: boolean;
  readonly audioDevice?: string;
  readonly region?: Region;
  readonly live?: boolean;
  readonly loop?: boolean;
  readonly shuffle?: boolean;
  readonly filler?: string;
  readonly audioTrack?: number;
  readonly audioMap?: string;
  readonly variant?: number;
}

/** Where the command line is run. */
export interface SourcePlace {
  /** Where its paths are said. */
  readonly from: SaidFrom;
  /** The X display of this terminal, where it has one. */
  readonly display: string | undefined;
  /** Stands in test pictures. */
  readonly label: string;
}

/** Flags of which one says what is put on air, with those that may stand beside it. */
const kinds = {
  file: ['loop', 'shuffle', 'audioTrack', 'audioMap'],
  playlist: ['loop', 'shuffle', 'filler'],
  folder: ['loop', 'shuffle', 'filler'],
  url: ['live', 'loop', 'audioTrack', 'audioMap', 'variant', 'header'],
  device: ['audioDevice'],
  screen: ['region', 'audioDevice'],
  window: ['audioDevice'],
  test: [],
  card: ['text'],
  stdin: [],
} as const satisfies Partial<Record<keyof SourceFlags, readonly (keyof SourceFlags)[]>>;
type Kind = keyof typeof kinds;
const kindNames = Object.keys(kinds) as Kind[];
const manners = [
  'live',
  'loop',
  'shuffle',
  'filler',
  'audioTrack',
  'audioMap',
  'variant',
  'audioDevice',
  'region',
  'header',
  'text',
] as const;

/** Declares the flags that name a source. */
export function sourceOptions(command: Verb): Verb {
  const patterns = new Option('--test [pattern]', 'test picture and tone; bars by default').choices(
    testPatterns,
  );
  return command
    .option('--file <file...>', 'media file; several are played one after the other')
    .option('--playlist <file>', 'playlist file: YAML, M3U, PLS or XSPF')
    .option('--folder <folder>', 'the media files in a folder, over and over, as they come and go')
    .option('--url <url>', 'address: http(s), HLS, rtsp(s), srt, udp, rtmp(s)')
    .option('--device <camera>', 'camera, such as /dev/video0; see: mirolive devices')
    .option('--screen [display]', 'X display; the one of this terminal by default')
    .option('--window <title>', 'window, by its title, a part of it, or its id; see: mirolive devices')
    .addOption(patterns)
    .option('--card <title>', 'words on a plain ground')
    .addOption(cardTextOption())
    .option('--stdin', 'container on standard input, such as MPEG-TS or Matroska')
    .option(
      '--audio-device <device>',
      'sound for a camera, screen or window, or alone: alsa:default, pulse:default',
    )
    .option('--region <WxH+X+Y>', 'part of the screen, such as 1280x720+0+0', region)
    .addOption(headerOption())
    .option('--live', 'the address comes at its own pace; found out by looking by default')
    .option('--no-live', 'the address is a file, with an end')
    .option('--loop', 'start again at the end, without end')
    .option('--shuffle', 'several files, a playlist or a folder, in another order each time round')
    .option('--filler <source>', 'what is on air while nothing of a playlist or a folder can be')
    .option('--audio-track <number>', 'audio track, 0 the first; see: mirolive probe', wholeNumber)
    .addOption(audioMapOption())
    .option(
      '--variant <number>',
      'variant of an HLS list, 0 the first; the best that plan.maxBitrate allows by default',
      wholeNumber,
    );
}

/** Declares `--audio-map`. */
export function audioMapOption(): Option {
  const option = new Option(
    '--audio-map <left+right>',
    'tracks that become left and right, such as 0+1, or channels of them, such as 0:2+0:3',
  );
  return option.conflicts('audioTrack').argParser((text: string) => {
    if (!audioMapPattern.test(text)) throw new InvalidArgumentError(audioMapWords);
    return text;
  });
}

/**
 * The source that flags name.
 *
 * @throws MiroliveError USAGE, INVALID_PLAYLIST
 */
export async function sourceFromFlags(flags: SourceFlags, place: SourcePlace): Promise<FlagSource> {
  const { loop = false, audioTrack = null, audioDevice: audio = null } = flags;
  switch (kindOf(flags)) {
    case 'file':
      return filesOf(flags, place.from);
    case 'playlist':
      return await playlistOf(flags, place.from);
    case 'folder':
      return await folderOf(flags, place.from);
    case 'url':
      return {
        ...{ kind: 'url', url: flags.url ?? '', live: flags.live ?? null, loop, audioTrack },
        ...(flags.audioMap !== undefined && { audioMap: flags.audioMap }),
        ...(flags.variant !== undefined && { variant: flags.variant }),
        ...(await headersFromFlags(flags, place.from.folder)),
      };
    case 'device':
      return { kind: 'device', video: flags.device ?? null, audio };
    case 'screen':
      return { kind: 'screen', display: displayOf(flags, place), region: flags.region ?? null, audio };
    case 'window':
      return { kind: 'window', display: displayOf(flags, place), window: flags.window ?? '', audio };
    case 'test':
      return { kind: 'test', pattern: flags.test === true ? 'bars' : flags.test, label: place.label };
    case 'card':
      return withText({ kind: 'card' as const, title: flags.card ?? '' }, flags);
    case 'stdin':
      return { kind: 'stdin' };
  }
}

/** The one kind that flags name; sound alone is a device too. */
function kindOf(flags: SourceFlags): Kind {
  const [named, another] = kindNames.filter((name) => flags[name] !== undefined);
  if (another !== undefined) throw usage(`expected one source, got --${named} and --${another}`);
  for (const flag of ['file', 'playlist', 'folder'] as const) {
    if ([flags[flag] ?? []].flat().some((name) => /^[a-z][a-z0-9+.-]*:\/\//i.test(name)))
      throw usage(
        `expected a ${flag === 'folder' ? 'folder' : 'file'} behind --${flag}, got an address, which goes behind --url`,
      );
  }
  const kind = named ?? (flags.audioDevice === undefined ? undefined : 'device');
  if (kind === undefined) {
    throw usage(`expected a source: one of ${kindNames.map((name) => `--${name}`).join(', ')}`);
  }
  const beside: readonly string[] = kinds[kind];
  const stray = manners.find((name) => flags[name] !== undefined && !beside.includes(name));
  if (stray !== undefined) {
    const fitting = kindNames.filter((name) => (kinds[name] as readonly string[]).includes(stray));
    throw usage(
      `--${kebab(stray)} goes with ${fitting.map((name) => `--${name}`).join(', ')}, not with --${kind}`,
    );
  }
  return kind;
}

function filesOf(flags: SourceFlags, from: SaidFrom): FlagSource {
  const { file = [], loop = false, shuffle = false, audioTrack = null } = flags;
  const swallowed = file.find((name) => /^--[a-z-]+$/.test(name));
  if (swallowed !== undefined) throw usage(`expected a file behind --file, got ${swallowed}`);
  const list = file.find((name) => /\.(ya?ml|m3u8?|pls|xspf)$/i.test(name));
  if (list !== undefined)
    throw new MiroliveError('USAGE', `expected media behind --file, got the playlist ${list}`, {
      hint: `Play it: mirolive stream --playlist ${quoted(list)} --room ROOM`,
    });
  const mapped = flags.audioMap === undefined ? {} : { audioMap: flags.audioMap };
  const files = file.map((name) => ({
    ...{ kind: 'file' as const, path: pathFrom(from, name), audioTrack },
    ...mapped,
  }));
  const [only] = files;
  if (only === undefined || files.length > 1) {
    return { kind: 'playlist', items: files.map((source) => ({ source })), loop, shuffle };
  }
  if (shuffle) throw usage('expected several --file, or --playlist, to shuffle');
  return { ...only, loop };
}

async function playlistOf(flags: SourceFlags, from: SaidFrom): Promise<FlagSource> {
  const { playlist = '', loop = false, shuffle = false } = flags;
  const { loadPlaylist } = await import('../../files/load-playlist.ts');
  const list = await loadPlaylist(resolve(from.folder, playlist));
  return {
    ...{ ...list, loop: list.loop || loop, shuffle: list.shuffle || shuffle },
    ...(await fillerOf(flags, from)),
  };
}

/** A folder is played over and over: what comes into it is not known to be the last. */
async function folderOf(flags: SourceFlags, from: SaidFrom): Promise<FlagSource> {
  const { folder = '', shuffle = false } = flags;
  const path = pathFrom(from, folder);
  const problem = from.machine === 'this' ? await folderProblem(path) : null;
  if (problem) throw problem;
  const items = [{ source: { kind: 'folder' as const, path } }];
  return { ...{ kind: 'playlist', items, loop: true, shuffle }, ...(await fillerOf(flags, from)) };
}

async function fillerOf({ filler }: SourceFlags, from: SaidFrom): Promise<{ filler?: NewEntrySource }> {
  if (filler === undefined) return {};
  const source = sourceFrom(from, filler);
  const problem = source.kind === 'file' && from.machine === 'this' ? await fileProblem(source.path) : null;
  if (problem) throw problem;
  return { filler: source };
}

/** Displays of other machines cannot be opened by the daemon. */
function displayOf({ screen }: SourceFlags, { display }: SourcePlace): string {
  if (typeof screen === 'string') return screen;
  return display !== undefined && /^:\d/.test(display) ? display : ':0.0';
}

function region(text: string): Region {
  const [, width, height, x, y] = /^(\d{1,5})x(\d{1,5})\+(\d{1,5})\+(\d{1,5})$/.exec(text) ?? [];
  if (y === undefined) throw new InvalidArgumentError('Expected WIDTHxHEIGHT+X+Y, such as 1280x720+0+0.');
  return { x: Number(x), y: Number(y), width: Number(width), height: Number(height) };
}

function usage(message: string): MiroliveError {
  return new MiroliveError('USAGE', message, {
    hint: 'For example: mirolive stream --file talk.mp4 --room lobby',
  });
}
