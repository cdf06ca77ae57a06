import { MiroliveError } from '../../../contract/errors.ts';
import { authority, type SourceAddress } from './address.ts';

/** What ffmpeg's words mean; `$1` and so on stand for parts of them, `{where}` for host and port, `{port}` for the port. */
interface Meaning {
  readonly words: RegExp;
  readonly message: string;
  /** What to do; default: as SOURCE_UNREACHABLE has it. */
  readonly hint?: string;
}

const password = 'Put both into the address: {protocol}://USER:PASSWORD@{where}/PATH';
const taken = {
  words: /address already in use/i,
  message: 'another program, or another source of this daemon, listens on port {port} already',
  hint: 'See which one: ss -lunp sport = :{port}; or use another port',
};
const silent = {
  words: /timed out/,
  message: '{where} sent nothing',
  hint: 'See whether anything is sent there now, then try: mirolive probe ADDRESS',
};

/** The first that fits counts. */
const rtsp: readonly Meaning[] = [
  {
    words: /failed: 401 /,
    message: '{where} wants a user and a password, or others than these',
    hint: password,
  },
  {
    words: /failed: 404 /,
    message: '{where} has nothing at this path',
    hint: 'Look the path up in the manual of the camera, then try: mirolive probe ADDRESS',
  },
  {
    words: /failed: 461 /,
    message: '{where} sends neither inside of TCP nor by UDP to one receiver',
    hint: 'Allow RTSP over TCP (interleaved) in the settings of the server',
  },
  { words: /method (\w+) failed: (\d+ [^;]*)/, message: '{where} answered $2' },
  { words: /Invalid data found/, message: '{where} does not speak RTSP' },
  silent,
];

const rtmp: readonly Meaning[] = [
  { words: /Server error: ([^;]*)/, message: '{where} answered: $1' },
  { words: /handshake/, message: '{where} does not speak RTMP' },
  { ...silent, message: '{where} sent nothing: nobody publishes there, or not by this name' },
];

const srt: readonly Meaning[] = [
  taken,
  {
    words: /passphrase/i,
    message: 'the passphrase is not that of {where}',
    hint: 'See ?passphrase= in the address',
  },
  {
    words: /connection|input\/output|timed out/i,
    message: 'there is no answer by SRT of {where}, or the passphrase or the stream id is not right',
  },
];

const listening: readonly Meaning[] = [
  taken,
  { words: /passphrase/i, message: 'somebody called port {port} by SRT with another passphrase' },
  {
    words: /connection|input\/output|timed out/i,
    message: 'nobody called port {port} by SRT',
    hint: 'Call it, and go on calling: ffmpeg -re -i FILE -c copy -f mpegts srt://THIS-HOST:{port}',
  },
];

const udp: readonly Meaning[] = [
  taken,
  {
    words: /timed out|input\/output/i,
    message: 'nothing came to UDP port {port}',
    hint: 'Send MPEG-TS to it, and let a firewall pass it: ffmpeg -re -i FILE -c copy -f mpegts udp://THIS-HOST:{port}',
  },
];

/** What ffmpeg says of a server that it reaches by a relay, or of a port, as an error; null: they say nothing that is known. */
export function addressFailure(address: SourceAddress, words: string): MiroliveError | null {
  for (const { words: known, message, hint } of meaningsOf(address)) {
    const found = known.exec(words);
    if (!found) continue;
    const fill = (text: string) =>
      text
        .replaceAll('{where}', authority(address))
        .replaceAll('{port}', `${address.port}`)
        .replaceAll('{protocol}', address.protocol)
        .replace(/\$(\d)/g, (_, part: string) => found[Number(part)] ?? '');
    return new MiroliveError(
      'SOURCE_UNREACHABLE',
      fill(message),
      hint === undefined ? {} : { hint: fill(hint) },
    );
  }
  return null;
}

function meaningsOf({ protocol, query }: SourceAddress): readonly Meaning[] {
  switch (protocol) {
    case 'rtsp':
    case 'rtsps':
      return rtsp;
    case 'rtmp':
    case 'rtmps':
      return rtmp;
    case 'srt':
      return query.get('mode') === 'listener' ? listening : srt;
    case 'udp':
      return udp;
    default:
      return [];
  }
}
