import type { Suffering, Viewer } from '../../contract/models.ts';
import { neighbourhoodOf, siteOf } from '../../contract/network-of.ts';
import type { Counted } from './distress.ts';

/** What of a viewer it follows from. */
export type Sufferer = Pick<
  Viewer,
  'id' | 'browser' | 'address' | 'state' | 'rendition' | 'suffers' | 'lossPercent' | 'frozenPercent'
>;

/** Which viewers of a room suffer, as far as they have something in common that others have not. */
export type Common =
  | { readonly by: 'network'; readonly address: string }
  | { readonly by: 'rendition'; readonly rendition: string }
  | { readonly by: 'all' };

/** So much of all who suffer is them. */
const nearlyAll = 0.8;
/** So many others tell that it is not all. */
const leastOthers = 3;
/** Of whom so few suffer. */
const few = 0.1;
/** So many of a network are worth to be told of: `distress.ts` asks for no fewer before it is over. */
const some = 3;

/** Viewers with something in common, and how many of them suffer. */
interface Group {
  readonly name: string;
  readonly viewers: number;
  readonly suffering: number;
}

/** How many suffer. Pure. */
export function countSufferers(viewers: readonly Sufferer[]): Counted {
  const suffering = viewers.filter(({ suffers }) => suffers !== null).length;
  const worst = suffering === 0 ? undefined : worstNetwork(viewers);
  return {
    ...{ viewers: viewers.length, suffering },
    network: worst ? { viewers: worst.viewers, suffering: worst.suffering } : null,
  };
}

/** Until media has come through to somebody he fares no better: so he is counted while it is waited for all to fare well. Pure. */
export function untilReached(viewers: readonly Sufferer[]): readonly Sufferer[] {
  return viewers.map((viewer) =>
    viewer.state === 'connecting' && viewer.suffers === null ? { ...viewer, suffers: 'connecting' } : viewer,
  );
}

/** How many networks those who suffer come from. Pure. */
export function networksThatSuffer(viewers: readonly Sufferer[]): number {
  return suffererNetworks(viewers).size;
}

/** The one network that all who suffer come from, where somebody elsewhere is known to fare well and nobody there suffers; null: there is none. Pure. */
export function onlyNetwork(viewers: readonly Sufferer[]): string | null {
  const [line, ...others] = suffererNetworks(viewers);
  if (line === undefined || others.length > 0) return null;
  return comparable(viewers).some((viewer) => networkOf(viewer) !== line) ? line : null;
}

/**
 * Who they are. Pure.
 *
 * @param renditions the layers of the picture, the lowest first: who has a bad line is given the lowest one, which is no fault of that
 */
export function whoSuffers(all: readonly Sufferer[], renditions: readonly string[]): Common {
  const viewers = comparable(all);
  const network = worstNetwork(viewers);
  if (network && isThem(network, viewers)) return { by: 'network', address: network.name };
  const [lowest] = renditions;
  const [rendition] = groups(viewers, (viewer) => viewer.rendition);
  const isLine = mostSuffered(viewers) === 'loss' && rendition?.name === lowest;
  if (rendition && !isLine && isThem(rendition, viewers))
    return { by: 'rendition', rendition: rendition.name };
  return { by: 'all' };
}

/** What most of them suffer; null: nobody suffers. Pure. */
export function mostSuffered(viewers: readonly Pick<Sufferer, 'suffers'>[]): Suffering | null {
  const counts = new Map<Suffering, number>();
  for (const { suffers } of viewers)
    if (suffers !== null) counts.set(suffers, (counts.get(suffers) ?? 0) + 1);
  const [first] = [...counts].sort(([, one], [, other]) => other - one);
  return first?.[0] ?? null;
}

/** Those who suffer, and those who are known not to suffer the same. */
function comparable(viewers: readonly Sufferer[]): readonly Sufferer[] {
  const most = mostSuffered(viewers);
  return viewers.filter((viewer) => viewer.suffers !== null || (most !== null && isWitness(viewer, most)));
}

/** Who has just come says nothing of packets yet; a player by WHEP, nothing of pictures that stand still ever. */
function isWitness({ state, lossPercent, frozenPercent }: Sufferer, most: Suffering): boolean {
  if (state !== 'playing') return false;
  if (most === 'loss') return lossPercent !== null;
  return most !== 'frozen' || frozenPercent !== null;
}

/** Of those in which some suffer, the one of which most do; where that is so of none, the one with the most. */
function worstNetwork(viewers: readonly Sufferer[]): Group | undefined {
  const all = groups(viewers, networkOf);
  const share = ({ viewers, suffering }: Group) => suffering / viewers;
  return (
    all.filter(({ suffering }) => suffering >= some).sort((one, other) => share(other) - share(one))[0] ??
    all[0]
  );
}

/** The line that an address comes by: the /48 of IPv6, the /24 of IPv4. */
export function lineOf(address: string): string {
  return siteOf(address) ?? `${neighbourhoodOf(address)}.0/24`;
}

function suffererNetworks(viewers: readonly Sufferer[]): Set<string> {
  return new Set(viewers.filter(({ suffers }) => suffers !== null).map(networkOf));
}

function networkOf({ address }: Sufferer): string {
  return lineOf(address);
}

/** In which most suffer first. */
function groups(viewers: readonly Sufferer[], nameOf: (viewer: Sufferer) => string | null): Group[] {
  const found = new Map<string, { viewers: number; suffering: number }>();
  for (const viewer of viewers) {
    const name = nameOf(viewer);
    if (name === null) continue;
    const group = found.get(name) ?? { viewers: 0, suffering: 0 };
    found.set(name, group);
    group.viewers++;
    if (viewer.suffers !== null) group.suffering++;
  }
  return [...found]
    .map(([name, group]) => ({ name, ...group }))
    .sort((one, other) => other.suffering - one.suffering);
}

/** Nearly all who suffer are of the group, and few others do; or it is the only one to tell of. */
function isThem(group: Group, viewers: readonly Sufferer[]): boolean {
  const suffering = viewers.filter(({ suffers }) => suffers !== null).length;
  const others = viewers.length - group.viewers;
  if (suffering === 0 || others < leastOthers || suffering - group.suffering > others * few) return false;
  return group.suffering >= suffering * nearlyAll || group.suffering >= group.viewers * nearlyAll;
}
