import { expect, test } from 'vitest';
import { feedLayer } from '../../../../src/ingest/process/splicer/feed-layer.ts';

test.each<[name: string, sent: number, feed: number, goesOut: number[]]>([
  ['as many as are sent', 3, 3, [0, 1, 2]],
  ['one, such as the slate', 3, 1, [0, 0, 0]],
  ['one less: who had the one in the middle gets the lower one', 3, 2, [0, 0, 1]],
  ['more than are sent: the best of them', 2, 3, [1, 2]],
  ['more than the one that is sent: its best', 1, 3, [2]],
])('of a feed with %s', (_, sent, feed, goesOut) => {
  const layers = Array.from({ length: sent }, (_, index) => feedLayer(index, sent, feed));
  expect(layers).toEqual(goesOut);
});
