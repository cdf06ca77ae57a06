/** The command lines of mirolive that a page quotes: in blocks for a shell, in help, and between backticks. */
export function commandLines(markdown: string): string[] {
  const blocks = [...markdown.matchAll(/^```(?:sh|text)\n(.*?)^```/gms)].flatMap(([, block = '']) =>
    block.split('\n').flatMap(inShellLine),
  );
  const prose = markdown.replace(/^```.*?^```/gms, '');
  const spans = [...prose.matchAll(/`(mirolive [^`]+)`/g)].map(([, span = '']) => span);
  return [...new Set([...blocks, ...spans.filter((span) => !span.includes('COMMAND'))])];
}

/** `$(mirolive …)`, `<(mirolive …)`, `mirolive … | jq`, `mirolive …  # why`: the part that mirolive gets. */
function inShellLine(line: string): string[] {
  const found = /(?:^\s*|[$<]\()(mirolive(?: (?!\(|─)(?:"[^"]*"|[^|>#;()"])*)?)(?:$|[|>#;)])/.exec(line);
  return found?.[1] === undefined ? [] : [found[1].trim()];
}

/** The words of a command line, as a shell takes them apart. */
export function words(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}
