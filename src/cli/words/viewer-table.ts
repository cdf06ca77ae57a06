import type { Viewer } from '../../contract/models.ts';
import { bitrate, count, type Paint, printable, span, table } from './format.ts';

/** What is not known. */
const unknown = '–';

/** By what viewers may be sorted. */
export const viewerOrders = ['loss', 'rtt', 'freezes', 'since'] as const;
export type ViewerOrder = (typeof viewerOrders)[number];

/** A viewer whose address may be hidden. */
export type ShownViewer = Omit<Viewer, 'address'> & Partial<Pick<Viewer, 'address'>>;

/** Who suffers most first, or who came last; of whom nothing is known come last. */
export function sortedViewers(viewers: readonly Viewer[], order: ViewerOrder): Viewer[] {
  const weightOf: Record<ViewerOrder, (viewer: Viewer) => number | null | undefined> = {
    loss: ({ lossPercent }) => lossPercent,
    rtt: ({ roundTripMs }) => roundTripMs,
    freezes: ({ freezes }) => freezes,
    since: ({ joinedAt }) => Date.parse(joinedAt),
  };
  const weight = (viewer: Viewer) => weightOf[order](viewer) ?? -1;
  return viewers.toSorted((one, other) => weight(other) - weight(one));
}

/** Viewers as a table; a sentence with the way on if there are none. */
export function viewerTable(viewers: readonly ShownViewer[], now: number, paint: Paint): string[] {
  if (viewers.length === 0) return ['No viewers. The links to hand out: mirolive rooms'];
  const blind = viewers.filter(isWithoutPicture).length;
  const hasAddresses = viewers.some(({ address }) => address !== undefined);
  const suffer = viewers.some(({ suffers }) => suffers != null);
  const figures = ['QUALITY', 'RATE', 'LOSS', 'RTT', 'FREEZES', 'FIRST'];
  const rows = table(
    [
      'ID',
      'ROOM',
      'BY',
      'STATE',
      ...(suffer ? ['SUFFERS'] : []),
      ...figures,
      'SINCE',
      ...(hasAddresses ? ['ADDRESS'] : []),
      'BROWSER',
    ],
    viewers.map((viewer) => [
      viewer.id,
      viewer.room,
      viewer.kind,
      viewer.state,
      ...(suffer ? [viewer.suffers ?? ''] : []),
      isWithoutPicture(viewer) ? 'no picture' : (viewer.rendition ?? ''),
      known(viewer.bitrateBps, bitrate),
      known(viewer.lossPercent, (percent) => `${percent} %`),
      known(viewer.roundTripMs, (ms) => `${ms} ms`),
      known(viewer.freezes, String),
      known(viewer.firstPictureMs, (ms) => `${(ms / 1000).toFixed(1)} s`),
      span(now - Date.parse(viewer.joinedAt)),
      ...(hasAddresses ? [printable(viewer.address ?? '')] : []),
      printable(viewer.browserName ?? viewer.userAgent ?? ''),
    ]),
    paint,
  );
  if (blind === 0) return rows;
  return [
    ...rows,
    '',
    `${blind} of ${count(viewers.length, 'viewer')} without picture: their players have no decoder for it, or asked for sound alone.`,
    'Their pages say what helps. What is on air, and in which codec: mirolive status',
  ];
}

/** A daemon that was started before an upgrade does not tell. */
function isWithoutPicture({ picture }: ShownViewer): boolean {
  return picture === false;
}

/** Nor does it tell of figures that it does not know. */
function known(value: number | null | undefined, words: (value: number) => string): string {
  return value == null ? unknown : words(value);
}
