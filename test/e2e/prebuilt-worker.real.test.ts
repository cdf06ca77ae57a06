import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { prebuiltWorkerPath } from '../../native/mediasoup-worker/locate.mjs';
import { moves, openRoom, sounds } from '../helpers/browser.ts';
import { daemonAndBrowser } from '../helpers/daemon-and-browser.ts';
import { sample } from '../helpers/media/sample-files.ts';
import { samples } from '../helpers/media/samples.ts';

const bin = prebuiltWorkerPath();
const isThere = existsSync(bin);

describe.skipIf(!isThere)(
  `mediasoup's own worker${isThere ? '' : ' (not run: the set-up could not download it)'}`,
  () => {
    const here = daemonAndBrowser({ workers: { bin } });

    test('plays a copied and a transcoded file in a browser', async () => {
      const { desk, pool } = here.server.daemon;
      expect(pool.binary).toMatchObject({ path: bin, capabilities: { opening: 'keyframe' } });
      for (const action of ['copy', 'transcode']) {
        const chosen = samples.find(({ expect: { audio, video } }) => audio && video?.action === action);
        if (!chosen?.expect.audio)
          throw new Error(`expected a sample that is played by ${action}, found none`);
        const page = await openRoom(here.browser, `${here.server.url}/${action}`);
        await page.keyboard.press('m');
        const path = await sample(chosen.name);
        await desk.start({ room: action, source: { kind: 'file', path, loop: true, audioTrack: null } });
        await Promise.all([moves(page), sounds(page, chosen.expect.audio.toneHz)]);
        await page.close();
      }
    });
  },
);
