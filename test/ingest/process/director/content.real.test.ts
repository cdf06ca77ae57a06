import { expect, test } from 'vitest';
import { aac, h264 } from '../../../helpers/media/recipes.ts';
import { makeMedia } from '../../../helpers/media/sample-files.ts';
import { optionsFor, PlayedProgramme } from './played-programme.ts';

test('Director tells that a file is black, silent and over', async () => {
  const black = ['-f', 'lavfi', '-i', 'testsrc2=s=160x90:r=15:d=8,drawbox=c=black:t=fill:enable=lt(t\\,5)'];
  const silence = ['-f', 'lavfi', '-i', "aevalsrc='if(lt(t,5),0,0.2*sin(880*PI*t))':d=8"];
  const path = await makeMedia('black-and-silent.mp4', { args: [...black, ...silence, ...h264(15), ...aac] });
  const content = { black: 1500, frozen: null, silent: 1500, clipping: null };
  await using played = await PlayedProgramme.start(await optionsFor(path, { content, loop: true }));
  const over = () => new Set(played.of('content.back').map(({ fault }) => fault));
  await played.until(() => over().size === 2);
  expect(played.of('content.black')[0]).toMatchObject({ entry: 'main', words: 'black-and-silent.mp4' });
  expect(played.of('content.silent')[0]).toMatchObject({ entry: 'main', hadSound: false });
  expect(played.seen?.content.times).toBeGreaterThanOrEqual(2);
});
