import { expect, test } from 'vitest';
import {
  insideTransport,
  readTransport,
  type Transport,
  udpTransport,
} from '../../../../src/ingest/guard/rtsp/transport-header.ts';

const nothing = { inside: false, multicast: false, interleaved: null, serverPorts: null, source: null };

const cases: readonly [text: string, expected: Transport][] = [
  ['RTP/AVP/TCP;unicast;interleaved=2-3', { ...nothing, inside: true, interleaved: [2, 3] }],
  ['RTP/AVP/TCP;interleaved=4', { ...nothing, inside: true, interleaved: [4, 5] }],
  ['rtp/avp/tcp; Interleaved=0-1;mode="PLAY"', { ...nothing, inside: true, interleaved: [0, 1] }],
  [
    'RTP/AVP;unicast;client_port=5000-5001;server_port=6970-6971;source="10.0.0.7";ssrc=1234',
    { ...nothing, serverPorts: [6970, 6971], source: '10.0.0.7' },
  ],
  ['RTP/AVP/UDP;unicast;server_port=6970', { ...nothing, serverPorts: [6970, 6971] }],
  ['RTP/AVP;multicast;destination=239.1.1.1;port=5000-5001;ttl=1', { ...nothing, multicast: true }],
  ['RTP/AVP;unicast;server_port=6970-6971,RTP/AVP/TCP', { ...nothing, serverPorts: [6970, 6971] }],
  ['RTP/AVP;unicast;server_port=0-1', nothing],
  ['RTP/AVP;unicast;server_port=65535', nothing],
  ['RTP/AVP;unicast;server_port=a-b', nothing],
  ['RTP/AVP/TCP;interleaved=255', { ...nothing, inside: true }],
  ['RTP/AVP;source=[fe80::1]', { ...nothing, source: 'fe80::1' }],
  ['RTP/AVP;source=a.example', nothing],
  ['', nothing],
];

test.each(cases)('readTransport understands %s', (text, expected) => {
  expect(readTransport(text)).toEqual(expected);
});

test('what is asked for is understood', () => {
  expect(readTransport(insideTransport([2, 3]))).toMatchObject({ inside: true, interleaved: [2, 3] });
  expect(udpTransport([5000, 5001])).toBe('RTP/AVP;unicast;client_port=5000-5001');
});
