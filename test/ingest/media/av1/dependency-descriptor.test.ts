import { expect, test } from 'vitest';
import { dependencyDescriptor } from '../../../../src/ingest/media/av1/dependency-descriptor.ts';

test('the descriptor of a key frame names one layer, and a template that depends on the frame before', () => {
  const descriptor = dependencyDescriptor({ key: true, start: true, end: false, frameNumber: 0x1234 });
  expect(parse(descriptor)).toEqual({
    start: true,
    end: false,
    template: 0,
    frameNumber: 0x1234,
    structure: {
      templateIdOffset: 0,
      decodeTargets: 1,
      layers: [
        { spatial: 0, temporal: 0 },
        { spatial: 0, temporal: 0 },
      ],
      indications: [[2], [2]],
      differences: [[], [1]],
      chains: 0,
      resolutions: false,
    },
  });
});

test.each([
  { name: 'a key frame in one packet', key: true, start: true, end: true, bytes: 8, head: 0xc0 },
  { name: 'the rest of a key frame', key: true, start: false, end: true, bytes: 3, head: 0x40 },
  { name: 'the first packet of another frame', key: false, start: true, end: false, bytes: 3, head: 0x81 },
  { name: 'a middle packet of another frame', key: false, start: false, end: false, bytes: 3, head: 0x01 },
])('the descriptor of $name takes $bytes bytes', ({ bytes, head, ...packet }) => {
  const descriptor = dependencyDescriptor({ ...packet, frameNumber: 65_535 });
  expect(descriptor.length).toBe(bytes);
  expect(descriptor.readUInt8(0)).toBe(head);
  expect(parse(descriptor)).toMatchObject({ start: packet.start, end: packet.end, frameNumber: 65_535 });
});

/** Reads a descriptor as the AV1 RTP specification, appendix A.8.2, writes it down; what is left must be zeros. */
function parse(descriptor: Buffer) {
  const bits = [...descriptor].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  let at = 0;
  const f = (count: number) => {
    at += count;
    return Number.parseInt(bits.slice(at - count, at), 2);
  };
  const flag = () => f(1) === 1;
  /** A number below `limit`, coded without symmetry. */
  const ns = (limit: number) => {
    const width = Math.floor(Math.log2(limit)) + 1;
    const short = 2 ** width - limit;
    const value = width > 1 ? f(width - 1) : 0;
    return value < short ? value : value * 2 - short + f(1);
  };
  const readStructure = () => {
    const templateIdOffset = f(6);
    const decodeTargets = f(5) + 1;
    const layers: { spatial: number; temporal: number }[] = [];
    let [spatial, temporal, next] = [0, 0, 0];
    do {
      layers.push({ spatial, temporal });
      next = f(2);
      if (next === 1) temporal++;
      if (next === 2) [temporal, spatial] = [0, spatial + 1];
    } while (next !== 3);
    const indications = layers.map(() => Array.from({ length: decodeTargets }, () => f(2)));
    const differences = layers.map(() => {
      const found: number[] = [];
      while (flag()) found.push(f(4) + 1);
      return found;
    });
    const chains = ns(decodeTargets + 1);
    if (chains > 0) throw new Error('chains are not read here');
    return { templateIdOffset, decodeTargets, layers, indications, differences, chains, resolutions: flag() };
  };
  const head = { start: flag(), end: flag(), template: f(6), frameNumber: f(16) };
  if (descriptor.length === 3) return head;
  expect([flag(), flag(), flag(), flag(), flag()]).toEqual([true, false, false, false, false]);
  const structure = readStructure();
  expect(bits.slice(at)).toMatch(/^0{0,7}$/);
  return { ...head, structure };
}
