import { expect, test } from 'vitest';
import { cameraFormat } from '../../../../src/ingest/sources/capture/camera-format.ts';

const line = (text: string) => `[video4linux2,v4l2 @ 0x5581c2a3b400] ${text}\n`;
const end = '/dev/video0: Immediate exit requested\n';

test.each([
  {
    name: 'motion JPEG, the largest up to 1080p',
    listing:
      line('Raw       :     yuyv422 :           YUYV 4:2:2 : 640x480 160x90 1920x1080') +
      line('Compressed:       mjpeg :          Motion-JPEG : 640x480 1280x720 1920x1080 2560x1440') +
      end,
    expected: ['-input_format', 'mjpeg', '-video_size', '1920x1080'],
  },
  {
    name: 'pictures as they are, where there is nothing else',
    listing: line('Raw       :        nv12 :         Y/UV 4:2:0 : 3840x2160 1280x720') + end,
    expected: ['-input_format', 'nv12', '-video_size', '1280x720'],
  },
  {
    name: 'no H.264, whose key frames nobody knows',
    listing:
      line('Compressed:        h264 :                H.264 : 1920x1080') +
      line('Raw       :     yuyv422 :           YUYV 4:2:2 : 640x480') +
      end,
    expected: ['-input_format', 'yuyv422', '-video_size', '640x480'],
  },
  {
    name: 'any size of those that are free',
    listing: line('Compressed:       mjpeg :            JFIF JPEG : {32-2592, 2}x{32-1944, 2}') + end,
    expected: ['-input_format', 'mjpeg', '-video_size', '1920x1080'],
  },
  {
    name: 'the size that the camera chooses, where all are too large',
    listing: line('Compressed:       mjpeg :          Motion-JPEG : 3840x2160') + end,
    expected: ['-input_format', 'mjpeg'],
  },
  { name: 'nothing, where nothing is listed', listing: 'No such file or directory\n', expected: [] },
])('cameraFormat takes $name', ({ listing, expected }) => {
  expect(cameraFormat(listing)).toEqual(expected);
});
