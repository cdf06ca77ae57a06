import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Sources } from '../../../src/ingest/sources/sources.ts';
import { planOptions } from '../../helpers/plan-options.ts';
import { sourcesOptions } from '../../helpers/sources-options.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

test('A WebP that moves, which ffmpeg does not read, is refused with what makes a picture of it', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'my logo.webp');
  const head = Buffer.from('RIFF\x80\x01\x00\x00WEBPVP8X\x0a\x00\x00\x00\x02\x00\x00\x00', 'latin1');
  await writeFile(path, head);
  await using sources = await Sources.create(sourcesOptions);
  const source = { kind: 'file', path, loop: false, audioTrack: null } as const;
  await expect(sources.prepare(source, planOptions)).rejects.toMatchObject({
    code: 'SOURCE_NOT_MEDIA',
    message: expect.stringContaining('got a WebP that moves'),
    hint: expect.stringContaining(`webpmux -get frame 1 '${path}' -o still.webp`),
  });
});
