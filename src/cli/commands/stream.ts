import { parse } from 'node:path';
import type { CallParams } from '../../contract/api.ts';
import { asMiroliveError, MiroliveError } from '../../contract/errors.ts';
import type { Event } from '../../contract/events.ts';
import type { Broadcast, Source } from '../../contract/models.ts';
import type { Renditions } from '../../contract/rendition-names.ts';
import { sourceWords } from '../../contract/source-words.ts';
import { awaitedCaller } from '../../contract/url-protocols.ts';
import type { Client } from '../client.ts';
import { type Context, connect } from '../program/context.ts';
import { renditionsOption } from '../program/options.ts';
import type { Output } from '../program/output.ts';
import { warnOfEntry, warnOfRoom } from '../program/room.ts';
import type { Verb } from '../program/verb.ts';
import { missingItems } from '../sources/missing-items.ts';
import { saidFrom } from '../sources/said-from.ts';
import {
  type FlagSource,
  type SourceFlags,
  sourceFromFlags,
  sourceOptions,
  type WantedSource,
} from '../sources/source-options.ts';
import { untilLost } from '../sources/until-lost.ts';
import { writeStdin } from '../sources/write-stdin.ts';
import { type Ended, jsonView, plainView, type StreamView } from '../tui/stream-view.ts';
import { printable } from '../words/format.ts';
import { keptWords } from '../words/kept-words.ts';

/** What test pictures take of a name. */
const maxLabel = 200;

/** Options of `mirolive stream`. */
interface StreamOptions extends SourceFlags {
  /** Required, as is a source: checked here, so that a misspelt flag is what an error speaks of. */
  readonly room?: string;
  readonly name?: string;
  readonly renditions?: Renditions;
  readonly detach?: boolean;
  readonly keep?: boolean;
  /** False with `--no-wait`. */
  readonly wait?: boolean;
}

/** `mirolive stream --file FILE --room ROOM` … */
export function add(program: Verb): void {
  const stream = program.verb(
    'stream',
    'Put a source on air in a room, and stay until it ends. Ctrl-C takes it off air; with --keep it only leaves it on. With --json: its events, one per line.',
    [
      'mirolive stream --file talk.mp4 --room lobby',
      'mirolive stream --file talk.mp4 --room lobby --renditions source,480p,240p',
      'mirolive stream --file slides.webm --room hall --loop --name "We begin at ten"',
      'mirolive stream --file one.mp4 two.mp4 --shuffle --loop --room lobby',
      'mirolive stream --playlist evening.yaml --room lobby',
      'mirolive stream --folder /srv/media --shuffle --filler soon.png --room lobby',
      'mirolive stream --url rtsp://camera.example/1 --room lobby',
      'mirolive stream --device /dev/video0 --audio-device alsa:default --room lobby',
      'mirolive stream --screen --region 1280x720+0+0 --room lobby',
      'mirolive stream --window Slides --audio-device pulse:default --room lobby',
      'mirolive stream --test clock --room lobby',
      'mirolive stream --folder /srv/media --loop --room channel --keep --detach',
      'ffmpeg -i talk.mkv -c copy -f mpegts - | mirolive stream --stdin --room lobby',
      'mirolive stream --file talk.mp4 --room lobby --json | jq -r .type',
      'id=$(mirolive stream --file talk.mp4 --room lobby --detach)',
    ],
  );
  sourceOptions(stream)
    .usage('--file <file>|--url <url>|… --room <room> [options]')
    .option('--room <room>', 'room that viewers join: a-z, 0-9 and -')
    .option(
      '--name <name>',
      "what viewers see; by default the file's name, or the room's for what comes from elsewhere",
    )
    .addOption(renditionsOption())
    .option('--detach', 'print the id of the broadcast and return; it goes on')
    .option(
      '--keep',
      'it goes on whatever becomes of this command, and after a restart of the daemon or of the machine, where it was, until it is stopped or over',
    )
    .option('--no-wait', 'with --detach: return when the room is its own, before its first pictures')
    .does(putOnAir, async (context, options: StreamOptions) => {
      const { renditions, room } = options;
      const source = await namedSource(context, options);
      if (source.kind === 'stdin')
        throw new MiroliveError('USAGE', 'expected a source that can be opened at its hour, got a pipe');
      return {
        room,
        what: { call: 'startBroadcast', params: { name: nameOf(options), renditions, source } },
      };
    });
}

/** Stays until it is off air; a signal takes it off. */
async function putOnAir(context: Context, options: StreamOptions): Promise<number> {
  const { output } = context;
  const { room, renditions } = options;
  const name = nameOf(options);
  const named = await namedSource(context, options);
  if (room === undefined) {
    throw new MiroliveError('USAGE', 'expected --room', {
      hint: 'For example: mirolive stream --file talk.mp4 --room lobby',
    });
  }
  if (options.wait === false && options.detach !== true)
    throw new MiroliveError('USAGE', 'expected --detach with --no-wait: else what it does is watched');
  if (named.kind === 'stdin' && options.keep === true) {
    throw new MiroliveError(
      'USAGE',
      'expected no --keep with --stdin: what comes through a pipe is gone after a restart',
      { hint: 'Let a file, an address or a stream key be the source, or leave out --keep' },
    );
  }
  await warnOfRoom(context, room);
  if (named.kind === 'playlist' && (await saidFrom(context)).machine === 'this')
    for (const missing of await missingItems(named.items, null))
      output.warn(`${missing}; it would be skipped`);
  const client = await connect(context);
  if (named.kind === 'stdin' && options.detach === true) {
    throw new MiroliveError('USAGE', 'expected no --detach with --stdin, which has to be read from');
  }
  using written = named.kind === 'stdin' ? await writeStdin(client, context.stdin(), room) : null;
  const source = written ? { kind: 'stdin' as const, token: written.token } : (named as WantedSource);
  const { keep = false } = options;
  const wanted = { room, name, renditions, source, keep };
  if (options.detach === true) {
    const { wait = true } = options;
    const started = await client.call('startBroadcast', { ...wanted, wait });
    output.show(started, () => [started.id]);
    await warnOfEntry(client, output, room);
    output.note(
      keep
        ? keptWords(await client.call('status', {}), room)
        : `It ends with the daemon; so that it goes on after a restart: mirolive keep on --room ${room}`,
    );
    return 0;
  }

  const signal = context.interrupts();
  // Listening begins before the broadcast does, so that none of its events is missed.
  const hangUp = new AbortController();
  const listening = { signal: hangUp.signal };
  const events = client.events({ room, stats: true }, listening)[Symbol.asyncIterator]();
  try {
    await events.next();
    if (output.interactive)
      output.note(
        `Putting ${printable(sourceWords(wanted.source as Source))} on air …\n${
          keep
            ? `Ctrl-C leaves it on air, also after a restart of the daemon; to take it off: mirolive stop --room ${room}`
            : 'Ctrl-C takes it off air, as does the end of this connection; to leave it on: --detach, also after a restart: --keep'
        }`,
      );
    const starting = startedBroadcast(client, wanted, signal, hangUp.signal);
    const started = written ? await untilLost(starting, written.done, () => false) : await starting;
    // Who asked hung up, and the daemon calls it off.
    if (started === null) return signal.reason;
    await warnOfEntry(client, output, room);
    const view = await openView(output);
    try {
      view.started(started, awaitedCaller(wanted.source as Source));
      const told = untilEnded(started, events, view);
      const isWhole = ({ reason }: Ended) => reason === 'ended';
      const until = written ? untilLost(told, written.done, isWhole) : told;
      const ended = await watch(client, started, until, view, signal, keep);
      if (ended === null) {
        hangUp.abort();
        return 0;
      }
      return exitStatus(ended, started, signal);
    } finally {
      view.close();
    }
  } catch (error) {
    hangUp.abort();
    throw error;
  } finally {
    await events.return?.();
  }
}

function nameOf({ name, playlist }: StreamOptions): string | undefined {
  return name ?? (playlist && parse(playlist).name);
}

async function namedSource(context: Context, options: StreamOptions): Promise<FlagSource> {
  return await sourceFromFlags(options, {
    from: await saidFrom(context),
    display: context.environment.variables.DISPLAY,
    label: (nameOf(options) ?? options.room ?? '').slice(0, maxLabel),
  });
}

/** Null where it was interrupted before it was on air; it may be waited for longer than an answer takes. */
async function startedBroadcast(
  client: Client,
  wanted: CallParams<'startBroadcast'>,
  signal: AbortSignal,
  hungUp: AbortSignal,
): Promise<Broadcast | null> {
  try {
    return await client.call('startBroadcast', wanted, { signal: AbortSignal.any([signal, hungUp]) });
  } catch (error) {
    if (signal.aborted || hungUp.aborted) return null;
    if (asMiroliveError(error).code !== 'NOT_ON_AIR_YET') throw error;
    const [waited] = await client.call('listBroadcasts', { room: wanted.room });
    if (!waited) throw error;
    return waited;
  }
}

async function openView(output: Output): Promise<StreamView> {
  if (output.json) return jsonView(output);
  if (!output.interactive) return plainView(output);
  const { terminalView } = await import('../tui/terminal-view.tsx');
  return terminalView(output);
}

/** Shows the broadcast until its end, which an interruption brings about; null: it is left on air, as it is kept. */
async function watch(
  client: Client,
  broadcast: Broadcast,
  ended: Promise<Ended>,
  view: StreamView,
  signal: AbortSignal,
  keep: boolean,
): Promise<Ended | null> {
  const left = new Promise<null>((resolve, reject) => {
    const stop = () => {
      if (keep) {
        resolve(null);
        return;
      }
      view.stopping();
      client.call('stopBroadcast', { id: broadcast.id }).catch((error: unknown) => {
        if (asMiroliveError(error).code !== 'BROADCAST_NOT_FOUND') reject(error);
      });
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  return Promise.race([ended, left]);
}

async function untilEnded(
  broadcast: Broadcast,
  events: AsyncIterator<Event>,
  view: StreamView,
): Promise<Ended> {
  for (;;) {
    const { value: event, done } = await events.next();
    if (done === true) throw new MiroliveError('DAEMON_UNREACHABLE', 'the daemon sends no more events');
    if ('broadcast' in event && event.broadcast !== broadcast.id) continue;
    view.event(event);
    if (event.type === 'broadcast.ended') return event;
  }
}

function exitStatus(ended: Ended, { source }: Broadcast, signal: AbortSignal): number {
  if (ended.reason === 'failed') {
    // The daemon tells an address without its secrets, as which it cannot be opened.
    const path = source.kind === 'url' ? 'ADDRESS' : sourceWords(source);
    throw new MiroliveError('PIPELINE_FAILED', ended.message ?? 'ffmpeg could not play the source', {
      details: { path: source.kind === 'file' ? source.path : path },
    });
  }
  if (ended.reason === 'shutdown') {
    throw new MiroliveError('SHUTTING_DOWN', 'the broadcast is off air because the daemon ended');
  }
  return signal.aborted ? signal.reason : 0;
}
