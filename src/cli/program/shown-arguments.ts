import { withoutSecrets } from '../../contract/source-words.ts';

/**
 * The words of a command line as others on this machine may see them (`ps`), where they are not to see all: without values of headers,
 * and addresses without their secrets. null: nothing of it is one.
 */
export function shownArguments(words: readonly string[]): string | null {
  const shown = words.map((word, at) => {
    if (words[at - 1] === '--header' && !word.startsWith('@')) return '…';
    if (/^--header=(?!@)/.test(word)) return '--header=…';
    // There is no such option, which does not keep people from it.
    if (words[at - 1] === '--token') return '…';
    if (word.startsWith('--token=')) return '--token=…';
    return word.includes('://') ? withoutSecretsOf(word) : word;
  });
  return shown.every((word, at) => word === words[at]) ? null : ['mirolive', ...shown].join(' ');
}

/** An address, or a flag with one: `--url=rtsp://…`. */
function withoutSecretsOf(word: string): string {
  const [, flag = '', address = ''] = /^(--[a-z-]+=)?(.*)$/s.exec(word) ?? [];
  return flag + withoutSecrets(address);
}
