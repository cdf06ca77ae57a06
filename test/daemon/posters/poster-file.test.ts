import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readPosterFile } from '../../../src/daemon/posters/poster-file.ts';
import { temporaryFolder } from '../../helpers/state.ts';

const png = Buffer.from('89504e470d0a1a0a', 'hex');

/** Images of 1x1, as encoders wrote them. */
const whole = {
  'image/png': Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAACXBIWXMAAAABAAAAAQBPJcTWAAAADElEQVR4nGP4x8AAAAL+AP8oJgQeAAAAAElFTkSuQmCC',
    'base64',
  ),
  'image/jpeg': Buffer.from(
    '/9j/4AAQSkZJRgABAgAAAQABAAD//gAMQ1M9SVRVNjAxAP/bAEMACAQEBAQEBQUFBQUFBgYGBgYGBgYGBgYGBgcHBwgICAcHBwYGBwcICAgICQkJCAgICAkJCgoKDAwLCw4ODhERFP/EAaIAAAEFAQEBAQEBAAAAAAAAAAABAgMEBQYHCAkKCwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoLEAACAQMDAgQDBQUEBAAAAX0BAgMABBEFEiExQQYTUWEHInEUMoGRoQgjQrHBFVLR8CQzYnKCCQoWFxgZGiUmJygpKjQ1Njc4OTpDREVGR0hJSlNUVVZXWFlaY2RlZmdoaWpzdHV2d3h5eoOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4eLj5OXm5+jp6vHy8/T19vf4+foRAAIBAgQEAwQHBQQEAAECdwABAgMRBAUhMQYSQVEHYXETIjKBCBRCkaGxwQkjM1LwFWJy0QoWJDThJfEXGBkaJicoKSo1Njc4OTpDREVGR0hJSlNUVVZXWFlaY2RlZmdoaWpzdHV2d3h5eoKDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uLj5OXm5+jp6vLz9PX29/j5+v/AABEIAAgACAMBIgACEQADEQD/2gAMAwEAAhEDEQA/AOQooor5k/cD/9k=',
    'base64',
  ),
  'image/webp': Buffer.from(
    'UklGRjwAAABXRUJQVlA4IDAAAADQAQCdASoIAAgAAgA0JaACdLoB+AADsAD+8Oj3/yC5YXXI1/8gP+QH/ID/+PIAAAA=',
    'base64',
  ),
};

test.each(Object.entries(whole))('one of %s is known by its bytes', async (type, bytes) => {
  await using folder = temporaryFolder();
  const path = join(folder.path, 'poster.txt');
  await writeFile(path, bytes);
  expect(await readPosterFile(path)).toEqual({ type, body: bytes });
});

test.each(Object.entries(whole))('one of %s is refused wherever it is cut off', async (_, bytes) => {
  await using folder = temporaryFolder();
  const path = join(folder.path, 'poster.txt');
  for (let length = 0; length < bytes.length - 1; length++) {
    await writeFile(path, bytes.subarray(0, length));
    await expect(readPosterFile(path)).rejects.toMatchObject({ code: 'POSTER_NOT_USABLE' });
  }
});

test.each([
  { name: 'the signature of a JPEG alone', bytes: 'ffd8ff', message: 'cut off' },
  { name: 'a JPEG whose scan is of nothing', bytes: 'ffd8ffda0002ffd9', message: 'it says no size' },
  { name: 'a JPEG of no height', bytes: 'ffd8ffc0000b080000000101011100ffda0002ffd9', message: 'no size' },
  { name: 'a JPEG that goes on with something else', bytes: 'ffd8ffe0000200', message: 'is none' },
  { name: 'the signature of a PNG alone', bytes: '89504e470d0a1a0a', message: 'cut off' },
  {
    name: 'a PNG without a picture',
    bytes: '89504e470d0a1a0a0000000d4948445200000001000000010800000000000000000000000049454e4400000000',
    message: 'there is no picture in it',
  },
  { name: 'a WebP of nothing', bytes: '52494646040000005745425000', message: 'there is no picture in it' },
])('$name is told of', async ({ bytes, message }) => {
  await using folder = temporaryFolder();
  const path = join(folder.path, 'poster');
  await writeFile(path, Buffer.from(bytes, 'hex'));
  const told = { code: 'POSTER_NOT_USABLE', message: expect.stringContaining(message) };
  await expect(readPosterFile(path)).rejects.toMatchObject(told);
});

test.each([
  { name: 'no image', bytes: Buffer.from('<svg>'), message: /JPEG, PNG or WebP/ },
  { name: 'too large', bytes: Buffer.concat([png, Buffer.alloc(512 * 1024)]), message: /at most 512 KiB/ },
])('a file that is $name is refused', async ({ bytes, message }) => {
  await using folder = temporaryFolder();
  const path = join(folder.path, 'poster.png');
  await writeFile(path, bytes);
  const code = 'POSTER_NOT_USABLE';
  await expect(readPosterFile(path)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
});

test.each(['/nowhere/poster.png', '/dev/zero', '/'])('%s is refused', async (path) => {
  await expect(readPosterFile(path)).rejects.toMatchObject({ code: 'POSTER_NOT_USABLE' });
});
