import { writeFileSync } from 'node:fs';
import { reportHtml } from '../../../src/cli/words/report-html.ts';
import { reportWords } from '../../../src/cli/words/report-words.ts';
import type { Report } from '../../../src/contract/report.ts';
import { launchBrowser } from '../../helpers/browser.ts';

// Makes docs/images/report.png: an evening as it might be. Run: node test/cli/words/make-report-picture.ts

const beginMs = Date.UTC(2026, 0, 31, 19, 0);
const at = (minutes: number) => new Date(beginMs + minutes * 60_000).toISOString();
const minutes = Array.from({ length: 96 }, (_, minute) => minute);
/** They come, stay, and go at the end; the line is bad for a while. */
const watching = (minute: number) =>
  Math.round(240 * Math.min(1, (minute + 2) / 14, (98 - minute) / 8) + 9 * Math.sin(minute * 1.7));
const isBad = (minute: number) => minute > 47 && minute < 56;

const report: Report = {
  ...{ room: 'lobby', broadcast: 'b-k3v7qm2xay', title: 'How we moved a data centre', stepMs: 60_000 },
  ...{ from: at(0), until: at(96), completeSince: at(-10_000) },
  total: {
    ...{ there: 31, joined: 287, left: 296, peak: 249, average: 214.61, minutesWatched: 20_540.3 },
    ...{ freezesPerHour: 1.4, bestShare: 0.83, firstPicture: { count: 281, p50Ms: 540, p95Ms: 1830 } },
  },
  browsers: [
    { name: 'Chrome on Windows', minutesWatched: 8120 },
    { name: 'Firefox on Linux', minutesWatched: 4911 },
    { name: 'Safari on iPhone', minutesWatched: 3630 },
    { name: 'Chrome on Android', minutesWatched: 2408 },
    { name: 'Edge on Windows', minutesWatched: 1110 },
    { name: 'OBS', minutesWatched: 361 },
  ],
  kinds: [
    { name: 'page', minutesWatched: 20_179 },
    { name: 'whep', minutesWatched: 361 },
  ],
  intervals: minutes.map((minute) => ({
    ...{ at: at(minute), there: watching(minute), joined: 3, left: 3, peak: watching(minute) },
    ...{ average: watching(minute) - 3.2, minutesWatched: watching(minute) - 3.2 },
    freezesPerHour: isBad(minute) ? 9 + (minute % 4) : Math.abs(Math.round(6 * Math.sin(minute))) / 10,
    bestShare: isBad(minute) ? 0.34 + (minute % 3) / 20 : 0.88 + (minute % 5) / 50,
    firstPicture: minute % 9 === 7 ? null : { count: 3, p50Ms: 520, p95Ms: 1100 + 130 * (minute % 7) },
  })),
};

const shown = (moment: string) => moment.slice(0, 16).replace('T', ' ');
const html = reportHtml(report, at(120), shown);
const [folder = new URL('../../../docs/images', import.meta.url).pathname] = process.argv.slice(2);
const browser = await launchBrowser();
try {
  for (const [name, width, colorScheme] of [
    ['report', 1280, 'light'],
    ...(process.argv.length > 2
      ? ([
          ['report-dark', 1280, 'dark'],
          ['report-phone', 360, 'light'],
          ['report-phone-dark', 360, 'dark'],
        ] as const)
      : []),
  ] as const) {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    await page.setContent(html);
    await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
  }
} finally {
  await browser.close();
}
if (process.argv.length > 2) {
  writeFileSync(`${folder}/report.html`, html);
  const place = { now: beginMs + 7_200_000, columns: 80, paint: (_: unknown, text: string) => text };
  console.log(reportWords(report, place).join('\n'));
}
