import { expect, test } from 'vitest';
import { daypartWords } from '../../../src/cli/words/daypart-words.ts';
import { roomLines } from '../../../src/cli/words/setting-table.ts';
import type { RoomDetails } from '../../../src/contract/room-details.ts';

test('A room is shown with what its programme of the day lacks', () => {
  const parts = [{ from: '06:00', to: '22:00', file: '/srv/day.mp4' }];
  const room: RoomDetails = {
    ...{ name: 'channel', inFile: true, appliedBy: null, entry: 'open', state: 'idle', viewers: 0 },
    ...{ watchUrl: 'http://localhost/channel', problems: [] },
    settings: [{ key: 'dayparts.parts', value: parts, from: 'file' }],
  };
  const lines = roomLines(room, daypartWords(room), 0, (_, text) => text);
  expect(lines).toContain('dayparts: nothing plays from 22:00 to 06:00, every day');
});
