import { systemClock } from '../../contract/clock.ts';
import type { Source } from '../../contract/models.ts';
import { filterText } from '../process/slate/filter-text.ts';
import { type Input, plainInput } from './input.ts';

type TestSource = Extract<Source, { kind: 'test' }>;

const size = '1280x720';
const rate = 30;
const font = 'DejaVu Sans';

/**
 * A picture and a tone that ffmpeg makes up, at the pace of the clock. The tone is ffmpeg's sine, at the level that
 * broadcasters line up to (-18 dBFS, EBU R 68).
 */
export function testInput(source: TestSource, now = new Date(systemClock.wallMs())): Input {
  const tone =
    source.pattern === 'black'
      ? 'anullsrc=r=48000:cl=mono:n=960'
      : 'sine=f=1000:r=48000:samples_per_frame=960';
  const picture = [...pictures[source.pattern](now), ...label(source.label)].join(',');
  const graph = `${picture}[out0];${tone}[out1]`;
  return plainInput([{ options: ['-f', 'lavfi'], location: graph }], { live: true });
}

const pictures: Readonly<Record<TestSource['pattern'], (now: Date) => string[]>> = {
  bars: () => [`smptehdbars=s=${size}:r=${rate}`, 'realtime'],
  motion: () => [`testsrc2=s=${size}:r=${rate}`, 'realtime'],
  black: () => [`color=c=black:s=${size}:r=${rate}`, 'realtime'],
  // What is shown is a picture's time, so it is made the time of day for as long as it takes to draw it.
  clock: (now) => [
    ...[`color=c=0x0d111b:s=${size}:r=${rate}`, 'realtime'],
    ...['settb=1/1000', `setpts='mod(time(0)+${-60 * now.getTimezoneOffset()}+86400,86400)*1000'`],
    `drawtext=font=${font}:text='%{pts\\:hms}':fontsize=130:fontcolor=white:x=(w-text_w)/2:y=(h-text_h)/2`,
    ...[`settb=1/${rate}`, 'setpts=N'],
  ],
};

/** Text at the foot of the picture, whatever is in it. */
function label(text: string): string[] {
  const words = text.replace(/\s+/g, ' ').replace(/\p{C}/gu, '').trim();
  if (words === '') return [];
  const look = 'fontsize=40:fontcolor=white:box=1:boxcolor=black@0.7:boxborderw=16';
  return [`drawtext=font=${font}:expansion=none:text=${filterText(words)}:${look}:x=(w-text_w)/2:y=h-90`];
}
