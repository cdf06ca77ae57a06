import { describe, expect, test } from 'vitest';
import type { PlaylistItem } from '../../../../src/contract/models.ts';
import { Playlist } from '../../../../src/contract/playlist/playlist.ts';
import { Survey, type SurveyOptions } from '../../../../src/ingest/process/playlist/survey.ts';
import { idOf, item, items } from '../../../contract/playlist/items.ts';

/** A survey of items that are a minute long each, and what it looked at. */
function surveyOf(list: PlaylistItem[], changes: Partial<SurveyOptions> = {}) {
  const playlist = new Playlist({ items: list, loop: false, shuffle: false });
  const durationsMs = new Map<string, number | null>();
  const looked: string[] = [];
  const survey = new Survey({
    playlist,
    isKnown: ({ id }) => durationsMs.has(id),
    onFound: ({ id }, durationMs) => durationsMs.set(id, durationMs),
    durationOf: async ({ id }) => {
      looked.push(id[2] ?? '');
      return 60_000;
    },
    ...changes,
  });
  return { survey, playlist, durationsMs, looked };
}

/** Lets everything that waits for nothing but itself go on. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('Survey', () => {
  test('looks at each item once, and at those that are added later', async () => {
    const { survey, playlist, durationsMs, looked } = surveyOf(items('abc'));
    survey.look();
    survey.look();
    await settled();
    playlist.add(items('x'), 0);
    survey.look();
    await settled();
    expect(looked.join('')).toBe('abcx');
    expect([...durationsMs.values()]).toEqual([60_000, 60_000, 60_000, 60_000]);
  });

  test('looks at no more than 200 items ahead, and goes on as they are played', async () => {
    const list = Array.from({ length: 300 }, () => item('', { id: undefined as never }));
    const { survey, playlist, looked } = surveyOf(list);
    survey.look();
    await settled();
    expect(looked.length).toBe(200);
    playlist.jump(list[50]?.id ?? '');
    survey.look();
    await settled();
    expect(looked.length).toBe(250);
  });

  test('takes an item that it could not look at for one that is passed over, and does not look again', async () => {
    let tries = 0;
    const { survey, durationsMs } = surveyOf(items('ab'), {
      durationOf: async ({ id }) => {
        tries++;
        if (id === idOf('a')) throw new Error('it is gone');
        return 1000;
      },
    });
    survey.look();
    await settled();
    survey.look();
    await settled();
    expect([...durationsMs.values(), tries]).toEqual([0, 1000, 2]);
  });

  test('keeps what whoever plays an item found out meanwhile', async () => {
    const answer = Promise.withResolvers<number | null>();
    const { survey, durationsMs } = surveyOf(items('a'), { durationOf: () => answer.promise });
    survey.look();
    durationsMs.set(idOf('a'), 1234);
    answer.resolve(1000);
    await settled();
    expect(durationsMs.get(idOf('a'))).toBe(1234);
  });

  test('close() waits for the look that is under way, and is idempotent', async () => {
    let over = false;
    const { survey } = surveyOf(items('ab'), {
      durationOf: (_, signal) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            over = true;
            reject(signal.reason);
          });
        }),
    });
    survey.look();
    await survey.close();
    expect(over).toBe(true);
    await survey.close();
  });
});
