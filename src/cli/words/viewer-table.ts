import type { Viewer } from '../../contract/models.ts';
import { bitrate, count, type Paint, printable, span } from './format.ts';
import { type NarrowColumn, narrowTable } from './narrow-table.ts';

/** What is not known. */
const unknown = '–';

/** Figures of a line that are older are said to be, in ms: of up to 200 viewers none is. */
const toldAgeMs = 10_000;

/** By what viewers may be sorted. */
export const viewerOrders = ['suffers', 'loss', 'rtt', 'freezes', 'since'] as const;
export type ViewerOrder = (typeof viewerOrders)[number];

/** A viewer whose address may be hidden. */
export type ShownViewer = Omit<Viewer, 'address'> & Partial<Pick<Viewer, 'address'>>;

/** Who suffers most first, by one figure or by all that is told of them, or who came last; of whom nothing is known come last. */
export function sortedViewers(viewers: readonly Viewer[], order: ViewerOrder): Viewer[] {
  const weightOf: Record<ViewerOrder, (viewer: Viewer) => number | null | undefined> = {
    // What one sees weighs more than what one's line loses.
    suffers: ({ suffers, freezes, lossPercent }) =>
      (suffers == null ? 0 : 1e6) + Math.min(freezes ?? 0, 900) * 1000 + (lossPercent ?? 0),
    loss: ({ lossPercent }) => lossPercent,
    rtt: ({ roundTripMs }) => roundTripMs,
    freezes: ({ freezes }) => freezes,
    since: ({ joinedAt }) => Date.parse(joinedAt),
  };
  const weight = (viewer: Viewer) => weightOf[order](viewer) ?? -1;
  return viewers.toSorted((one, other) => weight(other) - weight(one));
}

/** Viewers as a table; a sentence with the way on if there are none. @param width of the terminal */
export function viewerTable(
  viewers: readonly ShownViewer[],
  now: number,
  paint: Paint,
  width = Number.POSITIVE_INFINITY,
): string[] {
  if (viewers.length === 0) return ['No viewers. The links to hand out: mirolive rooms'];
  const blind = viewers.filter(isWithoutPicture).length;
  const columns = columnsOf(viewers, now);
  const rows = [...narrowTable(columns, viewers, width, paint), ...ageLines(viewers)];
  if (blind === 0) return rows;
  return [
    ...rows,
    '',
    `${blind} of ${count(viewers.length, 'viewer')} without picture: their players have no decoder for it, or asked for sound alone.`,
    'Their pages say what helps. What is on air, and in which codec: mirolive status',
  ];
}

/** What is told of each. On a narrow terminal that is left which says who has it bad, and how. */
function columnsOf(viewers: readonly ShownViewer[], now: number): NarrowColumn<ShownViewer>[] {
  const hasAddresses = viewers.some(({ address }) => address !== undefined);
  const hasLinks = viewers.some(({ link }) => link != null);
  const hasHands = viewers.some(({ hand }) => hand);
  const suffer = viewers.some(({ suffers }) => suffers != null);
  return [
    { heading: 'ID', cell: ({ id }) => id },
    { heading: 'ROOM', cell: ({ room }) => room, worth: 6 },
    { heading: 'BY', cell: ({ kind }) => kind, worth: 2 },
    { heading: 'STATE', cell: ({ state }) => state, worth: 5 },
    ...(suffer ? [{ heading: 'SUFFERS', cell: ({ suffers }: ShownViewer) => suffers ?? '', worth: 13 }] : []),
    ...(hasHands
      ? [{ heading: 'HAND', cell: ({ hand }: ShownViewer) => printable(hand?.name ?? ''), worth: 10 }]
      : []),
    {
      heading: 'QUALITY',
      cell: (viewer) => (isWithoutPicture(viewer) ? 'no picture' : (viewer.rendition ?? '')),
      worth: 9,
    },
    { heading: 'RATE', cell: ({ bitrateBps }) => known(bitrateBps, bitrate), worth: 8 },
    {
      heading: 'LOSS',
      cell: ({ lossPercent }) => known(lossPercent, (percent) => `${percent} %`),
      worth: 12,
    },
    { heading: 'RTT', cell: ({ roundTripMs }) => known(roundTripMs, (ms) => `${ms} ms`), worth: 10 },
    { heading: 'FREEZES', cell: ({ freezes }) => known(freezes, String), worth: 11 },
    {
      heading: 'FIRST',
      cell: ({ firstPictureMs }) => known(firstPictureMs, (ms) => `${(ms / 1000).toFixed(1)} s`),
      worth: 3,
    },
    { heading: 'SINCE', cell: ({ joinedAt }) => span(now - Date.parse(joinedAt)), worth: 4 },
    ...(hasAddresses
      ? [{ heading: 'ADDRESS', cell: ({ address }: ShownViewer) => printable(address ?? ''), worth: 7 }]
      : []),
    ...(hasLinks ? [{ heading: 'LINK', cell: ({ link }: ShownViewer) => link ?? unknown, worth: 7 }] : []),
    {
      heading: 'BROWSER',
      cell: ({ browserName, userAgent }) => printable(browserName ?? userAgent ?? ''),
      worth: 1,
    },
  ];
}

/** Of many viewers the figures are not all of now: how long before the newest of them. The clock of this machine may be another's. */
function ageLines(viewers: readonly ShownViewer[]): string[] {
  const looks = viewers.flatMap(({ lookedAt }) => (lookedAt ? [Date.parse(lookedAt)] : []));
  const oldest = Math.max(...looks) - Math.min(...looks);
  return oldest >= toldAgeMs ? ['', `RATE, LOSS and RTT are up to ${span(oldest)} old.`] : [];
}

/** A daemon that was started before an upgrade does not tell. */
function isWithoutPicture({ picture }: ShownViewer): boolean {
  return picture === false;
}

/** Nor does it tell of figures that it does not know. */
function known(value: number | null | undefined, words: (value: number) => string): string {
  return value == null ? unknown : words(value);
}
