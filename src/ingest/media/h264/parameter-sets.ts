import { BitReader } from '../rtp-in/bit-reader.ts';
import { isShredded, mostNalUnits, splitAnnexB } from './packetize-h264.ts';

const lastSliceType = 5;
const idr = 5;
const sps = 7;
const pps = 8;
const accessUnitDelimiter = 9;
/** The greatest ids of a sequence's set and of a picture's (H.264, 7.4.2.1.1, 7.4.2.2). */
const mostIds = new Map([
  [sps, 31],
  [pps, 255],
]);
/** More, in bytes, is no stream's: what is beyond is not kept. */
const maxBytes = 8192;
const startCode = Buffer.from([0, 0, 0, 1]);

/**
 * The parameter sets of one H.264 stream, which may come before each key frame, at its beginning only, apart from it (in SDP, or
 * in a file's header), or be replaced in its midst. Makes each IDR picture one that a decoder, and mediasoup, can begin with,
 * by the sets of its own stream.
 */
export class ParameterSets {
  /** By type and id, the sequence's first: the others refer to them. */
  readonly #known = new Map<string, Buffer>();
  /** Of all that are known. */
  #bytes = 0;

  /** @param apart what came apart from the stream, in Annex B form; default nothing */
  constructor(apart: Buffer = Buffer.alloc(0)) {
    for (const unit of splitAnnexB(apart)) this.#keep(unit);
  }

  /**
   * The access unit, in Annex B form, with all parameter sets that are current, where it is an IDR picture.
   *
   * @throws Error where it is cut into more than `mostNalUnits`
   */
  completed(accessUnit: Buffer): Buffer {
    if (isShredded(accessUnit)) throw new Error(`a picture has more than ${mostNalUnits} NAL units`);
    const sliceAt = firstSliceAt(accessUnit);
    const before = splitAnnexB(accessUnit.subarray(0, sliceAt));
    for (const unit of before) this.#keep(unit);
    const own = new Set(before.map(keyOf));
    if (typeAt(accessUnit, sliceAt) !== idr || [...this.#known.keys()].every((key) => own.has(key)))
      return accessUnit;
    const [delimiters, rest] = [
      before.filter((unit) => typeOf(unit) === accessUnitDelimiter),
      before.filter((unit) => ![accessUnitDelimiter, sps, pps].includes(typeOf(unit))),
    ];
    const sets = [...this.#known].toSorted(([a], [b]) => a.charCodeAt(0) - b.charCodeAt(0));
    const units = [...delimiters, ...sets.map(([, unit]) => unit), ...rest];
    return Buffer.concat([...units.flatMap((unit) => [startCode, unit]), accessUnit.subarray(sliceAt)]);
  }

  #keep(unit: Buffer): void {
    const most = mostIds.get(typeOf(unit));
    if (most === undefined || idOf(unit) > most) return;
    const key = keyOf(unit);
    const bytes = this.#bytes - (this.#known.get(key)?.length ?? 0) + unit.length;
    if (bytes > maxBytes) return;
    // What it was cut from is not to be held on to.
    this.#known.set(key, Buffer.from(unit));
    this.#bytes = bytes;
  }
}

/** Whether a decoder can begin with an access unit in Annex B form: browsers begin with IDR pictures alone. */
export function isIdr(accessUnit: Buffer): boolean {
  return typeAt(accessUnit, firstSliceAt(accessUnit)) === idr;
}

/** Of a parameter set; of another unit nothing that a set has. */
function keyOf(unit: Buffer): string {
  return `${typeOf(unit)} ${idOf(unit)}`;
}

/** The id of a parameter set (H.264, 7.3.2.1.1, 7.3.2.2). */
function idOf(unit: Buffer): number {
  // Before the id of a sequence's set: profile, constraints, level.
  const at = typeOf(unit) === sps ? 4 : 1;
  return new BitReader(unit.subarray(at, at + 8)).golomb();
}

/** Where the start code of the first slice is; the length, where there is none. */
function firstSliceAt(accessUnit: Buffer): number {
  const code = startCode.subarray(1);
  for (let at = accessUnit.indexOf(code); at !== -1; at = accessUnit.indexOf(code, at + 3)) {
    const type = (accessUnit[at + 3] ?? 0) & 0x1f;
    if (type >= 1 && type <= lastSliceType) return at > 0 && accessUnit[at - 1] === 0 ? at - 1 : at;
  }
  return accessUnit.length;
}

/** The type of the unit whose start code is there. */
function typeAt(accessUnit: Buffer, at: number): number {
  return (accessUnit[at + (accessUnit[at + 2] === 1 ? 3 : 4)] ?? 0) & 0x1f;
}

function typeOf(unit: Buffer): number {
  return (unit[0] ?? 0) & 0x1f;
}
