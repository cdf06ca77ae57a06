import type { VideoCodec } from '../../../contract/plan.ts';
import { av1 } from '../av1/depacketize-av1.ts';
import { h264 } from '../h264/depacketize-h264.ts';
import { vp8, vp9 } from '../vpx/depacketize-vpx.ts';
import type { Depacketizer } from './depacketizer.ts';

/** The depacketizer of each video codec. An Opus packet needs none: it is its payload (RFC 7587, 4.2). */
export const depacketizers: Readonly<Record<VideoCodec, Depacketizer>> = { h264, vp8, vp9, av1 };
