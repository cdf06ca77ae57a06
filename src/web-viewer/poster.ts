import { element } from './element.ts';

/** The still that stands for the picture until that moves. */
export interface Poster {
  /** It is there, and can be shown. */
  readonly isReady: boolean;
  /** Puts it into the page, behind the picture. @param onReady it can be shown */
  place(onReady: () => void): void;
  /** Nobody is to see it any more. */
  remove(): void;
}

/** Asks for the still of a room, where the page says that there is one: before there is anything of the page to put it in. */
export function loadPoster(room: string): Poster {
  const image = new Image();
  let isReady = false;
  let isGone = !('poster' in document.documentElement.dataset);
  if (!isGone) {
    image.fetchPriority = 'high';
    image.src = `/poster/${encodeURIComponent(room)}`;
  }
  return {
    get isReady() {
      return isReady && !isGone;
    },
    place(onReady) {
      if (isGone) return;
      image.id = 'poster';
      image.alt = '';
      element('stage', HTMLElement).prepend(image);
      image.decode().then(
        () => {
          isReady = true;
          if (!isGone) onReady();
        },
        // There is none any more: the card is there.
        () => image.remove(),
      );
    },
    remove() {
      isGone = true;
      image.remove();
    },
  };
}
