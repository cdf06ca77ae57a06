import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { currentWord, shellWords } from './prompt.ts';
import type { Candidate } from './state.ts';

/** Runs a line of the command line, with what it prints. */
export type RunLine = (argv: readonly string[], print: (text: string) => void) => Promise<number>;

/** Where files are that a line may name. */
export interface Files {
  readonly cwd: string;
  /** The daemon is on this machine, and so are those that it plays. */
  readonly areHere: boolean;
}

/** Files of this machine, wherever the daemon is. */
const ownFiles = ['--playlist', '--config', '--socket', '--token-file', '--secret-file'];
const filesElsewhere: Candidate = {
  word: '',
  meaning: "files are those of the daemon's machine, whose names are not known here: type the whole path",
};

/** No more names of a folder are offered. */
const mostNames = 200;

/** What may stand at the end of a line, as the shell's completion has it. */
export async function candidatesOf(
  line: string,
  places: readonly string[],
  { cwd, areHere }: Files,
  runLine: RunLine,
): Promise<Candidate[]> {
  const current = currentWord(line);
  const before = shellWords(line.slice(0, line.length - current.length)) ?? [];
  const [word = ''] = shellWords(current) ?? [];
  let printed = '';
  const words = before[0] === 'mirolive' ? before.slice(1) : before;
  await runLine(['__complete', ...places, ...words, word], (text) => {
    printed += text;
  });
  const lines = printed.split('\n').filter((one) => one !== '');
  if (lines.includes(':files'))
    return areHere || ownFiles.includes(words.at(-1) ?? '') ? await fileNames(word, cwd) : [filesElsewhere];
  return lines.map((one) => {
    const [candidate = '', meaning = ''] = one.split('\t');
    return { word: candidate, meaning };
  });
}

/** Names of files that begin as what was typed; folders end with `/`. */
async function fileNames(word: string, cwd: string): Promise<Candidate[]> {
  const path = word.replace(/^~(?=\/)/, homedir());
  const folder = path.endsWith('/') ? path : path === '' ? '.' : dirname(path);
  const begin = path.slice(path.lastIndexOf('/') + 1);
  const shown = word.slice(0, word.lastIndexOf('/') + 1);
  const entries = await readdir(resolve(cwd, folder), { withFileTypes: true }).catch(() => []);
  return entries
    .filter(({ name }) => name.startsWith(begin) && (begin.startsWith('.') || !name.startsWith('.')))
    .map((entry) => ({
      word: escaped(`${shown}${entry.name}${entry.isDirectory() ? '/' : ''}`),
      meaning: '',
    }))
    .sort((one, other) => (one.word < other.word ? -1 : 1))
    .slice(0, mostNames);
}

function escaped(word: string): string {
  return word.replace(/[\s'"\\]/g, '\\$&');
}
