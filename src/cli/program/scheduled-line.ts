import { quoted } from '../../contract/quoted.ts';

/** What may stand behind `--`. */
const scheduled = ['stream', 'take', 'playlist', 'slate'];

/** The whole line as it was meant, where the `--` before the command that is scheduled was forgotten; null: it was not. */
export function withForgottenDashes(argv: readonly string[]): string | null {
  const add = argv.findIndex((word, index) => word === 'schedule' && argv[index + 1] === 'add');
  if (add === -1 || argv.includes('--')) return null;
  const isCommand = (word: string, index: number) => {
    const before = argv[index - 1] ?? '';
    const isValue = before.startsWith('--') && !before.includes('=');
    // The first word behind `add` may be a schedule of such a name.
    return index > add + 2 && scheduled.includes(word) && !isValue;
  };
  const at = argv.findIndex(isCommand);
  if (at === -1) return null;
  const begin = argv[at - 1] === 'mirolive' ? at - 1 : at;
  return ['mirolive', ...argv.slice(0, begin).map(quoted), '--', ...argv.slice(at).map(quoted)].join(' ');
}
