import type { PlaylistSource, Source } from '../../contract/models.ts';
import { type LinesOptions, probeLines } from '../../ingest/probe/probe-lines.ts';

/** So many files are looked at: whoever starts a broadcast waits for it. */
const most = 16;

/** The file of a playlist whose picture is the largest, among its first ones; null: there is none with a picture. */
export async function largestItem({ items }: PlaylistSource, options: LinesOptions): Promise<Source | null> {
  const files = items.flatMap(({ source }) => (source.kind === 'file' ? [source] : [])).slice(0, most);
  const sized = await Promise.all(
    files.map(async (source) => ({ source, lines: await probeLines(source.path, options) })),
  );
  const largest = Math.max(0, ...sized.map(({ lines }) => lines));
  return largest === 0 ? null : (sized.find(({ lines }) => lines === largest)?.source ?? null);
}
