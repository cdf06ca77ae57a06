/** What a player calls itself, and by which word of its user agent it is known: those first that claim to be the others as well. */
const players: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['Edge', /\b(?:EdgA?|EdgiOS)\/(\d+)/],
  ['Opera', /\bOPR\/(\d+)/],
  ['Samsung Internet', /\bSamsungBrowser\/(\d+)/],
  ['Vivaldi', /\bVivaldi\/(\d+)/],
  ['Firefox', /\b(?:Firefox|FxiOS)\/(\d+)/],
  ['Chrome', /\b(?:Chrome|HeadlessChrome|CriOS)\/(\d+)/],
  ['Safari', /\bVersion\/(\d+)[\d.]*(?: Mobile\/\w+)? Safari\//],
  ['OBS', /\bOBS(?:-Studio|Studio)?\/(\d+(?:\.\d+)?)/i],
  ['VLC', /\bVLC\/(\d+)/],
  ['GStreamer', /\bGStreamer(?: \w+)?[ /](\d+(?:\.\d+)?)/i],
  ['ffmpeg', /^Lavf\/(\d+)/],
];
const systems: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['Android', /\bAndroid\b/],
  ['iPhone', /\biPhone\b/],
  ['iPad', /\biPad\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['Windows', /\bWindows\b/],
  ['macOS', /\bMac OS X\b/],
  ['Linux', /\bLinux\b/],
];

/** A user agent in words, such as `Chrome 126 on Android`; null: it is of nothing that is known here. Whoever likes may send another's. */
export function browserName(userAgent: string): string | null {
  for (const [name, pattern] of players) {
    const version = pattern.exec(userAgent)?.[1];
    if (version === undefined) continue;
    const system = systems.find(([, word]) => word.test(userAgent));
    return system ? `${name} ${version} on ${system[0]}` : `${name} ${version}`;
  }
  return null;
}
