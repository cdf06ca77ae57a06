// Pictures of a terminal for docs: what `tmux capture-pane -e` printed, as SVG.

/** The terminal's own colours, as a dark theme has them. */
const palette = ['#1c2128', '#ff7b72', '#56d364', '#e3b341', '#79c0ff', '#d2a8ff', '#56d4dd', '#c9d1d9'];
const [ground, letters, faint] = ['#0d1117', '#c9d1d9', '#7d8590'];
/** A cell, in pixels. */
const [cellWidth, cellHeight, fontSize] = [8.4, 17, 14];

interface Look {
  readonly colour: string;
  readonly ground: string | null;
  readonly bold: boolean;
  readonly faint: boolean;
  readonly reversed: boolean;
}

const plain: Look = { colour: letters, ground: null, bold: false, faint: false, reversed: false };

/** A screen's lines, with their colours, as one image. @param title what it shows, for who cannot see it */
export function terminalPicture(lines: readonly string[], columns: number, title: string): string {
  const [width, height] = [Math.ceil(columns * cellWidth) + 20, lines.length * cellHeight + 20];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="100%" height="100%" rx="6" fill="${ground}"/>`,
    `<g font-family="DejaVu Sans Mono,Menlo,Consolas,monospace" font-size="${fontSize}">`,
    ...lines.flatMap((line, row) => rowOf(line, row)),
    '</g></svg>',
    '',
  ].join('\n');
}

function rowOf(line: string, row: number): string[] {
  const y = 10 + row * cellHeight;
  let look = plain;
  let column = 0;
  const parts: string[] = [];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what colours begin with.
  for (const piece of line.split(/(\u001b\[[\d;]*m)/)) {
    if (piece.startsWith('\u001b')) {
      look = changed(look, piece.slice(2, -1));
      continue;
    }
    if (piece === '') continue;
    const x = 10 + column * cellWidth;
    const length = [...piece].length * cellWidth;
    const [colour, behind] = look.reversed
      ? [look.ground ?? ground, look.colour]
      : [look.colour, look.ground];
    if (behind !== null)
      parts.push(
        `<rect x="${x.toFixed(1)}" y="${y}" width="${length.toFixed(1)}" height="${cellHeight}" fill="${behind}"/>`,
      );
    if (piece.trim() !== '')
      parts.push(
        `<text x="${x.toFixed(1)}" y="${y + 13}" textLength="${length.toFixed(1)}" fill="${look.faint ? faint : colour}"${look.bold ? ' font-weight="bold"' : ''}>${escaped(piece)}</text>`,
      );
    column += [...piece].length;
  }
  return parts;
}

function changed(look: Look, codes: string): Look {
  const numbers = codes.split(';').map(Number);
  let now = look;
  for (let at = 0; at < numbers.length; at++) {
    const code = numbers[at] ?? 0;
    if (code === 38 || code === 48) {
      const isRgb = numbers[at + 1] === 2;
      const colour = isRgb ? `rgb(${numbers.slice(at + 2, at + 5).join(',')})` : cube(numbers[at + 2] ?? 0);
      now = code === 38 ? { ...now, colour } : { ...now, ground: colour };
      at += isRgb ? 4 : 2;
    } else now = simply(now, code);
  }
  return now;
}

function simply(look: Look, code: number): Look {
  if (code === 0) return plain;
  if (code === 1) return { ...look, bold: true };
  if (code === 2) return { ...look, faint: true };
  if (code === 22) return { ...look, bold: false, faint: false };
  if (code === 7) return { ...look, reversed: true };
  if (code === 27) return { ...look, reversed: false };
  if (code === 39) return { ...look, colour: letters };
  if (code === 49) return { ...look, ground: null };
  return code >= 30 && code < 38 ? { ...look, colour: palette[code - 30] ?? letters } : look;
}

/** One of 256 colours: the terminal's own, the cube of 216, or a grey. */
function cube(index: number): string {
  if (index < 16) return palette[index % 8] ?? letters;
  if (index > 231)
    return `rgb(${Array(3)
      .fill(8 + (index - 232) * 10)
      .join(',')})`;
  const part = (step: number) => (step === 0 ? 0 : 55 + step * 40);
  const at = index - 16;
  return `rgb(${part(Math.floor(at / 36))},${part(Math.floor(at / 6) % 6)},${part(at % 6)})`;
}

function escaped(text: string): string {
  // Of several spaces an image shows one, but for those that break no line.
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replaceAll(' ', '\u00a0');
}
