import { createHash } from 'node:crypto';

/** Nothing but the page's own script and style may run in it, named by their hashes, nothing may come from elsewhere, and its form leads here alone. */
export function contentSecurityPolicy(html: string): string {
  return [
    "default-src 'none'",
    // By a hash no module can be named that a script fetches.
    `script-src ${hashes(html, 'script')}${html.includes('/assets/later.js') ? " 'self'" : ''}`,
    `style-src ${hashes(html, 'style')}`,
    "img-src 'self' data:",
    "media-src 'self' blob: mediastream:",
    "connect-src 'self' ws: wss:",
    "manifest-src 'self'",
    "base-uri 'none'",
    `form-action ${html.includes('<form ') ? "'self'" : "'none'"}`,
  ].join('; ');
}

function hashes(html: string, element: string): string {
  const contents = [...html.matchAll(new RegExp(`<${element}>(.*?)</${element}>`, 'gs'))];
  const sources = contents.map(([, text = '']) => {
    return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  });
  return sources.join(' ') || "'none'";
}
