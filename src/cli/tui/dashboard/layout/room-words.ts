import type { RoomHealth } from '../../../../contract/view/health.ts';
import type { ViewedRoom } from '../../../../contract/view/viewed-room.ts';
import { type Line, outside, type Span, span, type Tint } from '../line.ts';

const healths: Readonly<Record<RoomHealth['word'], { readonly sign: string; readonly tint: Tint }>> = {
  idle: { sign: '○', tint: 'dim' },
  starting: { sign: '○', tint: 'accent' },
  well: { sign: '●', tint: 'good' },
  strained: { sign: '▲', tint: 'warn' },
  bad: { sign: '✗', tint: 'bad' },
};

/** How a room fares: a sign, and a word for who sees no colours. */
export function healthSpan({ word }: RoomHealth): Span {
  const { sign, tint } = healths[word];
  return span(`${sign} ${word}`, tint);
}

/** The colour of how a room fares. */
export function healthTint({ word }: RoomHealth): Tint {
  return healths[word].tint;
}

/** What is on air in a room, and as what where it is not the source that is meant to be. */
export function onAirLine({ onAir, item }: ViewedRoom): Line {
  if (onAir === null) return [span('–', 'dim')];
  if (onAir.entry === 'nothing') return [span('nothing yet', 'dim'), span(': '), outside(onAir.words)];
  if (onAir.entry === 'slate') return [span('slate', 'warn')];
  const words = onAir.entry === 'main' && item ? item.words : onAir.words;
  if (onAir.entry === 'main') return [outside(words)];
  return [outside(words, 'accent'), span(` (${onAir.entry})`, 'dim')];
}

/** A figure that may not be known: `1.5 %`, `–`. */
export function figure(value: number | null | undefined, digits: number, unit: string): string {
  return value === null || value === undefined ? '–' : `${value.toFixed(digits)} ${unit}`;
}
