/** So long after the last movement the controls fade from the picture, in ms. */
const idleAfterMs = 3000;

/**
 * Sets `data-idle` on the root element while nobody moves, touches or types.
 * @returns shows the controls anew, as if somebody had moved
 */
export function setUpActivity(): () => void {
  const root = document.documentElement;
  let timer: ReturnType<typeof setTimeout>;
  function touch(): void {
    delete root.dataset.idle;
    clearTimeout(timer);
    timer = setTimeout(() => {
      root.dataset.idle = '';
    }, idleAfterMs);
  }
  for (const name of ['pointermove', 'pointerdown', 'keydown', 'focusin']) {
    document.addEventListener(name, touch, { passive: true });
  }
  touch();
  return touch;
}
