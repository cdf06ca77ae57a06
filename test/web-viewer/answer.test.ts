import { expect, test } from 'vitest';
import { pictureNotice, readAnswer } from '../../src/web-viewer/answer.ts';

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const sound = 'm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=rtpmap:111 opus/48000/2\r\n';
const pictureIn = (codec: string) =>
  `m=video 9 UDP/TLS/RTP/SAVPF 102\r\na=mid:0\r\na=rtpmap:102 ${codec}/90000\r\n`;

test.each([
  {
    codec: 'H264',
    browser: firefox,
    expected:
      '(H.264). Turn on the OpenH264 plug-in (menu, Add-ons and themes, Plugins) and load the page anew, or use another browser.',
  },
  { codec: 'H264', browser: 'Chromium', expected: '(H.264). Another browser may.' },
  { codec: 'AV1', browser: firefox, expected: '(AV1). Another browser may.' },
])('pictureNotice tells $browser what helps with $codec', ({ codec, browser, expected }) => {
  const notice = `This browser cannot play the picture ${expected}`;
  expect(pictureNotice(sound + pictureIn(codec), browser)).toBe(notice);
  expect(pictureNotice(pictureIn(codec) + sound, browser)).toBe(notice);
});

test.each([
  { name: 'takes it', sdp: sound + pictureIn('H264'), picture: true },
  { name: 'is offered none', sdp: sound, picture: true },
  { name: 'refuses it', sdp: sound + pictureIn('H264').replace('video 9', 'video 0'), picture: false },
])('readAnswer tells of a picture where the browser $name', ({ sdp, picture }) => {
  const fingerprint = `a=fingerprint:sha-256 ${Array(32).fill('AB').join(':')}\r\n`;
  expect(readAnswer(sdp + fingerprint)).toMatchObject({ role: 'client', picture });
});
