import { createCipheriv, createDecipheriv } from 'node:crypto';

// AEAD_AES_128_GCM (RFC 7714), as a DTLS client has it: for packets of the first 65,536 of their stream.
const KEY_LENGTH = 16;
const SALT_LENGTH = 12;
const TAG_LENGTH = 16;
const RTP_LABELS = { encryption: 0, salt: 2 };
const RTCP_LABELS = { encryption: 3, salt: 5 };
/** The bit of an index of SRTCP that says that the packet is encrypted: RFC 7714 section 9.3. */
const ENCRYPTED = 2 ** 31;
const RTCP_HEADER_LENGTH = 8;

/** Bytes that the DTLS exporter must give: key and salt of both ends (RFC 5764 section 4.2). */
export const KEYING_MATERIAL_LENGTH = 2 * (KEY_LENGTH + SALT_LENGTH);

/** Encrypts what the DTLS client sends, and decrypts what the server does. `material`: what the DTLS exporter gave. */
export const srtpOfClient = (material) => {
  const saltsAt = 2 * KEY_LENGTH;
  const keysOf = (side, labels) =>
    sessionKeys(
      material.subarray(side * KEY_LENGTH, (side + 1) * KEY_LENGTH),
      material.subarray(saltsAt + side * SALT_LENGTH, saltsAt + (side + 1) * SALT_LENGTH),
      labels,
    );
  const [client, server] = [0, 1].map((side) => keysOf(side, RTP_LABELS));
  const control = keysOf(0, RTCP_LABELS);
  let index = 0;
  return {
    encrypt: (packet) => encrypt(client, packet),
    encryptRtcp: (packet) => encryptRtcp(control, packet, index++),
    decrypt: (packet) => decrypt(server, packet),
  };
};

const sessionKeys = (masterKey, masterSalt, labels) => {
  // RFC 3711 section 4.3.3: AES in counter mode, where the label is added to the salt.
  const derive = (label, length) => {
    const counter = Buffer.alloc(16);
    masterSalt.copy(counter);
    counter[7] ^= label;
    return createCipheriv('aes-128-ctr', masterKey, counter).update(Buffer.alloc(length));
  };
  return { key: derive(labels.encryption, KEY_LENGTH), salt: derive(labels.salt, SALT_LENGTH) };
};

const encrypt = ({ key, salt }, packet) => {
  const header = packet.subarray(0, headerLength(packet));
  const cipher = createCipheriv('aes-128-gcm', key, nonce(salt, packet)).setAAD(header);
  const body = cipher.update(packet.subarray(header.length));
  cipher.final();
  return Buffer.concat([header, body, cipher.getAuthTag()]);
};

// RFC 7714 section 9: the index goes behind the packet, and is authenticated with its header.
const encryptRtcp = ({ key, salt }, packet, index) => {
  const header = packet.subarray(0, RTCP_HEADER_LENGTH);
  const trailer = Buffer.alloc(4);
  trailer.writeUInt32BE(ENCRYPTED + index);
  const value = Buffer.alloc(SALT_LENGTH);
  packet.copy(value, 2, 4, 8);
  value.writeUInt32BE(index, 8);
  const nonce = value.map((byte, at) => byte ^ salt[at]);
  const cipher = createCipheriv('aes-128-gcm', key, nonce).setAAD(Buffer.concat([header, trailer]));
  const body = cipher.update(packet.subarray(header.length));
  cipher.final();
  return Buffer.concat([header, body, cipher.getAuthTag(), trailer]);
};

const decrypt = ({ key, salt }, packet) => {
  const header = packet.subarray(0, headerLength(packet));
  const tagAt = packet.length - TAG_LENGTH;
  const decipher = createDecipheriv('aes-128-gcm', key, nonce(salt, packet)).setAAD(header);
  decipher.setAuthTag(packet.subarray(tagAt));
  const body = decipher.update(packet.subarray(header.length, tagAt));
  decipher.final();
  return Buffer.concat([header, body]);
};

/** Bytes of an RTP packet before its payload: RFC 3550 section 5.1 and 5.3.1. */
export const headerLength = (packet) => {
  const withSources = 12 + 4 * (packet[0] & 0x0f);
  return packet[0] & 0x10 ? withSources + 4 + 4 * packet.readUInt16BE(withSources + 2) : withSources;
};

// RFC 7714 section 8.1: two zeros, SSRC, rollover counter (0 here), sequence number; the salt is added.
const nonce = (salt, packet) => {
  const value = Buffer.alloc(SALT_LENGTH);
  packet.copy(value, 2, 8, 12);
  packet.copy(value, 10, 2, 4);
  return value.map((byte, at) => byte ^ salt[at]);
};
