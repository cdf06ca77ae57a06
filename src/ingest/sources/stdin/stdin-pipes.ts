import { MiroliveError } from '../../../contract/errors.ts';
import { newToken } from '../../../contract/ids.ts';
import type { Input } from '../input.ts';
import { nothingCame, stdinInput } from './stdin-input.ts';
import { StdinPipe } from './stdin-pipe.ts';

/** Pipes at once that are not played yet: each holds up to 24 MiB. */
const maxWaiting = 10;
/** Containers that can be read from anywhere on; of others only the beginning tells what they hold. */
const enterable: readonly string[] = ['mpegts', 'mpeg', 'mp3', 'aac'];

/** A pipe, and what was found out of it. */
interface KnownPipe {
  readonly pipe: StdinPipe;
  /** ffmpeg's name of its container. */
  format: string | null;
  realTime: boolean;
}

/** Standard inputs of clients, by their tokens. */
export class StdinPipes {
  readonly #folder: string;
  readonly #pipes = new Map<string, KnownPipe>();

  /** @param folder where only the daemon and its operators may enter */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @throws MiroliveError LIMIT_REACHED */
  async open(onOver: (token: string) => void = () => {}): Promise<{ path: string; token: string }> {
    for (const [token, { pipe }] of this.#pipes) if (pipe.over) this.#pipes.delete(token);
    const waiting = [...this.#pipes.values()].filter(({ pipe }) => !pipe.played);
    if (waiting.length >= maxWaiting) {
      throw new MiroliveError('LIMIT_REACHED', `there are ${maxWaiting} standard inputs that nobody plays`, {
        hint: 'Wait for half a minute: they are given up then',
      });
    }
    const token = newToken();
    const pipe = await StdinPipe.create(this.#folder, token);
    void pipe.closed.then(() => onOver(token));
    this.#pipes.set(token, { pipe, format: null, realTime: false });
    return { path: pipe.path, token };
  }

  /**
   * Opens what there is, to look at it.
   *
   * @throws MiroliveError SOURCE_NOT_FOUND
   */
  async peek(token: string): Promise<Input> {
    const { pipe } = this.#known(token);
    return await stdinInput(pipe, 'peek');
  }

  /** Notes what was found out; `measure` says whether it comes in real time, since its first byte came. */
  async note(token: string, format: string, measure: (sinceMs: number) => Promise<boolean>): Promise<void> {
    const known = this.#known(token);
    known.format = format;
    known.realTime = !known.pipe.complete && (await measure(known.pipe.sinceMs)) && !known.pipe.complete;
  }

  /**
   * Opens it to be played; once more only where a container can be entered in its midst.
   *
   * @throws MiroliveError SOURCE_NOT_FOUND, SOURCE_NOT_MEDIA
   */
  async play(token: string): Promise<Input> {
    const { pipe, format, realTime } = this.#known(token);
    if (pipe.played && format !== null && !enterable.includes(format)) {
      throw new MiroliveError(
        'SOURCE_NOT_MEDIA',
        `ffmpeg ended, and ${format} from a pipe cannot be gone on with`,
        { hint: 'Write MPEG-TS, which can be: ffmpeg … -f mpegts - | mirolive stream --stdin --room ROOM' },
      );
    }
    return { ...(await stdinInput(pipe, 'play')), realTime };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#pipes.values()].map(({ pipe }) => pipe.close()));
  }

  #known(token: string): KnownPipe {
    const known = this.#pipes.get(token);
    if (known && !known.pipe.over) return known;
    if (known?.pipe.empty) throw nothingCame;
    throw new MiroliveError('SOURCE_NOT_FOUND', 'standard input is at its end, or was given up', {
      hint: 'Begin again: mirolive stream --stdin --room ROOM',
    });
  }
}
