import type { CallParams } from '../../contract/api.ts';
import { programmeLine, runWords } from '../words/programme-words.ts';
import { type Context, connect } from './context.ts';
import { chooseRoom } from './room.ts';
import type { RoomOption, Verb } from './verb.ts';

/** What can be done to a room's programme, as the call takes it. */
export type Wish = CallParams<'control'>['command'];

/** Sends a command to a room's programme, and shows how it is then: by default, when it can be seen. */
export async function control(
  context: Context,
  options: RoomOption & { readonly wait?: boolean },
  command: Wish,
): Promise<undefined> {
  const { output } = context;
  const client = await connect(context);
  const room = await chooseRoom(client, options);
  const state = await client.call('control', { room, command, wait: options.wait });
  output.show(state, () => [
    programmeLine(room, state, Date.now(), output.paint),
    ...(command.type === 'release' ? runWords(state) : []),
  ]);
}

/** Adds a verb that always sends the same command. */
export function controlVerb(name: string, description: string, command: Wish) {
  return (program: Verb) =>
    program
      .verb(name, description, [`mirolive ${name} --room lobby`])
      .inRoom()
      .does((context, options: RoomOption) => control(context, options, command));
}
