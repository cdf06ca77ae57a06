/** Commands that are dealt with elsewhere. */
const known = ['connect', 'createStream', 'publish', 'play', 'deleteStream'];
/** What ends the stream of an encoder: one of them, whichever it knows. */
const ends = ['deleteStream', 'closeStream'];
/** Announcements of a publication (Flash Media Live Encoder), to which another message is the answer. */
const announces: ReadonlyMap<string, string> = new Map([
  ['FCPublish', 'NetStream.Publish.Start'],
  ['FCUnpublish', 'NetStream.Unpublish.Success'],
]);

/** A command as a client sends it. */
export interface EncoderCommand {
  readonly name: string;
  /** Its number, for the answer; 0: none is wanted. */
  readonly transaction: number;
}

/** What is sent to a client, in the words of node-media-server. */
export interface ServerCommand {
  readonly cmd: string;
  readonly transId: number;
  readonly cmdObj: null;
  readonly info: null | { readonly level: string; readonly code: string; readonly description: string };
}

/** Name and number of a command in AMF0; null: it is none. */
export function readCommand(message: Buffer): EncoderCommand | null {
  if (message.length < 3 || message[0] !== 2) return null;
  const end = 3 + message.readUInt16BE(1);
  if (message.length < end) return null;
  const isNumbered = message.length >= end + 9 && message[end] === 0;
  const transaction = isNumbered ? message.readDoubleBE(end + 1) : 0;
  return { name: message.toString('utf8', 3, end), transaction };
}

/** Whether the client says that its stream is over. */
export function endsStream({ name }: EncoderCommand): boolean {
  return ends.includes(name);
}

/**
 * Answers to what encoders ask beyond what it takes to publish: some wait for one to `releaseStream`, `FCPublish` or `_checkbw` before they go
 * on, and any call with a number has one (RTMP 1.0, section 7.1.1).
 */
export function answersTo({ name, transaction }: EncoderCommand): ServerCommand[] {
  const isAnswer = name === '_result' || name === '_error';
  if (known.includes(name) || isAnswer || !(transaction > 0)) return [];
  const result = { cmd: '_result', transId: transaction, cmdObj: null, info: null };
  const code = announces.get(name);
  if (code === undefined) return [result];
  const info = { level: 'status', code, description: '' };
  return [result, { cmd: `on${name}`, transId: 0, cmdObj: null, info }];
}
