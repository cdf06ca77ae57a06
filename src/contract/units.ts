import { z } from 'zod';

const durationUnitsMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const durationHint = 'expected a duration such as 250ms, 3s, 10m or 8h';
const sizeHint = 'expected a size such as 512M or 1.5G';
const bitrateHint = 'expected a bit rate such as 800k or 2.5M';

/** A duration as people write it in a configuration file (`250ms`, `3s`, `1.5m`, `8h`), parsed to milliseconds. */
export const durationMs = z
  .string(durationHint)
  .regex(/^\d+(\.\d+)?(ms|s|m|h|d)$/, durationHint)
  .transform((text) => {
    const unit = text.replace(/^[\d.]+/, '') as keyof typeof durationUnitsMs;
    return Math.round(Number.parseFloat(text) * durationUnitsMs[unit]);
  });

/** A bit rate as people write it (`800k`, `2.5M`), parsed to bits per second. */
export const bitrateBps = z
  .string(bitrateHint)
  .regex(/^\d+(\.\d+)?[kM]$/, bitrateHint)
  .transform((text) => Math.round(Number.parseFloat(text) * (text.endsWith('M') ? 1_000_000 : 1000)));

/** An amount of memory as people write it (`512M`, `1.5G`), in units of 1024, parsed to bytes. */
export const sizeBytes = z
  .string(sizeHint)
  .regex(/^\d+(\.\d+)?[MG]$/, sizeHint)
  .transform((text) => Math.round(Number.parseFloat(text) * 1024 ** (text.endsWith('G') ? 3 : 2)));
