import { createHmac, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

// Numbers of RFC 8489 (STUN) and RFC 8445 (ICE).
const BINDING_REQUEST = 0x0001;
const MAGIC_COOKIE = 0x2112a442;
const ATTRIBUTE = {
  username: 0x0006,
  messageIntegrity: 0x0008,
  priority: 0x0024,
  useCandidate: 0x0025,
  fingerprint: 0x8028,
  iceControlling: 0x802a,
};
const FINGERPRINT_XOR = 0x5354554e;
// Type preference 110 (peer reflexive), local preference 65535, component 1.
const PRIORITY = 110 * 2 ** 24 + 65_535 * 2 ** 8 + 255;

/** An ICE connectivity check that nominates its pair, as a controlling client sends it. */
export const bindingRequest = ({ username, password }) => {
  let message = Buffer.alloc(20);
  message.writeUInt16BE(BINDING_REQUEST, 0);
  message.writeUInt32BE(MAGIC_COOKIE, 4);
  randomBytes(12).copy(message, 8);
  message = append(message, ATTRIBUTE.username, () => Buffer.from(username));
  message = append(message, ATTRIBUTE.priority, () => uint32(PRIORITY));
  message = append(message, ATTRIBUTE.iceControlling, () => randomBytes(8));
  message = append(message, ATTRIBUTE.useCandidate, () => Buffer.alloc(0));
  message = append(
    message,
    ATTRIBUTE.messageIntegrity,
    (head) => createHmac('sha1', password).update(head).digest(),
    20,
  );
  return append(message, ATTRIBUTE.fingerprint, (head) => uint32(crc32(head) ^ FINGERPRINT_XOR), 4);
};

// The last two attributes cover all before them, with a length that already counts themselves: hence `size`.
const append = (message, type, makeValue, size) => {
  const head = Buffer.from(message);
  const length = size ?? makeValue(head).length;
  const padded = Math.ceil(length / 4) * 4;
  head.writeUInt16BE(head.length - 20 + 4 + padded, 2);
  const attribute = Buffer.alloc(4 + padded);
  attribute.writeUInt16BE(type, 0);
  attribute.writeUInt16BE(length, 2);
  makeValue(head).copy(attribute, 4);
  return Buffer.concat([head, attribute]);
};

const uint32 = (value) => {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(value >>> 0);
  return buffer;
};
