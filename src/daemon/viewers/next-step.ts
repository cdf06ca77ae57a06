import type { Suffering } from '../../contract/models.ts';

/** What leads on from what is known. */
export type Next =
  /** The way of the media: ports and addresses. */
  | 'way'
  /** Whose lines are bad. */
  | 'lines'
  /** What takes the machine: a process of this daemon, or another program. */
  | 'processes'
  | 'programs'
  /** What went wrong with what is on air. */
  | 'source'
  /** Which codec is on air. */
  | 'codec';

/** The command that leads on, in words. Pure. */
export function nextStep(next: Next, room: string, most: Suffering): string {
  switch (next) {
    case 'way':
      return `Compare ports and addresses: mirolive doctor; who gets none: mirolive viewers list --room ${room}`;
    case 'lines':
      return `See who: mirolive viewers list --room ${room} --sort ${most === 'frozen' ? 'freezes' : 'loss'}`;
    case 'processes':
      return 'See which process, by key 2: mirolive tui; and make less: fewer renditions, fewer transcodes';
    case 'programs':
      return 'See which programs, and end them or move them elsewhere: top';
    case 'source':
      return `See what went wrong: mirolive events --since 5m --room ${room}; how it is now: mirolive programme --room ${room}`;
    case 'codec':
      return `See which codec is on air, and why: mirolive programme --room ${room}; whose browser: mirolive viewers list --room ${room}`;
  }
}
