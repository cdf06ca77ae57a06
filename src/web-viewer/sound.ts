import { element } from './element.ts';
import type { Player } from './player.ts';

/** The sound's switches: the large prompt, the small button, the volume. */
export interface Sound {
  toggle(): void;
  /** A step up; it also turns the sound on. */
  louder(): void;
  softer(): void;
  /** Whether what plays has sound; the switches are there only then. */
  setAvailable(available: boolean): void;
  /** The browser wants a tap before anything plays. */
  setBlocked(blocked: boolean): void;
}

/** Volume that sound starts with when it had been turned down to nothing. */
const audibleVolume = 0.5;
const volumeStep = 0.1;

/** Wires the switches to the player; the picture starts muted, since browsers play nothing else unasked. */
export function setUpSound(player: Player): Sound {
  const { video } = player;
  const prompt = element('sound-prompt', HTMLButtonElement);
  const promptText = element('sound-prompt-text', HTMLElement);
  const button = element('mute', HTMLButtonElement);
  const slider = element('volume', HTMLInputElement);
  let available = false;
  let blocked = false;

  function draw(): void {
    const silent = video.muted || video.volume === 0;
    prompt.hidden = !blocked && !(available && silent);
    promptText.textContent = available ? 'Tap for sound' : 'Tap to play';
    button.hidden = slider.hidden = !available;
    button.setAttribute('aria-pressed', String(!silent));
    button.title = silent ? 'Sound on (m)' : 'Sound off (m)';
    slider.value = String(silent ? 0 : Math.round(video.volume * 100));
    slider.style.setProperty('--value', `${slider.value}%`);
  }

  function setVolume(volume: number): void {
    video.volume = Math.min(1, Math.max(0, volume));
    video.muted = video.volume === 0;
    player.play();
  }

  function toggle(): void {
    if (video.muted || video.volume === 0) setVolume(video.volume || audibleVolume);
    else video.muted = true;
  }

  prompt.onclick = () => {
    toggle();
    // The prompt goes away: the focus moves to the switch that does the same.
    button.focus({ preventScroll: true });
  };
  button.onclick = toggle;
  slider.oninput = () => setVolume(slider.valueAsNumber / 100);
  video.onvolumechange = draw;
  draw();
  return {
    toggle,
    louder: () => setVolume((video.muted ? 0 : video.volume) + volumeStep),
    softer: () => setVolume((video.muted ? 0 : video.volume) - volumeStep),
    setAvailable(value) {
      available = value;
      draw();
    },
    setBlocked(value) {
      blocked = value;
      draw();
    },
  };
}
