import { expect, test } from 'vitest';
import { captureFailure } from '../../../../src/ingest/sources/capture/failure.ts';

/** Words of ffmpeg 5.1. */
test.each([
  {
    words: 'Cannot open video device /dev/video0: No such file or directory',
    code: 'SOURCE_NOT_FOUND',
    message: 'there is no device it',
    hint: 'List what is there: mirolive devices',
  },
  {
    words: 'Cannot open video device /dev/video0: Permission denied',
    code: 'SOURCE_FORBIDDEN',
    message: 'it may not be opened by the user of the daemon',
    hint: 'Put the user into the group, then start the daemon again: usermod -aG video,audio USER',
  },
  {
    words: 'ioctl(VIDIOC_STREAMON): Device or resource busy',
    code: 'SOURCE_BUSY',
    message: 'another program has it',
    hint: 'See which one: fuser -v it',
  },
  {
    words: 'ioctl(VIDIOC_QUERYCAP): Inappropriate ioctl for device',
    code: 'SOURCE_NOT_MEDIA',
    message: 'it is no device that gives pictures or sound',
  },
  { words: 'Not a video capture device.', code: 'SOURCE_NOT_MEDIA' },
  { words: 'cannot open audio device hw:7 (No such file or directory)', code: 'SOURCE_NOT_FOUND' },
  { words: 'cannot open audio device hw:0 (Device or resource busy)', code: 'SOURCE_BUSY' },
  { words: 'default: No such process', code: 'SOURCE_NOT_FOUND' },
  {
    words: 'Cannot open display :77, error 1.; Input/output error',
    code: 'SOURCE_NOT_FOUND',
    message: 'there is no X display it that the user of the daemon may open',
    hint: 'Run the daemon as the user of the desktop, with its DISPLAY and XAUTHORITY; see: mirolive devices',
  },
  {
    words: 'Capture area 100x100 at position 1250.5 outside the screen size 1280x720; Invalid argument',
    code: 'INVALID_REQUEST',
    message: 'the region is not on the screen it',
  },
  {
    words: "Can't find window '0x999999', aborting.; Generic error in an external library",
    code: 'SOURCE_NOT_FOUND',
    message: 'the window is not on the screen it any more, or hidden',
  },
])('captureFailure knows: $words', ({ words, ...expected }) => {
  expect(captureFailure(words, 'it')).toMatchObject(expected);
});

test('captureFailure says nothing of what it does not know', () => {
  expect(captureFailure('something else', 'it')).toBeNull();
});
