import { element } from './element.ts';

/** iPhones have full screen for videos alone, under this name. */
interface AppleVideo extends HTMLVideoElement {
  webkitEnterFullscreen?(): void;
}

/** Full screen by button, double click, and the function that is returned. */
export function setUpFullScreen(video: AppleVideo): () => void {
  const button = element('full-screen', HTMLButtonElement);
  const stage = element('stage', HTMLElement);

  function toggle(): void {
    if (document.fullscreenElement) void document.exitFullscreen();
    else if ('requestFullscreen' in document.documentElement) {
      document.documentElement.requestFullscreen().catch((error: unknown) => console.warn(error));
    } else video.webkitEnterFullscreen?.();
  }

  button.onclick = toggle;
  stage.ondblclick = toggle;
  document.addEventListener('fullscreenchange', () => {
    const full = Boolean(document.fullscreenElement);
    button.setAttribute('aria-pressed', String(full));
    button.title = full ? 'Leave full screen (f)' : 'Full screen (f)';
  });
  return toggle;
}
