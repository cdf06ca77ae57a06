import { expect, test } from 'vitest';
import { eventually } from '../../helpers/browser.ts';
import { startDaemon } from '../../helpers/daemon.ts';
import { sample } from '../../helpers/media/sample-files.ts';

test('a room that is always on is on air without a fallback and a slate that cannot be used', async () => {
  const rooms = {
    channel: {
      alwaysOn: true,
      slate: { kind: 'clip', path: '/nowhere/ident.mp4' },
      fallback: [{ playlist: '/nowhere/channel.yaml' }, { file: await sample('talk.mp4') }],
    },
    hall: { alwaysOn: true, slate: { kind: 'image', path: '/nowhere/slate.png' } },
  };
  await using server = await startDaemon({ rtmp: { enabled: false }, rooms });
  const onAir = (room: string) => async () => server.daemon.desk.findRoom(room)?.onAir;
  const channel = await eventually(onAir('channel'), (model) => model?.onAir.entry === 'fallback-1');
  expect(channel?.onAir.words).toBe('talk.mp4');
  const hall = await eventually(onAir('hall'), (model) => model?.state === 'live');
  expect(hall?.onAir.entry).toBe('slate');
});
