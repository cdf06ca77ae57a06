import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { RedirectMask } from '../../../src/ingest/guard/redirect-mask.ts';
import { growth, linearGrowth } from '../../helpers/growth.ts';
import { pseudoRandom } from '../../helpers/pseudo-random.ts';

async function masked(chunks: readonly (string | Buffer)[]): Promise<{ text: string; times: number }> {
  let times = 0;
  const mask = new RedirectMask(() => times++);
  const copies = chunks.map((chunk) => Buffer.from(chunk));
  const out = await Readable.from(copies).pipe(mask).toArray();
  return { text: Buffer.concat(out).toString('latin1'), times };
}

test('RedirectMask works on what a server sends in slices', async () => {
  const order: string[] = [];
  const mask = new RedirectMask(
    () => order.push('masked'),
    (work) => {
      order.push('begun');
      work();
      order.push('done');
    },
  );
  await Readable.from([Buffer.from('Location:')])
    .pipe(mask)
    .toArray();
  expect(order).toEqual(['begun', 'masked', 'done']);
});

const redirect = 'RTSP/1.0 302 Found\r\nCSeq: 1\r\nLocation: rtsp://10.0.0.1/x\r\n\r\n';

test.each([
  { name: 'a redirect', given: redirect, expected: redirect.replace('Location:', 'Location!'), times: 1 },
  { name: 'any case', given: 'lOCATION:', expected: 'lOCATION!', times: 1 },
  { name: 'a name with returns in it', given: 'Lo\rca\r\rtion\r:', expected: 'Lo\rca\r\rtion\r!', times: 1 },
  { name: 'what begins twice', given: 'locLocation:', expected: 'locLocation!', times: 1 },
  { name: 'what begins with two', given: 'llocation:', expected: 'llocation!', times: 1 },
  { name: 'two of them', given: 'Location:Location:', expected: 'Location!Location!', times: 2 },
  {
    name: 'one behind binary data',
    given: '$\0\0\u0001xLocation:',
    expected: '$\0\0\u0001xLocation!',
    times: 1,
  },
  {
    name: 'other headers not',
    given: 'Content-Base: location\r\n',
    expected: 'Content-Base: location\r\n',
    times: 0,
  },
  { name: 'a name with something in it not', given: 'Loca tion:', expected: 'Loca tion:', times: 0 },
])('RedirectMask masks $name, however it is cut', async ({ given, expected, times }) => {
  expect(await masked([given])).toEqual({ text: expected, times });
  expect(await masked([...given])).toEqual({ text: expected, times });
  for (let at = 1; at < given.length; at++) {
    expect(await masked([given.slice(0, at), given.slice(at)])).toEqual({ text: expected, times });
  }
});

test('RedirectMask lets media pass as it is', async () => {
  const random = pseudoRandom(1);
  const media = Buffer.from(Array.from({ length: 500_000 }, () => random(256)));
  expect(await masked([media])).toEqual({ text: media.toString('latin1'), times: 0 });
});

test.each(['lx', 'lL', 'Lx', 'lo'])('RedirectMask looks at %s again and again in linear time', (pattern) => {
  const grown = growth(1 << 19, (size) => {
    const media = Buffer.alloc(size, pattern);
    return () => new RedirectMask(() => {})._transform(media, 'latin1', () => {});
  });
  expect(grown).toBeLessThan(linearGrowth);
});
