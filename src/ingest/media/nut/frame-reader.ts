import { isIdr, ParameterSets } from '../h264/parameter-sets.ts';
import type { MediaFrame } from '../media-frame.ts';
import { NutReader } from './nut-reader.ts';

/** What containers call H.264; ffmpeg writes it in Annex B form as we ask it. */
const h264Names = /^(?:h264|x264|avc1)$/i;

/** Reads what ffmpeg writes in NUT; a decoder can begin with each key frame that it gives, by what is in it. */
export class FrameReader {
  readonly #reader = new NutReader();
  /** Of each rendition; null: it has none. */
  readonly #parameterSets = new Map<number, ParameterSets | null>();

  /** The frames that are complete with this chunk. Throws on what is not NUT. */
  push(chunk: Buffer): MediaFrame[] {
    return this.#reader.push(chunk).map((frame) => this.#completed(frame));
  }

  #completed(frame: MediaFrame): MediaFrame {
    if (frame.kind === 'audio') return frame;
    const sets = this.#setsOf(frame.layer);
    if (!sets) return frame;
    const data = sets.completed(frame.data);
    return frame.key && !isIdr(data) ? { ...frame, data, key: false, refreshes: true } : { ...frame, data };
  }

  #setsOf(layer: number): ParameterSets | null {
    const known = this.#parameterSets.get(layer);
    if (known !== undefined) return known;
    const { codec, codecData } = this.#reader.picture(layer);
    const sets = h264Names.test(codec) ? new ParameterSets(codecData) : null;
    this.#parameterSets.set(layer, sets);
    return sets;
  }
}
