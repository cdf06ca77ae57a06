import { expect, test } from 'vitest';
import type { CompatibleCodec } from '../../../src/contract/plan.ts';
import {
  CompatibleOffer,
  type CompatibleOfferOptions,
} from '../../../src/daemon/viewers/compatible-offer.ts';

/** A page whose picture was refused, where two others may be had; what an offer says is the codec of its picture. */
function refused() {
  const needed: CompatibleCodec[] = [];
  const problems = new Map<CompatibleCodec, string>();
  const consuming: PromiseWithResolvers<void>[] = [];
  const options = {
    room: {
      needCompatible: async (codec: CompatibleCodec) => {
        needed.push(codec);
        return () => needed.splice(needed.indexOf(codec), 1);
      },
      compatibleProblem: (codec: CompatibleCodec) => problems.get(codec) ?? null,
      media: async () => ({ router: {} }),
    },
    served: {
      broadcast: { output: { video: { compatible: [{ codec: 'h264' }, { codec: 'vp8' }] } } },
      compatible: async (codec: CompatibleCodec) => codec,
    },
    media: {
      consumeInstead: async (_: unknown, codec: CompatibleCodec) => {
        const consumed = Promise.withResolvers<void>();
        consuming.push(consumed);
        await consumed.promise;
        return codec;
      },
    },
    offer: { capabilities: {}, withPicture: (codec: CompatibleCodec) => codec },
  } as unknown as CompatibleOfferOptions;
  return { offer: new CompatibleOffer(options), needed, problems, consuming };
}

test('CompatibleOffer goes on to the next codec where one turns out to be impossible while it is offered', async () => {
  const { offer, needed, problems, consuming } = refused();
  const next = offer.next();
  await expect.poll(() => consuming.length).toBe(1);
  problems.set('h264', 'ffmpeg makes no h264 of it');
  consuming[0]?.resolve();
  await expect.poll(() => consuming.length).toBe(2);
  consuming[1]?.resolve();
  expect(await next).toBe('vp8');
  expect(needed).toEqual(['vp8']);
  expect(offer.rendition).toBe('VP8');
});

test('CompatibleOffer offers each codec once, and needs the one alone that it offers', async () => {
  const { offer, needed, consuming } = refused();
  for (const codec of ['h264', 'vp8'] as const) {
    const next = offer.next();
    await expect.poll(() => consuming.length).toBe(codec === 'h264' ? 1 : 2);
    consuming.at(-1)?.resolve();
    expect(await next).toBe(codec);
    expect(needed).toEqual([codec]);
  }
  expect(await offer.next()).toBeNull();
  expect(needed).toEqual([]);
});
