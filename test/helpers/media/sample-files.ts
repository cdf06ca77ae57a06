import { createHash, randomUUID } from 'node:crypto';
import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { extname, join } from 'node:path';
import { execa } from 'execa';
import type { Recipe } from './recipes.ts';
import { type SampleName, samples } from './samples.ts';

const cacheFolder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'mirolive', 'samples');

const ffmpegVersion = execa('ffmpeg', ['-version']).then(({ stdout }) => stdout.split('\n')[0] ?? '');

/** The path of a sample of the table; made at first use and kept for all later runs on this machine. */
export async function sample(name: SampleName): Promise<string> {
  const found = samples.find((one) => one.name === name);
  if (!found) throw new Error(`there is no sample ${name}`);
  return await makeMedia(name, found);
}

/** The path of a file made by a recipe, kept under its name and a hash of recipe and ffmpeg's version. */
export async function makeMedia(name: string, recipe: Recipe): Promise<string> {
  const { args, patch } = recipe;
  const key = JSON.stringify([name, args, patch?.toString(), await ffmpegVersion]);
  const folder = join(cacheFolder, createHash('sha256').update(key).digest('hex').slice(0, 16));
  const path = join(folder, name);
  if (await exists(path)) return path;
  await mkdir(folder, { recursive: true });
  // Its own name until it is whole, so that others that run at the same time never see a part.
  const draft = join(folder, `${randomUUID()}${extname(name)}`);
  try {
    await execa('ffmpeg', ['-hide_banner', '-nostdin', '-v', 'error', ...args, draft]);
    if (patch) await writeFile(draft, patch(await readFile(draft)));
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
  return path;
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
