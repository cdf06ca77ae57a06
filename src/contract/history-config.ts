import { section } from './config-section.ts';
import { durationMs, sizeBytes } from './units.ts';

/** What is kept of what has happened. */
export const historySection = section({
  /** What is older is forgotten. */
  keep: durationMs.prefault('30d'),
  /** What it may take on the disk, about; the oldest of each kind goes first. */
  maxSize: sizeBytes.prefault('256M'),
});

/** What is kept of people. */
export const privacySection = section({
  /** Addresses of viewers and publishers are taken out of what is kept once they are so old; 0s: they are never written down. */
  keepAddresses: durationMs.prefault('7d'),
});
