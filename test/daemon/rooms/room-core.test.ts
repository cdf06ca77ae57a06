import { expect, test } from 'vitest';
import { ScriptedRoom } from '../../sim/scripted-room.ts';

/** Of these parts everything is open, and nothing twice. */
const served = { programme: { is: 'open' }, media: { is: 'open' } };

test.each(['programme', 'media'] as const)(
  'A room waits no longer for a %s whose opening hangs',
  async (part) => {
    const room = new ScriptedRoom(true);
    room.hangs = part === 'programme';
    await room.clock.pass(45);
    room.hangs = true;
    await room.clock.pass(100);
    expect(room.actor.state.broadcast?.[part].is).toBe('opening');
    room.hangs = false;
    await room.clock.pass(61_000);
    expect(room.actor.state.broadcast).toMatchObject(served);
    await room.actor.close();
  },
);
