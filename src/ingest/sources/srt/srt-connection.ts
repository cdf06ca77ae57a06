import { execa } from 'execa';
import { type Clock, systemClock } from '../../../contract/clock.ts';
import { MiroliveError } from '../../../contract/errors.ts';
import { asideFd, asideOf, named } from '../../ffmpeg/aside.ts';
import { dieFirst } from '../../ffmpeg/out-of-memory.ts';
import { authority, type SourceAddress } from '../url/address.ts';
import { addressFailure } from '../url/failure.ts';
import { LiveBytes } from './live-bytes.ts';

/** After SIGTERM, before SIGKILL, in ms. */
const killDelayMs = 1500;
/** Of what ffmpeg says, in characters; what it says last. */
const maxWords = 8000;

/** Packets are passed on as they come, up to so many bytes at once. */
const largestRead = '65536';

/**
 * What ffmpeg is told: to pass on what comes, byte by byte, and nothing that it is. The address, which may hold secrets, stands in a
 * playlist on a pipe, and in no argument; of all that ffmpeg reads addresses from, only its protocol `hls` passes on bytes as they are.
 */
const args: readonly string[] = [
  ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'level+warning'],
  ...['-protocol_whitelist', 'hls,pipe,srt', '-probesize', '32', '-analyzeduration', '0'],
  ...['-raw_packet_size', largestRead, '-f', 'data', '-i', `hls+pipe:${asideFd}`],
  ...['-map', '0', '-c', 'copy', '-flush_packets', '1', '-f', 'data', 'pipe:1'],
];

/** One connection of SRT: to a server, or, from the time that somebody has called, to a caller. */
export class SrtConnection implements AsyncDisposable {
  readonly bytes: LiveBytes;
  /** Resolves when nothing comes of it any more. */
  readonly ended: Promise<void>;
  readonly #address: SourceAddress;
  readonly #process: ReturnType<typeof relay>;
  #words = '';
  #unstartable: string | undefined;

  private constructor(ffmpeg: string, address: SourceAddress, location: string, clock: Clock) {
    this.#address = address;
    this.#process = relay(ffmpeg, location);
    const { pid, stdout, stderr } = this.#process;
    if (pid !== undefined) dieFirst(pid);
    this.bytes = new LiveBytes(stdout, clock);
    stdout.on('data', (chunk: Buffer) => this.bytes.pass(chunk));
    stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#words = (this.#words + text.replaceAll(location, '')).slice(-maxWords);
    });
    this.ended = this.#end(ffmpeg);
  }

  /** @param ffmpeg path or name of the program @param location as libavformat reads it */
  static start(
    ffmpeg: string,
    address: SourceAddress,
    location: string,
    clock: Clock = systemClock,
  ): SrtConnection {
    return new SrtConnection(ffmpeg, address, location, clock);
  }

  /** Why nothing came of it. */
  get failure(): MiroliveError {
    if (this.#unstartable !== undefined) return new MiroliveError('FFMPEG_NOT_FOUND', this.#unstartable);
    const where = authority(this.#address);
    const secrets = ['passphrase', 'streamid'].flatMap((name) => this.#address.query.getAll(name));
    const words = named(this.#words.trim().split('\n').at(-1) ?? '', undefined, {
      ...{ path: where, location: where, secrets },
    });
    return (
      addressFailure(this.#address, this.#words) ??
      new MiroliveError('SOURCE_UNREACHABLE', `nothing came of ${where}: ${words || 'no reason given'}`)
    );
  }

  async close(): Promise<void> {
    this.#process.kill('SIGTERM');
    await this.ended;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #end(ffmpeg: string): Promise<void> {
    const { code } = await this.#process;
    if (this.#process.pid === undefined)
      this.#unstartable = `expected ffmpeg at ${ffmpeg}, but it cannot be run: ${code ?? 'no reason given'}`;
    this.bytes.end();
  }
}

function relay(ffmpeg: string, location: string) {
  const list = ['#EXTM3U', '#EXT-X-TARGETDURATION:100000', '#EXTINF:100000,', location, '#EXT-X-ENDLIST', ''];
  return execa(ffmpeg, args, {
    ...{ buffer: false, reject: false, encoding: 'buffer', forceKillAfterDelay: killDelayMs },
    stdio: ['ignore', 'pipe', 'pipe', asideOf(list.join('\n'))],
    killDescendants: true,
  });
}
