const pictureEndings = ['gif', 'jpeg', 'jpg', 'png', 'webp'];
/** Endings of files that are played, as people and programs name them: video, sound, pictures. */
const endings = [
  ...[
    '3g2',
    '3gp',
    'asf',
    'avi',
    'dv',
    'f4v',
    'flv',
    'h264',
    'hevc',
    'ivf',
    'm2t',
    'm2ts',
    'm2v',
    'm4v',
    'mkv',
  ],
  ...[
    'mov',
    'mp4',
    'mpeg',
    'mpg',
    'mts',
    'mxf',
    'nut',
    'ogm',
    'ogv',
    'rm',
    'rmvb',
    'ts',
    'vob',
    'webm',
    'wmv',
  ],
  ...[
    'aac',
    'ac3',
    'aif',
    'aiff',
    'eac3',
    'flac',
    'm4a',
    'mka',
    'mp2',
    'mp3',
    'oga',
    'ogg',
    'opus',
    'wav',
    'wma',
  ],
  ...pictureEndings,
];
const pictureEnding = new RegExp(`\\.(?:${pictureEndings.join('|')})$`, 'i');
const ending = new RegExp(`[^.].*\\.(?:${endings.join('|')})$`, 'is');

/** Whether a name in a folder is one of media: by its ending, and not hidden. */
export function isMediaName(name: string): boolean {
  return !name.startsWith('.') && ending.test(name);
}

/** Whether a file is a picture, as far as its name says. */
export function isPictureName(name: string): boolean {
  return pictureEnding.test(name);
}
