import { systemClock } from '../../src/contract/clock.ts';

const never = () => new Promise<never>(() => {});

/** Nor anything that would have to be made in another codec. */
export const nothingToEncode = {
  ...{ clock: systemClock, compatibleCores: never, entry: () => 'open' as const },
  sign: () => ({ title: null, description: null, welcome: null, language: null }),
};

/** What a room is made of in which nothing is ever on air, and whom nobody hears. */
export const nothingOnAir = {
  parts: { keep: never, publish: never, openProgramme: never, openMedia: never },
  listener: {
    heard() {},
    sought() {},
    live() {},
    back() {},
    ended() {},
    trouble() {},
    missing() {},
    putOver() {},
    settled() {},
  },
};
