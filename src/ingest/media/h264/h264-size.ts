import { BitReader } from '../rtp-in/bit-reader.ts';
import type { PictureSize } from '../rtp-in/picture-size.ts';
import { splitAnnexB } from './packetize-h264.ts';

const spsType = 7;
/** Profiles whose parameter sets tell of colours and scaling (H.264, 7.3.2.1.1). */
const highProfiles = [100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135];

/** The size that the sequence parameter set of a key frame tells (H.264, 7.3.2.1.1). */
export function h264Size(keyFrame: Buffer): PictureSize | undefined {
  const sps = splitAnnexB(keyFrame).find((unit) => ((unit[0] as number) & 0x1f) === spsType);
  if (!sps) return undefined;
  const reader = new BitReader(withoutEmulationPrevention(sps.subarray(1)));
  const profile = reader.bits(8);
  reader.bits(16); // Constraints and level.
  reader.golomb(); // Id.
  const chroma = highProfiles.includes(profile) ? readColours(reader) : 1;
  reader.golomb(); // Bits of the frame number.
  skipPictureOrder(reader);
  reader.golomb(); // Reference frames.
  reader.flag(); // Gaps in frame numbers.
  const macroblocksWide = reader.golomb() + 1;
  const unitsHigh = reader.golomb() + 1;
  const rowsPerUnit = reader.flag() ? 1 : 2;
  if (rowsPerUnit === 2) reader.flag(); // Frame or field by macroblock.
  reader.flag(); // Direct inference.
  const cropped = reader.flag() ? [0, 1, 2, 3].map(() => reader.golomb()) : [];
  const [left = 0, right = 0, top = 0, bottom = 0] = cropped;
  // Cropping counts in samples of colour (table 6-1).
  const cropWidth = chroma === 1 || chroma === 2 ? 2 : 1;
  const cropHeight = chroma === 1 ? 2 : 1;
  return {
    width: macroblocksWide * 16 - (left + right) * cropWidth,
    height: (unitsHigh * 16 - (top + bottom) * cropHeight) * rowsPerUnit,
  };
}

/** Gives `chroma_format_idc`, 0 where the planes are apart. */
function readColours(reader: BitReader): number {
  const chroma = reader.golomb();
  const planesApart = chroma === 3 && reader.flag();
  reader.golomb(); // Bits of brightness.
  reader.golomb(); // Bits of colour.
  reader.flag(); // Lossless.
  const hasScaling = reader.flag();
  const lists = hasScaling ? (chroma === 3 ? 12 : 8) : 0;
  for (let list = 0; list < lists; list++) {
    if (reader.flag()) skipScalingList(reader, list < 6 ? 16 : 64);
  }
  return planesApart ? 0 : chroma;
}

/** 7.3.2.1.1.1: differences, until one gives 0. */
function skipScalingList(reader: BitReader, length: number): void {
  for (let [index, scale] = [0, 8]; index < length && scale !== 0; index++) {
    scale = (scale + reader.signedGolomb() + 256) % 256;
  }
}

function skipPictureOrder(reader: BitReader): void {
  const type = reader.golomb();
  if (type === 0) reader.golomb();
  if (type !== 1) return;
  reader.flag();
  reader.golomb();
  reader.golomb();
  const cycle = Math.min(reader.golomb(), 255);
  for (let index = 0; index < cycle; index++) reader.golomb();
}

/** Takes out the 3 in each 0 0 3 (7.3.1). */
function withoutEmulationPrevention(unit: Buffer): Buffer {
  return Buffer.from(
    unit.filter((byte, index) => byte !== 3 || unit[index - 1] !== 0 || unit[index - 2] !== 0),
  );
}
