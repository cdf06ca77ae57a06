import type { MiroliveError } from '../../contract/errors.ts';
import type { Variants } from '../../contract/plan.ts';
import type { Aside, Called } from '../ffmpeg/aside.ts';

/** One thing that ffmpeg opens: what stands before `-i`, and what behind it. */
export interface InputPart {
  readonly options: readonly string[];
  readonly location: string;
}

/** How ffmpeg and ffprobe open a source, good for one opening: addresses are looked up and checked anew for each. */
export interface Input extends AsyncDisposable {
  /** One; two where picture and sound are apart, as with devices: the picture is in the first, the sound in the last. */
  readonly parts: readonly [InputPart, ...InputPart[]];
  /**
   * It comes at its own pace: it is read at once, and cannot be begun at another place. null: if it turns out to have
   * no end.
   */
  readonly live: boolean | null;
  /**
   * Live: it comes when it is due; false: in bursts, as with HLS, or as fast as it is read, so that a clock of ours has to
   * pace it. Default true.
   */
  readonly realTime?: boolean;
  /**
   * It is live, and cannot be opened a second time beside itself, to be played otherwise: its key frames are measured when it is
   * looked at. Default false.
   */
  readonly measurable?: boolean;
  /** Whoever plays it hears of each track that begins later: no look waits for one, while another one is there. Default false. */
  readonly tellsLater?: boolean;
  /** Added to the environment of ffmpeg. */
  readonly env: Readonly<Record<string, string>>;
  /** What ffmpeg finds at its file descriptor 3. Default nothing. */
  readonly aside?: Aside;
  /** Of a file: differs where the file is another one, or was written since. */
  readonly identity?: string;
  /** It is cut off where nothing comes: a look may take longer, as what comes may come seldom. Default false. */
  readonly cutOff?: boolean;
  /** What ffmpeg's words call it, where that is a name inside of this program alone. */
  readonly called?: Called | undefined;
  /** The name of its container, where ffprobe would name another. */
  readonly container?: string;
  /** The variants that there were to choose from, once it was looked at; null: none. */
  readonly variants?: () => Promise<Variants | null>;
  /** It came by UDP, once it was looked at, where what is lost stays lost; default it did not. */
  readonly byUdp?: () => Promise<boolean>;
  /** Runs each piece of work on what comes of it; default at once. */
  readonly slice?: (work: () => void) => void;
  /** Why it could not be had, as far as more is known here than ffmpeg says in these words, or `silence`; null: it is not. */
  explain(words: string): MiroliveError | null | Promise<MiroliveError | null>;
}

/** The words for a deadline that has passed, as ffmpeg says nothing then. */
export const silence = 'timed out';

/** An input for whose opening nothing has to be kept. */
export function plainInput(parts: Input['parts'], options: PlainInputOptions): Input {
  return { explain: () => null, ...options, parts, env: {}, [Symbol.asyncDispose]: async () => {} };
}

interface PlainInputOptions {
  readonly live: boolean;
  readonly measurable?: boolean;
  readonly tellsLater?: boolean;
  readonly cutOff?: boolean;
  readonly aside?: string;
  readonly container?: string;
  readonly called?: Called;
  readonly explain?: Input['explain'];
}
