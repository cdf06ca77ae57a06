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
    if (document.fullscreenElement !== null && document.fullscreenElement !== undefined) {
      void document.exitFullscreen();
    } else if ('requestFullscreen' in document.documentElement) {
      document.documentElement.requestFullscreen().catch((error: unknown) => console.warn(error));
    } else video.webkitEnterFullscreen?.();
  }

  button.addEventListener('click', toggle);
  stage.addEventListener('dblclick', toggle);
  document.addEventListener('fullscreenchange', () => {
    const full = document.fullscreenElement !== null;
    button.setAttribute('aria-pressed', String(full));
    button.title = full ? 'Leave full screen (f)' : 'Full screen (f)';
  });
  return toggle;
}
