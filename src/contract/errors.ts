import { quoted } from './quoted.ts';
/** One row of the error table: what a code means to HTTP, to the shell and to the person who reads it. */
export interface ErrorEntry {
  /** HTTP status of the control API. */
  readonly status: number;
  /** Where the daemon cannot be reached: the exit status of the command line is 3. */
  readonly exit?: 3;
  /** One line for docs: when this happens. */
  readonly summary: string;
  /** The next command to run, or what to change. `{name}` is filled from the error's details, as a shell takes it. */
  readonly hint: string;
  /** Only who runs the machine can do what the hint says: change its configuration, restart it, install something. */
  readonly forAdmin?: boolean;
}

/** Every error that mirolive reports. Codes are stable: scripts may match them. */
export const errorTable = {
  USAGE: {
    status: 400,
    summary: 'The command line or the request is not understood.',
    hint: 'Run the command with --help.',
  },
  INVALID_REQUEST: {
    status: 400,
    summary: 'A parameter is missing or out of range.',
    hint: 'See docs/control-api.md for what the call takes.',
  },
  CALL_NOT_FOUND: {
    status: 404,
    summary: 'The control API has no such call.',
    hint: 'See docs/control-api.md for its calls; the daemon may be of another version: mirolive status',
  },
  UNAUTHENTICATED: {
    status: 401,
    summary: 'Who calls by the network gives no token, or one that is not, or no longer, valid.',
    hint: 'Set MIROLIVE_TOKEN, or --token-file FILE; to make a token, on the machine of the daemon: mirolive tokens create --role operator',
  },
  NOT_ALLOWED: {
    status: 403,
    summary: 'Who calls may not do this.',
    hint: 'Do it as somebody who may: docs/control-api-calls.md says what each call needs',
  },
  INVALID_CONFIG: {
    status: 400,
    summary: 'The configuration file has an error.',
    hint: 'Mend the line that is named, then run: mirolive config check {file}',
    forAdmin: true,
  },
  DAEMON_UNREACHABLE: {
    status: 503,
    exit: 3,
    summary: 'No daemon answers on the control socket.',
    hint: 'Start it: mirolive daemon --background',
  },
  DAEMON_INCOMPATIBLE: {
    status: 409,
    exit: 3,
    summary: 'The daemon speaks another version of the control API.',
    hint: 'Restart the daemon with the same version as this command: mirolive --version',
  },
  DAEMON_UNTRUSTED: {
    status: 403,
    exit: 3,
    summary:
      'What answers shows another certificate than the one that is pinned, or one that nobody vouches for.',
    hint: 'See the print on the machine of the daemon: mirolive status; then give it: --fingerprint SHA256:PRINT',
  },
  DAEMON_RUNNING: {
    status: 409,
    summary: 'Another daemon already answers on this control socket.',
    hint: 'See what runs: mirolive status',
  },
  DAEMON_START_FAILED: {
    status: 500,
    summary: 'The daemon did not become ready.',
    hint: 'See what is wrong: mirolive doctor',
  },
  PORT_IN_USE: {
    status: 409,
    summary: 'A port that the daemon needs is taken.',
    hint: "See who holds it: ss -anptu 'sport = :{port}'; or choose another in the configuration ({key})",
    forAdmin: true,
  },
  WORKER_NOT_FOUND: {
    status: 500,
    summary: 'There is no mediasoup worker binary.',
    hint: 'Get one: mirolive worker build',
    forAdmin: true,
  },
  WORKER_BROKEN: {
    status: 500,
    summary: 'The mediasoup worker binary does not start.',
    hint: 'Build it anew: mirolive worker build; see what is wrong: mirolive doctor',
    forAdmin: true,
  },
  WORKER_NOT_BUILT: {
    status: 500,
    summary: 'The mediasoup worker was not built.',
    hint: 'Try it again: mirolive worker build',
    forAdmin: true,
  },
  FFMPEG_NOT_FOUND: {
    status: 500,
    summary: 'ffmpeg or ffprobe is not there.',
    hint: 'Install it (apt-get install ffmpeg) or set media.ffmpeg; then run: mirolive doctor',
    forAdmin: true,
  },
  BROADCAST_NOT_FOUND: {
    status: 404,
    summary: 'There is no broadcast with this id.',
    hint: 'List them: mirolive broadcasts',
  },
  CONTEXT_NOT_FOUND: {
    status: 404,
    summary: 'No daemon of another machine has this name here.',
    hint: 'List them: mirolive context list',
  },
  ROOM_NOT_FOUND: {
    status: 404,
    summary: 'There is no room of this name.',
    hint: 'List them: mirolive rooms',
  },
  ROOM_IDLE: {
    status: 404,
    summary: 'Nothing is on air in this room.',
    hint: 'Put something on air: mirolive stream --file FILE --room {room}',
  },
  ROOM_CLOSED: {
    status: 403,
    summary: 'The room lets nobody in now.',
    hint: 'Come back when it opens, or ask who runs this server',
  },
  STATE_LOST: {
    status: 503,
    summary: 'The state is lost: only rooms whose access the configuration gives let anybody in.',
    hint: 'Restore a backup, or go on without it; see what there is: mirolive state check',
    forAdmin: true,
  },
  ROOM_BUSY: {
    status: 409,
    summary: 'The room already has a broadcast.',
    hint: 'Stop it first: mirolive stop --room {room}',
  },
  ROOM_EXISTS: {
    status: 409,
    summary: 'Somebody has made a room of this name, or it is declared.',
    hint: 'Set what is to hold there: mirolive rooms set {room} KEY=VALUE',
  },
  ROOM_IN_FILE: {
    status: 409,
    summary: 'The room stands in the configuration, and is deleted there.',
    hint: 'Take it out there, then: mirolive reload',
  },
  ROOM_IN_USE: {
    status: 409,
    summary: 'Something is on air in the room, or leads there.',
    hint: 'End it first; see what there is: mirolive status',
  },
  SUPERSEDED: {
    status: 409,
    summary: 'A later command wanted something else before this one could be carried out.',
    hint: 'See what is wanted now: mirolive programme --room {room}',
  },
  NOT_ON_AIR_YET: {
    status: 504,
    summary: 'What was asked for is wanted, and could not be put on air within 90 s; it is still tried.',
    hint: 'See what is waited for: mirolive programme --room {room}',
  },
  PUBLISHER_NOT_FOUND: {
    status: 404,
    summary: 'Nobody publishes with this stream key now.',
    hint: 'See who does: mirolive publishers',
  },
  VIEWER_NOT_FOUND: {
    status: 404,
    summary: 'There is no such viewer, or it has left.',
    hint: 'List them: mirolive viewers',
  },
  HANDS_OFF: {
    status: 409,
    summary: 'In this room no hands are raised.',
    hint: 'Let them be: mirolive rooms set {room} hands=true',
    forAdmin: true,
  },
  VIEWER_BANNED: {
    status: 403,
    summary: 'Whoever wants to watch is banned: this guest or browser, or what comes from this network.',
    hint: 'Ask who runs this server; operators: mirolive viewers bans',
  },
  ONLY_BY_ADDRESS: {
    status: 409,
    summary: 'Nothing but its address would keep this viewer out, which others may have, too.',
    hint: 'Ban the address: mirolive viewers ban VIEWER --address',
  },
  BAN_NOT_FOUND: {
    status: 404,
    summary: 'There is no such ban, or it has been lifted or is over.',
    hint: 'List them: mirolive viewers bans',
  },
  ROOM_FULL: {
    status: 503,
    summary:
      'No place is free for one more viewer: a limit of the room, or of what leaves for all viewers, is reached.',
    hint: 'Wait until somebody leaves, or raise {key}',
  },
  OFFER_NOT_PLAYABLE: {
    status: 406,
    summary: 'A WHEP client asked for media with no codec of what is on air.',
    hint: 'Use a player with this codec, such as a browser',
  },
  CODEC_NOT_ACCEPTED: {
    status: 406,
    summary: 'A WHIP publisher offers no codec that the room can take.',
    hint: 'Choose one of these codecs in the publisher, or publish by RTMP, which is transcoded',
  },
  SOURCE_NOT_FOUND: {
    status: 404,
    summary: 'There is no such file, device, display or window.',
    hint: 'Check the path: ls -l {path}',
  },
  SOURCE_FORBIDDEN: {
    status: 403,
    summary: 'The file may not be read: permissions, or outside media.roots.',
    hint: 'Allow it for the user of the daemon, or move it below one of media.roots',
    forAdmin: true,
  },
  SOURCE_NOT_A_FILE: {
    status: 400,
    summary: 'The path is not a regular file.',
    hint: 'Name a media file',
  },
  SOURCE_NOT_MEDIA: {
    status: 422,
    summary: 'The file holds no picture or sound that can be read.',
    hint: 'See what ffprobe says of it: mirolive probe {path}',
  },
  SOURCE_TRACK_NOT_FOUND: {
    status: 404,
    summary: 'The file has no such audio track.',
    hint: 'List its tracks: mirolive probe {path}',
  },
  SOURCE_TIMEOUT: {
    status: 504,
    summary: 'The file could not be probed in time.',
    hint: 'Try again, or raise media.probeTimeout',
    forAdmin: true,
  },
  SOURCE_PROTOCOL: {
    status: 400,
    summary: 'The address has a protocol that is not taken, or leads to one.',
    hint: 'Use http, https, rtsp, rtsps, srt, udp, rtmp or rtmps, see docs/sources/url.md',
  },
  SOURCE_PRIVATE_ADDRESS: {
    status: 403,
    summary:
      'The address is of a private network or of this machine, or leads there by a redirect, a segment or its name.',
    hint: 'If sources may be there, set sources.allowPrivateNetworks: true in the configuration and restart the daemon, which ends what is on air',
    forAdmin: true,
  },
  SOURCE_UNREACHABLE: {
    status: 502,
    summary: 'The server of the source cannot be reached, or does not give it.',
    hint: 'Try it from the machine of the daemon: mirolive probe ADDRESS',
  },
  SOURCE_BUSY: {
    status: 409,
    summary: 'Another program has the device.',
    hint: 'See which one: fuser -v {path}',
  },
  SOURCE_QUARANTINED: {
    status: 409,
    summary:
      'The source ended the process that played it, and is set aside so that other rooms are safe from it.',
    hint: 'Put it on air once more: mirolive take SOURCE --room {room}',
  },
  INGEST_UNAVAILABLE: {
    status: 503,
    summary:
      'The process that plays sources, or the one that opens addresses, has died or cannot be started.',
    hint: 'It is started again by itself: try again; then see the log of the daemon',
  },
  PROGRAM_NOT_FOUND: {
    status: 500,
    summary: 'A program of the system that this needs is not installed.',
    hint: 'Install it: apt-get install {package}',
    forAdmin: true,
  },
  NOT_SEEKABLE: {
    status: 409,
    summary:
      'What is on air comes at its own pace, or cannot be begun at that place: it plays on where it was.',
    hint: 'Put another source on air: mirolive take FILE --room {room}',
  },
  NO_PLAYLIST: {
    status: 409,
    summary: 'What is on air is no playlist.',
    hint: 'Play one: mirolive stream --playlist FILE --room {room}',
  },
  PLAYLIST_ITEM_NOT_FOUND: {
    status: 404,
    summary: 'The playlist has no such item.',
    hint: 'List its items: mirolive playlist show --room {room}',
  },
  INVALID_PLAYLIST: {
    status: 400,
    summary: 'The playlist file has an error.',
    hint: 'Mend the line that is named, then run: mirolive playlist check {file}',
  },
  INVALID_EVENT: {
    status: 400,
    summary: 'The event file has an error, or declares what cannot be.',
    hint: 'Mend the line that is named, then run: mirolive diff -f {file}',
  },
  APPLY_REFUSED: {
    status: 409,
    summary:
      'Applying an event file would take somebody off air, or take over what another file applied; nothing was changed.',
    hint: 'See what it would change: mirolive diff -f {file}; to do it, add --yes',
  },
  SLATE_NOT_USABLE: {
    status: 422,
    summary: "A room's slate cannot be made of its image or clip; the card is shown instead.",
    hint: 'Name a PNG, JPEG or WebP image, or a clip of at most 2 minutes with a picture; see what this is: file {path}',
  },
  POSTER_NOT_USABLE: {
    status: 422,
    summary: "The image that a room's poster is to be cannot be used.",
    hint: 'Name a JPEG, PNG or WebP image of at most 512 KiB; see what this is: file {path}',
  },
  NO_POSTER: {
    status: 404,
    summary: 'There is no still of the room now.',
    hint: 'Ask again in a few seconds; see what is on air: mirolive status',
  },
  PIPELINE_FAILED: {
    status: 500,
    summary: 'ffmpeg could not play the source.',
    hint: 'See how it would be played: mirolive probe {path}',
  },
  KEY_NOT_FOUND: {
    status: 404,
    summary: 'There is no stream key with this id, or it is revoked already.',
    hint: 'List them: mirolive keys list',
  },
  KEY_EXISTS: {
    status: 409,
    summary: 'The room has a stream key of this name already.',
    hint: 'Choose another name, or give it another secret: mirolive keys rotate {id}',
  },
  LINK_NOT_FOUND: {
    status: 404,
    summary: 'There is no watch link with this id, or it is revoked already.',
    hint: 'List them: mirolive links list',
  },
  LINK_NEEDED: {
    status: 401,
    summary:
      'The room lets in those alone who have a watch link, and none, or none that is valid, was given.',
    hint: 'Open the link that you were sent; to make one: mirolive link --room {room}',
  },
  TOKEN_NOT_FOUND: {
    status: 404,
    summary: 'There is no token with this id, or it is revoked already.',
    hint: 'List them: mirolive tokens list',
  },
  TOKEN_EXISTS: {
    status: 409,
    summary: 'There is a token of this name already.',
    hint: 'Choose another name, or revoke it first: mirolive tokens revoke {id}',
  },
  PUBLISHER_UNCLEAR: {
    status: 400,
    summary: 'Somebody came to publish, and not in a way that could be understood.',
    hint: 'Set rtmp://HOST/ROOM as server and the stream key in the encoder; see docs/rtmp.md',
  },
  PUBLISHER_CODEC: {
    status: 415,
    summary: 'Somebody publishes in a codec that is not taken by this protocol.',
    hint: 'Set the encoder to H.264 and AAC (in OBS: Settings, Output, Video Encoder); HEVC and AV1 are taken by SRT: mirolive stream --url srt://:9000?mode=listener',
  },
  KEY_UNKNOWN: {
    status: 401,
    summary: 'Somebody wanted to publish with a stream key that the room does not have.',
    hint: 'Make one: mirolive keys create --room {room}',
  },
  KEY_EXPIRED: {
    status: 401,
    summary: 'The time of a stream key is over.',
    hint: 'Give it another secret and another time: mirolive keys rotate {id} --expires 8h',
  },
  KEY_REVOKED: {
    status: 401,
    summary:
      'Somebody wanted to publish with a stream key that was revoked, or with the secret that it had before.',
    hint: 'Make another one: mirolive keys create --room {room}',
  },
  PUBLISHER_CONFLICT: {
    status: 409,
    summary: 'Somebody publishes with this stream key already.',
    hint: 'See who: mirolive publishers; or set onConflict of the room to takeover',
  },
  STATE_UNAVAILABLE: {
    status: 503,
    summary: 'What survives a restart, such as stream keys, cannot be read or written.',
    hint: 'See what is wrong: mirolive doctor',
  },
  SCHEDULE_NOT_FOUND: {
    status: 404,
    summary: 'There is no schedule of this name.',
    hint: 'List them: mirolive schedule list',
  },
  SCHEDULE_EXISTS: {
    status: 409,
    summary: 'There is a schedule of this name already.',
    hint: 'Choose another name, or remove it first: mirolive schedule remove {name}',
  },
  SCHEDULE_RUNNING: {
    status: 409,
    summary: 'A run of the schedule goes on already.',
    hint: 'See how it is: mirolive schedule show {name}',
  },
  SCHEDULE_NOT_RUNNING: {
    status: 409,
    summary: 'No run of the schedule goes on.',
    hint: 'See what does: mirolive schedule list',
  },
  WEBHOOK_NOT_FOUND: {
    status: 404,
    summary: 'There is no webhook with this id.',
    hint: 'List them: mirolive webhooks list',
  },
  WEBHOOK_ENDED: {
    status: 409,
    summary: 'The receiver of the webhook has answered that it wants no more (410).',
    hint: 'Add it again where it does: mirolive webhooks add; see which: mirolive webhooks list',
  },
  WEBHOOK_ADDRESS: {
    status: 403,
    summary:
      'The address of the webhook is of a private network or of this machine, which the configuration does not allow.',
    hint: 'If it is yours, name it in webhooks.allow of the configuration, then run: mirolive reload',
    forAdmin: true,
  },
  OUTBOX_UNAVAILABLE: {
    status: 503,
    summary: 'What webhooks are to be told cannot be read, written or sent now.',
    hint: 'See why: mirolive status; it is tried again by itself',
  },
  RENDITIONS_TOO_HEAVY: {
    status: 422,
    summary: 'This machine cannot encode these renditions in real time.',
    hint: 'Ask for less: --renditions {less}, or for auto',
  },
  ENCODER_NOT_USABLE: {
    status: 500,
    summary: 'The encoder that the configuration names does not work on this machine.',
    hint: 'See which ones do: mirolive doctor; then set plan.encoder to one of them, or to auto',
    forAdmin: true,
  },
  NO_WORKER: {
    status: 503,
    summary: 'No mediasoup worker runs now: nothing can be put on air until one does.',
    hint: 'See why: mirolive status; workers are tried again by themselves',
  },
  LIMIT_REACHED: {
    status: 429,
    summary: 'A limit of the configuration is reached.',
    hint: 'Raise {key} in the configuration, or wait',
    forAdmin: true,
  },
  SHUTTING_DOWN: {
    status: 503,
    exit: 3,
    summary: 'The daemon is ending.',
    hint: 'Start it again: mirolive daemon --background',
  },
  INTERNAL: {
    status: 500,
    summary: 'Something failed that should not.',
    hint: 'See the log of the daemon, then run: mirolive doctor',
  },
} as const satisfies Record<string, ErrorEntry>;

/** A code of the error table. */
export type ErrorCode = keyof typeof errorTable;

/** Exit statuses of the command line by those of HTTP: usage, not found, conflict. */
const exits: Readonly<Record<number, number>> = { 400: 2, 404: 4, 409: 5 };

/** Exit status of the command line: 1 failed, 2 usage, 3 daemon not reachable, 4 not found, 5 conflict. */
export function exitStatusOf(code: ErrorCode): number {
  const { status, exit }: ErrorEntry = errorTable[code];
  return exit ?? exits[status] ?? 1;
}

/** What an error looks like on the wire (`{"error": …}`) and in `--json`. */
export interface ErrorBody {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
}

/** The one error class: a code of the table, a sentence with what was expected and what was got, a hint. */
export class MiroliveError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;
  /** Whether only who runs the machine can do what the hint says. */
  readonly forAdmin: boolean;

  /**
   * @param message what was expected and what was got, one sentence
   * @param options.details fills `{name}` in the table's hint
   * @param options.hint replaces the table's hint
   * @param options.forAdmin only who runs the machine can do what that says. Default: as the table says of its own
   */
  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; details?: Record<string, string>; hint?: string; forAdmin?: boolean } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'MiroliveError';
    this.code = code;
    const { hint, forAdmin = false }: ErrorEntry = errorTable[code];
    this.hint = options.hint ?? fillHint(hint, options.details ?? {});
    this.forAdmin = options.forAdmin ?? (options.hint === undefined && forAdmin);
  }

  /** The body that goes over the wire. */
  toJSON(): ErrorBody {
    return { code: this.code, message: this.message, hint: this.hint };
  }
}

/** Any thrown value as a MiroliveError: what is not one already becomes INTERNAL, with its cause kept. */
export function asMiroliveError(error: unknown): MiroliveError {
  if (error instanceof MiroliveError) return error;
  return new MiroliveError('INTERNAL', error instanceof Error ? error.message : String(error), {
    cause: error,
  });
}

function fillHint(hint: string, details: Record<string, string>): string {
  return hint.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = details[name];
    return value === undefined ? name.toUpperCase() : quoted(value);
  });
}
