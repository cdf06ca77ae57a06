/** The largest picture that is asked for, in pixels. */
const most = { width: 1920, height: 1080 };

/**
 * Options of ffmpeg for a camera, by what `ffmpeg -f v4l2 -list_formats all` says of it: the largest picture up to 1080p,
 * as motion JPEG where it has that, since USB carries few large pictures a second as they are.
 */
export function cameraFormat(listing: string): string[] {
  const formats = listing.split('\n').flatMap((line) => {
    const [, kind, name, sizes] = /\] (Raw|Compressed) *: +(\S+) : .* : (.*)$/.exec(line) ?? [];
    return name === undefined || sizes === undefined ? [] : [{ kind, name, sizes }];
  });
  const chosen = formats.find(({ name }) => name === 'mjpeg') ?? formats.find(({ kind }) => kind === 'Raw');
  if (!chosen) return [];
  const size = largest(chosen.sizes);
  return ['-input_format', chosen.name, ...(size === null ? [] : ['-video_size', size])];
}

/** Of `640x480 1280x720`, or of all in `{32-4096, 2}x{32-4096, 2}`. */
function largest(sizes: string): string | null {
  const [, width, height] = /\{\d+-(\d+), \d+\}x\{\d+-(\d+), \d+\}/.exec(sizes) ?? [];
  if (width !== undefined && height !== undefined) {
    return `${Math.min(Number(width), most.width)}x${Math.min(Number(height), most.height)}`;
  }
  const fitting = [...sizes.matchAll(/(\d+)x(\d+)/g)]
    .map(([, w, h]) => ({ width: Number(w), height: Number(h) }))
    .filter((size) => size.width <= most.width && size.height <= most.height)
    .toSorted((a, b) => b.width * b.height - a.width * a.height);
  return fitting[0] ? `${fitting[0].width}x${fitting[0].height}` : null;
}
