/** The still that stands for the picture until that moves. */
export interface Poster {
  /** It is on the page, or about to be. */
  readonly isThere: boolean;
  /** Nobody is to see it any more. */
  remove(): void;
}

/**
 * Takes possession of the still that came with the page, where one did.
 *
 * @param onFailed there is none any more: something else is to be shown
 */
export function takePoster(onFailed: () => void): Poster {
  const image = document.getElementById('poster');
  image?.addEventListener('error', () => {
    image.remove();
    onFailed();
  });
  // It may have failed before anybody heard of it.
  if (image instanceof HTMLImageElement && image.complete && image.naturalWidth === 0) image.remove();
  return {
    get isThere() {
      return image?.isConnected ?? false;
    },
    remove: () => image?.remove(),
  };
}
