import type { Publisher } from '../../contract/publishing.ts';
import type { Paint } from './format.ts';

/** A line for each publisher who is not on air, with the command that takes it. */
export function standbyLines(publishers: readonly Publisher[], paint: Paint): string[] {
  return publishers.map(
    ({ room, key }) =>
      `${paint('yellow', 'standby')}  ${key} publishes into ${room}, and is not on air: mirolive take ${key} --room ${room}`,
  );
}
