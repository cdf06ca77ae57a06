import type { ListedPublisher } from '../../contract/publishing.ts';
import type { Paint } from './format.ts';

/** A line for each publisher who waits to be taken, with the command that does. */
export function standbyLines(publishers: readonly ListedPublisher[], paint: Paint): string[] {
  return publishers
    .filter(({ standby }) => standby)
    .map(
      ({ room, key }) =>
        `${paint('yellow', 'standby')}  ${key} publishes into ${room}, and is not on air: mirolive take ${key} --room ${room}`,
    );
}
