/** The URI under which AV1's dependency descriptor is negotiated. */
export const dependencyDescriptorUri =
  'https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension';

/**
 * The structure of a stream of one layer: template 0 is a key frame, template 1 depends on the frame before it.
 * In the order of the AV1 RTP specification, appendix A.8: flags (structure present, no active targets, no custom parts),
 * template id offset (6), decode targets less one (5), layer of the next template (same, none), an indication 'switch' for
 * each template, frame differences (none; one), chains (none), resolutions (none).
 */
const structureBits = ['10000', '000000', '00000', '0011', '1010', '0', '100000', '0', '0'].join('');

/** The dependency descriptor of one packet; the structure goes with the first packet of each key frame. */
export function dependencyDescriptor(packet: {
  key: boolean;
  start: boolean;
  end: boolean;
  frameNumber: number;
}): Buffer {
  const template = packet.key ? 0 : 1;
  const head = Buffer.from([
    (packet.start ? 0x80 : 0) | (packet.end ? 0x40 : 0) | template,
    packet.frameNumber >> 8,
    packet.frameNumber & 0xff,
  ]);
  return packet.key && packet.start ? Buffer.concat([head, structure]) : head;
}

const structure = Buffer.from(
  (structureBits.match(/.{1,8}/g) ?? []).map((bits) => Number.parseInt(bits.padEnd(8, '0'), 2)),
);
