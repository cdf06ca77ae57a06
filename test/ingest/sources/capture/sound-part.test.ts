import { expect, test } from 'vitest';
import { soundPart } from '../../../../src/ingest/sources/capture/sound-part.ts';

test.each([
  ['alsa:default', 'alsa', 'default'],
  ['alsa:hw:0,0', 'alsa', 'hw:0,0'],
  ['alsa:plughw:1', 'alsa', 'plughw:1'],
  ['alsa:sysdefault:CARD=PCH', 'alsa', 'sysdefault:CARD=PCH'],
  ['pulse:default', 'pulse', 'default'],
  ['pulse:alsa_input.usb-046d_HD-00.analog-stereo', 'pulse', 'alsa_input.usb-046d_HD-00.analog-stereo'],
  ['pulse:@DEFAULT_MONITOR@', 'pulse', '@DEFAULT_MONITOR@'],
])('soundPart opens %s', (device, system, location) => {
  expect(soundPart(device)).toEqual({ options: ['-f', system], location });
});

test.each([
  'default',
  'alsa:',
  'alsa:file:FILE=/tmp/x',
  "alsa:file:'|touch /tmp/x',raw",
  "alsa:tee:'hw:0','/tmp/x',raw",
  'alsa:hw:0,{type file}',
  'alsa:null',
  'alsa:hw:0\n',
  'pulse:a b',
  'pulse:',
  'jack:x',
  '-i',
])('soundPart refuses %j', (device) => {
  expect(() => soundPart(device)).toThrow(
    `expected a sound device such as alsa:default, alsa:hw:0,0 or pulse:default, got ${JSON.stringify(device)}`,
  );
});
