import { expect, it } from 'vitest';
import { browserName } from '../../../src/daemon/viewers/browser-name.ts';

const webKit = 'AppleWebKit/537.36 (KHTML, like Gecko)';

it.each([
  {
    userAgent: `Mozilla/5.0 (Linux; Android 14; Pixel 8) ${webKit} Chrome/126.0.0.0 Mobile Safari/537.36`,
    name: 'Chrome 126 on Android',
  },
  {
    userAgent: `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webKit} Chrome/126.0.0.0 Safari/537.36 Edg/126.0.2592.56`,
    name: 'Edge 126 on Windows',
  },
  {
    userAgent: `Mozilla/5.0 (X11; Linux x86_64) ${webKit} HeadlessChrome/140.0.0.0 Safari/537.36`,
    name: 'Chrome 140 on Linux',
  },
  {
    userAgent: `Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${webKit} Chrome/125.0.0.0 Safari/537.36`,
    name: 'Chrome 125 on ChromeOS',
  },
  {
    userAgent:
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
    name: 'Safari 17 on iPhone',
  },
  {
    userAgent:
      'Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/126.0.6478.54 Mobile/15E148 Safari/604.1',
    name: 'Chrome 126 on iPad',
  },
  {
    userAgent: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:127.0) Gecko/20100101 Firefox/127.0',
    name: 'Firefox 127 on macOS',
  },
  {
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
    name: 'Firefox 128 on Linux',
  },
  { userAgent: 'GStreamer souphttpsrc 1.22.0 libsoup/2.74.3', name: 'GStreamer 1.22' },
  { userAgent: 'Lavf/60.16.100', name: 'ffmpeg 60' },
  { userAgent: 'Python-urllib/3.11', name: null },
  { userAgent: '', name: null },
  { userAgent: `${'('.repeat(300)}`, name: null },
])('$userAgent is $name', ({ userAgent, name }) => {
  expect(browserName(userAgent)).toBe(name);
});
