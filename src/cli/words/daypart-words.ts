import { daypartProblems } from '../../contract/daypart-problems.ts';
import { daypartsSection } from '../../contract/dayparts.ts';
import type { RoomDetails } from '../../contract/room-details.ts';

/** When nothing of the day's programme of a room plays, and when two parts of it would. */
export function daypartWords({ settings }: RoomDetails): string[] {
  const parts = settings.find(({ key }) => key === 'dayparts.parts')?.value;
  const { data } = daypartsSection.safeParse({ parts });
  return daypartProblems(data?.parts ?? []);
}
