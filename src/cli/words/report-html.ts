import type { Report } from '../../contract/report.ts';
import { span } from './format.ts';
import { figureWords, percent, seconds, unknown, watchedWords } from './report-figures.ts';
import { reportStyle } from './report-style.ts';
import { most } from './resampled.ts';
import { barsSvg, linesSvg } from './svg-chart.ts';

/**
 * A report as one page that needs nothing else: no script, no address, nothing that is not in it. Names of rooms, broadcasts and browsers are others', and
 * are text wherever they stand. Pure.
 *
 * @param shown a moment in the words of who reads it
 */
export function reportHtml(report: Report, madeAt: string, shown: (at: string) => string): string {
  const { title, broadcast, room, from, until, completeSince, total } = report;
  const name = broadcast === null ? `Room ${room}` : (title ?? `Broadcast ${broadcast}`);
  const where = broadcast === null ? '' : `${broadcast} in room ${room} · `;
  const long = span(Date.parse(until) - Date.parse(from));
  const missing =
    completeSince > from
      ? `<p class="missing">Before ${escaped(shown(completeSince))} some, or all, is missing.</p>`
      : '';
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="color-scheme" content="light dark">
<title>${escaped(name)}: how it was watched</title>
<style>${reportStyle}</style>
<main>
<header>
<h1>${escaped(name)}</h1>
<p>${escaped(`${where}${shown(from)} to ${shown(until)} · ${long}`)}</p>
${missing}</header>
<dl class="figures">
${figureWords(total)
  .map(([term, words]) => `<div><dt>${escaped(term)}</dt><dd>${escaped(words)}</dd></div>`)
  .join('\n')}
</dl>
${charts(report, shown)}
<div class="shares">
${shares('Browsers', report.browsers)}
${shares('Players', report.kinds)}
</div>
${intervals(report, shown)}
<footer>Made ${escaped(shown(madeAt))} by mirolive. What is not known is ${unknown}.</footer>
</main>
</html>
`;
}

/** Text as HTML takes it, in attributes too. Pure. */
export function escaped(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these have no place in HTML.
  const clean = text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
  const entities: Readonly<Record<string, string>> = {
    ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' },
  };
  return clean.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

interface Chart {
  readonly heading: string;
  /** What its upper end says. */
  readonly end: string;
  readonly svg: string;
}

function charts(report: Report, shown: (at: string) => string): string {
  const { intervals: all, from, until, stepMs } = report;
  const peaks = all.map(({ peak }) => peak);
  const freezes = all.map(({ freezesPerHour }) => freezesPerHour);
  const best = all.map(({ bestShare }) => bestShare);
  const first = all.map(({ firstPicture }) => firstPicture?.p95Ms ?? null);
  const highest = Math.max(1, ...peaks);
  const worst = Math.max(1, most(freezes) ?? 0);
  const longest = Math.max(1000, most(first) ?? 0);
  const drawn: Chart[] = [
    {
      ...{ heading: 'Viewers at once: at most, and on average', end: String(highest) },
      svg: linesSvg(highest, [peaks, all.map(({ average }) => average)], 'Viewers at once'),
    },
    ...(most(freezes) === null
      ? []
      : [
          {
            ...{ heading: 'Freezes for each hour watched', end: String(worst) },
            svg: barsSvg(worst, freezes, 'Freezes for each hour watched'),
          },
        ]),
    ...(most(best) === null
      ? []
      : [
          {
            ...{ heading: 'Share of the time with the best quality', end: '100 %' },
            svg: barsSvg(1, best, 'Share of the time with the best quality'),
          },
        ]),
    ...(most(first) === null
      ? []
      : [
          {
            ...{ heading: 'First picture: 95 of 100 had it within', end: seconds(longest) },
            svg: barsSvg(longest, first, 'Time to the first picture'),
          },
        ]),
  ];
  return drawn
    .map(
      ({ heading, end, svg }) => `<figure>
<figcaption>${escaped(heading)} <span>in steps of ${escaped(span(stepMs))}</span></figcaption>
<div class="plot"><span class="end">${escaped(end)}</span>${svg}</div>
<div class="axis"><span>${escaped(shown(from))}</span><span>${escaped(shown(until))}</span></div>
</figure>`,
    )
    .join('\n');
}

function shares(heading: string, all: Report['browsers']): string {
  const minutes = all.reduce((sum, one) => sum + one.minutesWatched, 0);
  if (minutes === 0) return '';
  const rows = all.map(({ name, minutesWatched }) => {
    const share = minutesWatched / minutes;
    return `<tr><th scope="row">${escaped(name)}</th><td><meter value="${share.toFixed(3)}">${percent(share)}</meter></td><td>${percent(share)}</td><td>${escaped(watchedWords(minutesWatched))}</td></tr>`;
  });
  return `<section><h2>${escaped(heading)}</h2><table>${rows.join('')}</table></section>`;
}

function intervals({ intervals: all }: Report, shown: (at: string) => string): string {
  const known = (value: number | null, words: (value: number) => string) =>
    value === null ? unknown : words(value);
  const rows = all.map((one) =>
    [
      escaped(shown(one.at)),
      ...[one.joined, one.left, one.peak, one.average, one.minutesWatched],
      known(one.freezesPerHour, String),
      known(one.bestShare, percent),
      known(one.firstPicture?.p50Ms ?? null, seconds),
      known(one.firstPicture?.p95Ms ?? null, seconds),
    ]
      .map((cell) => `<td>${cell}</td>`)
      .join(''),
  );
  const headings = [
    'Time',
    'Joined',
    'Left',
    'At most',
    'Average',
    'Minutes',
    'Freezes/h',
    'Best',
    'First half',
    'First 95 %',
  ];
  return `<details><summary>All figures</summary><div class="wide"><table class="all"><thead><tr>${headings.map((name) => `<th scope="col">${name}</th>`).join('')}</tr></thead><tbody>
${rows.map((row) => `<tr>${row}</tr>`).join('\n')}
</tbody></table></div></details>`;
}
