import { describe, expect, test } from 'vitest';
import { type CandidateView, choose } from '../../../../src/ingest/process/director/choice.ts';

const now = 100_000;
const auto = { failback: 'auto', holdMs: 5000 } as const;
const manual = { failback: 'manual', holdMs: 5000 } as const;

/** `r3`: ready for 3 s; `-`: may be started; `x`: given up; `r0!`: ready just now, and wanted at once; `r9.`: over in a moment; `-2`: awaited for 2 s; `s`: the slate is shown in its place. */
function chain(text: string): CandidateView[] {
  return text.split(' ').map((word) => ({
    available: word !== 'x',
    readySinceMs: word.startsWith('r') ? now - Number.parseInt(word.slice(1), 10) * 1000 : null,
    ending: word.endsWith('.'),
    awaitedUntilMs: /^-\d/.test(word) ? now - Number.parseInt(word, 10) * 1000 : null,
    hurried: word.endsWith('!'),
    covered: word === 's',
  }));
}

describe('choose', () => {
  test.each([
    { name: 'takes the first that is ready', is: '- r9 r9', onAir: 3, expected: 1, run: [0, 1] },
    { name: 'takes the preferred one from the slate at once', is: 'r0 -', onAir: 2, expected: 0, run: [0] },
    { name: 'tries all while none is ready', is: '- - -', onAir: 3, expected: 3, run: [0, 1, 2] },
    { name: 'passes what was given up', is: 'x - r1', onAir: 3, expected: 2, run: [1, 2] },
    { name: 'shows the slate where all is given up', is: 'x x', onAir: 0, expected: 2, run: [] },
    { name: 'goes down when what is on air is lost', is: '- r1 -', onAir: 0, expected: 1, run: [0, 1] },
    { name: 'goes to the slate when all is lost', is: '- -', onAir: 0, expected: 2, run: [0, 1] },
    { name: 'waits for what is awaited', is: '-2 r9', onAir: 0, expected: 2, run: [0, 1], againMs: 2000 },
    { name: 'waits for it on the slate', is: '-2 r9', onAir: 2, expected: 2, run: [0, 1], againMs: 2000 },
    { name: 'waits no longer', is: '-0 r9', onAir: 2, expected: 1, run: [0, 1] },
    {
      name: 'stays at what is on air in its place',
      is: '-2 r9',
      onAir: 1,
      expected: 1,
      run: [0, 1],
      againMs: 2000,
    },
    {
      name: 'stays below it, not at another one',
      is: '-2 r9 r9',
      onAir: 2,
      expected: 2,
      run: [0, 1, 2],
      againMs: 2000,
    },
    { name: 'goes up while another one is awaited', is: 'r9 -2 r9', onAir: 3, expected: 0, run: [0] },
    { name: 'holds before it goes back', is: 'r2 r60', onAir: 1, expected: 1, run: [0, 1], againMs: 3000 },
    { name: 'goes back after the hold time', is: 'r5 r60', onAir: 1, expected: 0, run: [0] },
    { name: 'goes back at once where it was told to', is: 'r0! r60', onAir: 1, expected: 0, run: [0] },
    { name: 'goes back at once from what is lost', is: 'r0 -', onAir: 1, expected: 0, run: [0] },
    {
      name: 'stays, where going back is by hand',
      rules: manual,
      is: 'r600 r60',
      onAir: 1,
      expected: 1,
      run: [0, 1],
    },
    { name: 'leaves the slate, by hand too', rules: manual, is: 'r0 -', onAir: 2, expected: 0, run: [0] },
    { name: 'goes down, by hand too', rules: manual, is: '- r0', onAir: 0, expected: 1, run: [0, 1] },
    { name: 'makes ready what follows', is: 'r9. - -', onAir: 0, expected: 0, run: [0, 1, 2] },
    { name: 'stays to the end', is: 'r9. r1 -', onAir: 0, expected: 0, run: [0, 1] },
    { name: 'shows the slate for what is covered', is: 's r9', onAir: 0, expected: 2, run: [0] },
    { name: 'stays on that slate', is: 's r9 -', onAir: 3, expected: 3, run: [0] },
    { name: 'prefers to it what is before it', is: 'r0 s r9', onAir: 3, expected: 0, run: [0] },
    { name: 'stays below what is covered', is: 's r9 -', onAir: 1, expected: 1, run: [0, 1] },
    { name: 'covers what is lost below it', is: 's - r9', onAir: 1, expected: 3, run: [0] },
    { name: 'has only the slate in an empty chain', is: '', onAir: 0, expected: 0, run: [] },
  ])('$name', ({ is, onAir, rules = auto, expected, run, againMs = null }) => {
    const candidates = is === '' ? [] : chain(is);
    const choice = choose(candidates, onAir, rules, now);
    expect({ ...choice, run: [...choice.run].sort() }).toMatchObject({ onAir: expected, run, againMs });
  });

  test.each([
    { is: '- x', needed: 2 },
    { is: 'x r9 x', needed: 2 },
    { is: 'r9. x r9 -', needed: 3 },
  ])('needs the first $needed of $is', ({ is, needed }) => {
    expect(choose(chain(is), 0, auto, now).needed).toBe(needed);
  });
});
