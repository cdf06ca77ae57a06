import { expect, test } from 'vitest';
import { shownArguments } from '../../../src/cli/program/shown-arguments.ts';

test.each([
  ['stream --url https://a.example/live.m3u8 --room lobby', null],
  ['stream --file talk.mp4 --room lobby', null],
  ['probe https://a.example/ --header @headers.txt', null],
  ['probe https://a.example/ --header X-Token:s3cret', 'mirolive probe https://a.example/ --header …'],
  ['probe https://a.example/ --header=X-Token:s3cret', 'mirolive probe https://a.example/ --header=…'],
  ['status --token s3cret', 'mirolive status --token …'],
  ['status --token=s3cret', 'mirolive status --token=…'],
  ['stream --url rtsp://me:s3cret@cam/1?k=s3cret --room a', 'mirolive stream --url rtsp://cam/1 --room a'],
  ['stream --url=rtsp://me:s3cret@cam/1 --room a', 'mirolive stream --url=rtsp://cam/1 --room a'],
])('of %s others see %j', (line, expected) => {
  expect(shownArguments(line.split(' '))).toBe(expected);
});
