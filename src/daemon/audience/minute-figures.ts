/** What is counted of viewers over a minute. All of it adds up, but for who was there first and the most at one time. */
export interface MinuteFigures {
  /** Who was there when it began. */
  there: number;
  joined: number;
  left: number;
  /** The most at one time. */
  peak: number;
  /** Of all viewers together, in ms: that they were there, and that media went out. */
  presentMs: number;
  watchedMs: number;
  /** Of what was watched: where there are several renditions, and of that the best one. */
  rankedMs: number;
  bestMs: number;
  /** Of what was watched: on pages that count freezes; and how many they were. */
  countedMs: number;
  freezes: number;
  /** First pictures, by the buckets of their time. */
  firstPictures: readonly number[];
  /** What was watched by kind of player, and by browser, in ms. */
  kinds: Readonly<Record<string, number>>;
  browsers: Readonly<Record<string, number>>;
}

/** Nobody came, nobody went. @param there who is there */
export function noFigures(there = 0): MinuteFigures {
  return {
    ...{ there, joined: 0, left: 0, peak: there, presentMs: 0, watchedMs: 0, rankedMs: 0, bestMs: 0 },
    ...{ countedMs: 0, freezes: 0, firstPictures: [], kinds: {}, browsers: {} },
  };
}

/** Both together; the earlier one first. */
export function together(first: MinuteFigures, then: MinuteFigures): MinuteFigures {
  return {
    there: first.there,
    joined: first.joined + then.joined,
    left: first.left + then.left,
    peak: Math.max(first.peak, then.peak),
    presentMs: first.presentMs + then.presentMs,
    watchedMs: first.watchedMs + then.watchedMs,
    rankedMs: first.rankedMs + then.rankedMs,
    bestMs: first.bestMs + then.bestMs,
    countedMs: first.countedMs + then.countedMs,
    freezes: first.freezes + then.freezes,
    firstPictures: Array.from(
      { length: Math.max(first.firstPictures.length, then.firstPictures.length) },
      (_, at) => (first.firstPictures[at] ?? 0) + (then.firstPictures[at] ?? 0),
    ),
    kinds: sums(first.kinds, then.kinds),
    browsers: sums(first.browsers, then.browsers),
  };
}

function sums(
  first: Readonly<Record<string, number>>,
  then: Readonly<Record<string, number>>,
): Record<string, number> {
  const sum = { ...first };
  for (const [name, value] of Object.entries(then)) sum[name] = (sum[name] ?? 0) + value;
  return sum;
}

/** As they are written: short, since there is one each minute of each room. */
export function figuresText(figures: MinuteFigures): string {
  const { there, joined, left, peak, presentMs, watchedMs, rankedMs, bestMs, countedMs, freezes } = figures;
  const numbers = [there, joined, left, peak, presentMs, watchedMs, rankedMs, bestMs, countedMs, freezes];
  const { firstPictures, kinds, browsers } = figures;
  return JSON.stringify([...numbers.map(Math.round), firstPictures, rounded(kinds), rounded(browsers)]);
}

function rounded(record: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, Math.round(value)]));
}

type Numbers = [number, number, number, number, number, number, number, number, number, number];
type Written = [...Numbers, readonly number[], Record<string, number>, Record<string, number>];

/** The same, read again. */
export function readFigures(text: string): MinuteFigures {
  const [there, joined, left, peak, presentMs, watchedMs, rankedMs, bestMs, countedMs, freezes, ...rest] =
    JSON.parse(text) as Written;
  const [firstPictures, kinds, browsers] = rest;
  return {
    ...{ there, joined, left, peak, presentMs, watchedMs, rankedMs, bestMs, countedMs, freezes },
    ...{ firstPictures, kinds, browsers },
  };
}
