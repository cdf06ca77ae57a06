import type { ScheduleSpec } from '../../contract/schedule.ts';

/** Whoever waits longer than this, in ms, waits for something else. */
const toldAheadMs = 7 * 86_400_000;

/** What pages of a room that waits are told of its next run; null: nothing. The name of a file is nobody's business before it is on air. */
export function comingOnAir(
  next: { readonly atMs: number; readonly spec: ScheduleSpec } | null,
  nowMs: number,
): { readonly atMs: number; readonly name: string | null } | null {
  if (next === null || next.atMs - nowMs > toldAheadMs) return null;
  const { call, params } = next.spec.what;
  return { atMs: next.atMs, name: call === 'startBroadcast' ? (params.name ?? null) : null };
}
