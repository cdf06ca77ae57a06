import { expect, test } from 'vitest';
import { aac, h264 } from '../../../helpers/media/recipes.ts';
import { makeMedia } from '../../../helpers/media/sample-files.ts';
import { optionsFor, PlayedProgramme } from './played-programme.ts';

test('Director tells that a file is black and silent, shows the slate meanwhile, and goes on with it', async () => {
  const black = ['-f', 'lavfi', '-i', 'testsrc2=s=160x90:r=15:d=11,drawbox=c=black:t=fill:enable=lt(t\\,5)'];
  const silence = ['-f', 'lavfi', '-i', "aevalsrc='if(lt(t,5),0,0.2*sin(880*PI*t))':d=11"];
  const path = await makeMedia('black-and-silent.mp4', { args: [...black, ...silence, ...h264(15), ...aac] });
  const content = { black: 1500, frozen: null, silent: 1500, clipping: null };
  const acting = { onContent: 'slate', holdMs: 1000 } as const;
  await using played = await PlayedProgramme.start(
    await optionsFor(path, { content, loop: true, ...acting }),
  );
  const over = () => new Set(played.of('content.back').map(({ fault }) => fault));
  await played.until(() => over().size === 2);
  await played.until(() => played.of('programme.switched').length >= 2);
  expect(played.of('programme.switched').slice(0, 2)).toMatchObject([
    { from: { entry: 'main' }, to: { entry: 'slate' }, reason: 'content' },
    { from: { entry: 'slate' }, to: { entry: 'main' }, reason: 'back' },
  ]);
  expect(played.of('content.black')[0]).toMatchObject({ entry: 'main', words: 'black-and-silent.mp4' });
  expect(played.of('content.silent')[0]).toMatchObject({ entry: 'main', hadSound: false });
  expect(played.seen?.content.times).toBeGreaterThanOrEqual(2);
});
