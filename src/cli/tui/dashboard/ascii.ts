import { textWidth } from '../../words/text-width.ts';

/** What stands in for a character that a terminal without Unicode cannot draw: each as wide as that is. */
const standIns: Readonly<Record<string, string>> = {
  ...{ '…': '~', '●': '*', '○': 'o', '▸': '>', '→': '>', '←': '<', '↑': '^', '↓': 'v', '▲': '^', '▼': 'v' },
  ...{ '│': '|', '─': '-', '┃': '|', '━': '=', '·': '.', '×': 'x', '–': '-', '—': '-', '✓': '+', '✗': 'x' },
  ...{ '▁': '_', '▂': '.', '▃': ':', '▄': '-', '▅': '=', '▆': '+', '▇': '*', '█': '#', '░': '.', '▌': '|' },
  ...{ '⏸': 'P', '▀': '"', '“': '"', '”': '"', '‘': "'", '’': "'", '≥': '>', '≤': '<' },
};

/** The same text in ASCII, in the same columns; `?` for what has no stand-in. */
export function asciiOf(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what ASCII is.
  if (/^[\x00-\x7f]*$/.test(text)) return text;
  return [...new Intl.Segmenter().segment(text)]
    .map(({ segment }) => (segment <= '~' ? segment : (standIns[segment] ?? '?'.repeat(textWidth(segment)))))
    .join('');
}
