import { copyFile, mkdir, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pathBytes } from '../../../src/contract/path-bytes.ts';
import { restsMs } from '../../../src/daemon/folders/folder-list.ts';
import { folderEyes } from '../../../src/daemon/folders/folder-look.ts';
import { FolderWatch } from '../../../src/daemon/folders/folder-watch.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

/** The machine's time, but that what has to wait for a file to rest, or for the next look, waits a hundredth of it. */
const quick = {
  nowMs: () => performance.now() * 100,
  wallMs: () => Date.now(),
  after: (ms: number, act: () => void) => {
    const timer = setTimeout(act, ms / 100);
    return { cancel: () => clearTimeout(timer) };
  },
};

test('FolderWatch follows what comes, goes, is replaced, and the folder itself', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'media');
  await mkdir(path);
  const put = async (name: string, text = 'film') => {
    await writeFile(pathBytes(join(folder.path, name)), text);
    await rename(pathBytes(join(folder.path, name)), pathBytes(join(path, name)));
  };
  await put('a.mp4');
  const old = new Date(Date.now() - restsMs);
  await utimes(join(path, 'a.mp4'), old, old);

  const files = new Set(['gone.mp4']);
  const replaced = new Set<string>();
  const told: string[] = [];
  let heard = Promise.withResolvers<void>();
  const tell = () => {
    heard.resolve();
    heard = Promise.withResolvers();
  };
  const until = async (isSo: () => boolean) => {
    while (!isSo()) await heard.promise;
  };
  const untilThere = (...names: string[]) =>
    until(() => files.size === names.length && names.every((name) => files.has(name)));
  const untilTold = (words: string) => until(() => told.at(-1) === words);
  await using _ = new FolderWatch({
    ...{ path, taken: new Map([['gone.mp4', '1']]), most: 100, eyes: folderEyes([], quick), clock: quick },
    onNews: (news, count) => {
      for (const name of news.added.keys()) files.add(name);
      for (const name of news.removed) files.delete(name);
      for (const name of news.replaced.keys()) replaced.add(name);
      expect(count).toBe(files.size);
      tell();
    },
    onAway: (reason) => {
      told.push(reason === null ? 'back' : `away: ${reason.replace(folder.path, '')}`);
      tell();
    },
    onEmpty: () => {
      told.push('empty');
      tell();
    },
  });
  await untilThere('a.mp4');
  await put('latin\udce9.mp4');
  await untilThere('a.mp4', 'latin\udce9.mp4');
  await put('.hidden.mp4');
  await put('notes.txt');
  await symlink('/nowhere', join(path, 'broken.mp4'));
  await symlink(join(path, 'a.mp4'), join(path, 'link.mp4'));
  await untilThere('a.mp4', 'latin\udce9.mp4', 'link.mp4');
  await put('a.mp4', 'another film');
  await until(() => replaced.has('a.mp4') && replaced.has('link.mp4'));
  await rm(pathBytes(join(path, 'latin\udce9.mp4')));
  await untilThere('a.mp4', 'link.mp4');

  await rename(path, join(folder.path, 'away'));
  await untilTold('away: there is no folder /media');
  // As what is below a mount that is gone.
  await mkdir(path);
  await untilTold('away: it is another folder now, without any file: was something mounted there?');
  await rm(path, { recursive: true });
  await rename(join(folder.path, 'away'), path);
  await untilTold('back');
  await copyFile(join(path, 'a.mp4'), join(path, 'b.mp4'));
  await untilThere('a.mp4', 'b.mp4', 'link.mp4');
  await Promise.all(['a.mp4', 'b.mp4', 'link.mp4'].map((name) => rm(join(path, name))));
  await untilTold('empty');
});
