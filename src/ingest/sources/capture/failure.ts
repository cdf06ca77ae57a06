import { type ErrorCode, MiroliveError } from '../../../contract/errors.ts';

const list = 'List what is there: mirolive devices';

/** What ffmpeg says of a device or a display, and what it means; the first that fits counts. */
const meanings: readonly {
  readonly words: RegExp;
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
}[] = [
  {
    words: /Cannot open display/,
    code: 'SOURCE_NOT_FOUND',
    message: 'there is no X display {name} that the user of the daemon may open',
    hint: 'Run the daemon as the user of the desktop, with its DISPLAY and XAUTHORITY; see: mirolive devices',
  },
  {
    words: /outside the screen size/,
    code: 'INVALID_REQUEST',
    message: 'the region is not on the screen {name}',
    hint: list,
  },
  {
    words: /Can't find window|Cannot get the image data/,
    code: 'SOURCE_NOT_FOUND',
    message: 'the window is not on the screen {name} any more, or hidden',
    hint: list,
  },
  {
    words: /Permission denied|Operation not permitted/,
    code: 'SOURCE_FORBIDDEN',
    message: '{name} may not be opened by the user of the daemon',
    hint: 'Put the user into the group, then start the daemon again: usermod -aG video,audio USER',
  },
  { words: /Device or resource busy/, code: 'SOURCE_BUSY', message: 'another program has {name}' },
  {
    words: /Inappropriate ioctl|Not a video capture device|does not support/,
    code: 'SOURCE_NOT_MEDIA',
    message: '{name} is no device that gives pictures or sound',
    hint: list,
  },
  {
    words: /No such (file|device|process|entity)|Connection refused|cannot open audio device/,
    code: 'SOURCE_NOT_FOUND',
    message: 'there is no device {name}',
    hint: list,
  },
];

/** ffmpeg's words about a device or a display as an error; null: they say nothing that is known. */
export function captureFailure(words: string, name: string): MiroliveError | null {
  const meaning = meanings.find((one) => one.words.test(words));
  if (!meaning) return null;
  const { code, message, hint } = meaning;
  return new MiroliveError(code, message.replace('{name}', name), {
    details: { path: name },
    ...(hint === undefined ? {} : { hint }),
  });
}
