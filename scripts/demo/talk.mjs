import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheRoot } from '../../native/mediasoup-worker/locate.mjs';

const seconds = 30;
const font = '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf';
/** Four chords, two seconds each: C, A minor, F, G; each voice in Hz, on an envelope that dies away. */
const chords = [
  [261.6, 329.6, 392],
  [220, 261.6, 329.6],
  [174.6, 220, 261.6],
  [196, 246.9, 293.7],
];
const voice = (hertz, index) => `eq(mod(floor(t/2),4),${index})*sin(2*PI*${hertz}*t)`;
const music = chords.flatMap((notes, index) => notes.map((hertz) => voice(hertz, index))).join('+');
const text = (words, size, x, y, alpha = 1) =>
  `drawtext=fontfile=${font}:text='${words}':fontsize=${size}:fontcolor=white@${alpha}:x=${x}:y=${y}`;

const args = [
  ...[
    '-f',
    'lavfi',
    '-i',
    `gradients=s=1280x720:r=30:d=${seconds}:c0=0x16324f:c1=0x7b2d8b:c2=0x0f7173:nb_colors=3:speed=0.02:seed=7`,
  ],
  ...['-f', 'lavfi', '-i', `aevalsrc=exprs='0.12*exp(-mod(t,0.5)*2.5)*(${music})':s=48000:d=${seconds}`],
  '-vf',
  [
    text('mirolive', 96, '(w-tw)/2', 210),
    text('the demo talk', 40, '(w-tw)/2', 330, 0.7),
    text('%{pts\\:hms}', 72, '(w-tw)/2', 430),
    "drawbox=x='mod(t*256,iw+160)-160':y=620:w=160:h=8:color=white@0.8:t=fill",
  ].join(','),
  ...[
    '-c:v',
    'libx264',
    '-preset',
    'veryfast',
    '-profile:v',
    'main',
    '-bf',
    '0',
    '-g',
    '30',
    '-pix_fmt',
    'yuv420p',
  ],
  ...[
    '-b:v',
    '2M',
    '-maxrate',
    '2M',
    '-bufsize',
    '2M',
    '-c:a',
    'aac',
    '-b:a',
    '128k',
    '-ac',
    '2',
    '-movflags',
    '+faststart',
  ],
];

/** The sample talk: a moving picture with a clock, and music; made once on this machine. Gives its path. */
export const makeTalk = async (say) => {
  const folder = join(cacheRoot(), 'demo');
  const recipe = createHash('sha256').update(JSON.stringify(args)).digest('hex').slice(0, 12);
  const path = join(folder, `talk-${recipe}.mp4`);
  if (existsSync(path)) return path;
  const startedAt = performance.now();
  await mkdir(folder, { recursive: true });
  const draft = join(folder, `${randomUUID()}.mp4`);
  try {
    await promisify(execFile)('ffmpeg', ['-hide_banner', '-nostdin', '-v', 'error', ...args, draft]);
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
  say(`✓ sample talk  ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  return path;
};
