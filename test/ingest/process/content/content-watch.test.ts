import { describe, expect, test } from 'vitest';
import { contentFaults } from '../../../../src/contract/content.ts';
import {
  type ContentLimits,
  type ContentLook,
  ContentWatch,
} from '../../../../src/ingest/process/content/content-watch.ts';

const limits: ContentLimits = { black: 10_000, frozen: 20_000, silent: 10_000, clipping: 10_000 };

/** Looks every second, as long as each piece says; gives what was told, and at which second. */
function told(
  pieces: readonly { readonly s: number; readonly look: ContentLook }[],
  changes: Partial<ContentLimits> = {},
): string[] {
  const watch = new ContentWatch({ ...limits, ...changes });
  const words: string[] = [];
  let atMs = 0;
  for (const { s, look } of pieces) {
    for (let second = 0; second < s; second++, atMs += 1000) {
      for (const news of watch.look(look, atMs)) {
        const hadSound = news.type === 'wrong' && news.hadSound ? ' had sound' : '';
        words.push(`${atMs / 1000} ${news.type} ${news.fault} since ${news.sinceMs / 1000}${hadSound}`);
      }
    }
  }
  return words;
}

const picture = { black: false, frozen: false } as const;
const slide = { black: false, frozen: true } as const;
const silence = { silent: true, clipping: false } as const;
const sound = { silent: false, clipping: false } as const;
const loud = { silent: false, clipping: true } as const;

interface Case {
  readonly name: string;
  readonly pieces: readonly { readonly s: number; readonly look: ContentLook }[];
  readonly changes?: Partial<ContentLimits>;
  readonly expected: readonly string[];
}

test.each<Case>([
  { name: 'a picture that is well', pieces: [{ s: 60, look: picture }], expected: [] },
  {
    name: 'black from the beginning on',
    pieces: [{ s: 15, look: { black: true } }],
    expected: ['10 wrong black since 0'],
  },
  {
    name: 'black that ends',
    pieces: [
      { s: 5, look: picture },
      { s: 15, look: { black: true } },
      { s: 5, look: picture },
    ],
    expected: ['15 wrong black since 5', '20 back black since 5'],
  },
  {
    name: 'black for too short a time',
    pieces: [
      { s: 10, look: { black: true } },
      { s: 1, look: picture },
      { s: 10, look: { black: true } },
    ],
    expected: [],
  },
  {
    name: 'a slide where stillness is not looked for',
    changes: { frozen: null },
    pieces: [{ s: 60, look: slide }],
    expected: [],
  },
  {
    name: 'a slide where it is',
    pieces: [
      { s: 25, look: slide },
      { s: 1, look: picture },
    ],
    expected: ['20 wrong frozen since 0', '25 back frozen since 0'],
  },
  {
    name: 'silence from the beginning on',
    pieces: [{ s: 15, look: silence }],
    expected: ['10 wrong silent since 0'],
  },
  {
    name: 'silence where there was sound',
    pieces: [
      { s: 5, look: sound },
      { s: 15, look: silence },
      { s: 1, look: sound },
    ],
    expected: ['15 wrong silent since 5 had sound', '20 back silent since 5'],
  },
  {
    name: 'a pause of somebody who speaks',
    pieces: [
      { s: 5, look: sound },
      { s: 9, look: silence },
      { s: 5, look: sound },
    ],
    expected: [],
  },
  {
    name: 'sound that is too loud, with breath between',
    pieces: [
      { s: 4, look: loud },
      { s: 3, look: sound },
      { s: 6, look: loud },
      { s: 7, look: sound },
    ],
    expected: ['10 wrong clipping since 0', '17 back clipping since 0'],
  },
  {
    name: 'loud moments that are far apart',
    pieces: Array.from({ length: 5 }, () => [
      { s: 1, look: loud },
      { s: 8, look: sound },
    ]).flat(),
    expected: [],
  },
  {
    name: 'black and silent together, each told',
    pieces: [{ s: 12, look: { black: true, ...silence } }],
    expected: ['10 wrong black since 0', '10 wrong silent since 0'],
  },
])('$name', ({ pieces, changes = {}, expected }) => {
  expect(told(pieces, changes)).toEqual(expected);
});

describe('ContentWatch', () => {
  test('takes nothing for black that it has not seen for a while', () => {
    const watch = new ContentWatch(limits);
    expect(watch.look({ black: true }, 0)).toEqual([]);
    expect(watch.look({ black: true }, 20_000)).toEqual([]);
    expect(watch.look({ black: true }, 25_000)).toEqual([]);
    expect(watch.look({ black: true }, 30_000)).toMatchObject([{ fault: 'black', sinceMs: 20_000 }]);
  });

  test('what was told is over with what it was told of, and what comes next begins anew', () => {
    const watch = new ContentWatch(limits);
    for (let ms = 0; ms <= 10_000; ms += 1000) watch.look({ black: true, silent: true }, ms);
    expect(watch.wrong.map(({ fault }) => fault)).toEqual(['black', 'silent']);
    expect(watch.begin().map(({ type, fault }) => `${type} ${fault}`)).toEqual(['back black', 'back silent']);
    expect(watch.wrong).toEqual([]);
    expect(watch.look({ black: true }, 11_000)).toEqual([]);
  });

  test('what is black and silent is no better for a track that is lost', () => {
    const watch = new ContentWatch(limits);
    watch.look({ black: true, silent: true }, 0);
    watch.excuse(new Set(['silent']), 1000, true);
    watch.look({ black: true }, 2000);
    expect(watch.fineSinceMs).toBeNull();
    watch.look({ black: false }, 3000);
    expect(watch.fineSinceMs).toBe(3000);
    // A card in the place of it is.
    watch.look({ black: true, silent: true }, 4000);
    watch.excuse(new Set(contentFaults), 5000);
    watch.look({}, 6000);
    expect(watch.fineSinceMs).toBe(5000);
  });

  test('what is no fault any more is over, and is told again after its whole time', () => {
    const watch = new ContentWatch(limits);
    for (let ms = 0; ms <= 10_000; ms += 1000) watch.look({ silent: true }, ms);
    expect(watch.excuse(new Set(['silent']), 10_000)).toEqual([
      { type: 'back', fault: 'silent', sinceMs: 0 },
    ]);
    expect(watch.excuse(new Set(contentFaults), 10_000)).toEqual([]);
    expect(watch.look({ silent: true }, 11_000)).toEqual([]);
  });
});
