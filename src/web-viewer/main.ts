import type { Self, SignallingVersion } from '../contract/signalling.ts';
import { setUpActivity } from './activity.ts';
import { browserId } from './browser-id.ts';
import { Connection } from './connection.ts';
import { setUpCountdown } from './countdown.ts';
import { element } from './element.ts';
import { fetchLater } from './fetch-later.ts';
import { setUpFullScreen } from './full-screen.ts';
import type { Hand } from './hand.ts';
import { kept } from './kept.ts';
import { keepHere, keptHere } from './kept-here.ts';
import { setUpKeyboard } from './keyboard.ts';
import { setUpMeter } from './meter.ts';
import { setUpNotice } from './notice.ts';
import { passKey } from './pass.ts';
import { createPlayer } from './player.ts';
import { takePoster } from './poster.ts';
import { setUpQualityMenu } from './quality-menu.ts';
import { initialSession, keepsPicture, playingRendition, type Session } from './session.ts';
import { setUpSound } from './sound.ts';
import { setUpStatisticsPanel } from './statistics-panel.ts';
import { setUpStatus } from './status.ts';
import { viewOf } from './view.ts';

const version: SignallingVersion = 2;
const room = location.pathname.slice(1);
// A room for guests lets in who has a pass. Another tab may get another meanwhile.
const pass = kept(passKey(room));
// A tab that is loaded anew is the viewer that it was; one that is opened beside it is another.
const ticketKey = `mirolive-ticket-${room}`;
let ticket = keptHere(ticketKey);
keepHere(ticketKey, '');
const url = `${location.protocol.replace('http', 'ws')}//${location.host}/ws${location.pathname}?browser=${browserId()}&v=${version}`;

// It needs nothing of the page, and takes as long as the page does: so it begins first.
const connection = Connection.open(
  () => new WebSocket(url, ['mirolive', pass, ticket].filter(Boolean)),
  document.documentElement.dataset.poster ?? null,
);
document.addEventListener('DOMContentLoaded', showRoom);

function showRoom(): void {
  const player = createPlayer({
    onBlocked: (blocked) => sound.setBlocked(blocked),
    onPicture: () => connection.started(),
  });
  const sound = setUpSound(player);
  const toggleFullScreen = setUpFullScreen(player.video);
  const showQuality = setUpQualityMenu((name) => connection.choose(name));
  const statistics = setUpStatisticsPanel();
  const meter = setUpMeter(() => connection.level());
  const showControls = setUpActivity();
  const showStatus = setUpStatus(room);
  const showCountdown = setUpCountdown();
  const showNotice = setUpNotice(() => connection.readLine());
  const comeBack = element('come-back', HTMLButtonElement);
  comeBack.onclick = () => connection.comeBack();
  const poster = takePoster(() => show(session));
  let session = initialSession;
  let hasPicture = false;
  let hand: Promise<Hand> | undefined;

  function show(next: Session): void {
    const { phase } = next;
    // Where no media has come through yet, what a browser shows is black.
    const hasStill = keepsPicture(phase) && next.played && player.freeze();
    if (phase !== session.phase) {
      showControls();
      if (phase === 'playing') {
        player.thaw();
        player.afterPicture(poster.remove);
      } else if (!keepsPicture(phase)) player.clear();
    }
    meter.setRunning(phase === 'playing' && !hasPicture);
    if (phase !== 'playing' && next.still === null) poster.remove();
    session = next;
    showNotice(next.line);
    ticket = next.self?.ticket ?? ticket;
    showHand(next.self);
    comeBack.hidden = phase !== 'kicked';
    if (phase === 'uninvited') location.replace(`/enter/${room}#${pass}`);
    showQuality(next);
    showCountdown(phase === 'waiting' || phase === 'ended' ? next.next : null);
    showStatus(next, viewOf(next, hasPicture, hasStill, poster.isThere));
  }

  /** The code for it comes where hands are raised. */
  function showHand(self: Self | null): void {
    if (self === null || (!hand && !self.hands)) return;
    hand ??= fetchLater().then(({ setUpHand }) => setUpHand(connection.send));
    hand.then(
      (there) => there.show(self),
      () => {
        hand = undefined;
      },
    );
  }

  connection.tell({
    onSession: show,
    onTracks(tracks) {
      hasPicture = tracks.video !== null;
      player.setTracks(tracks);
      sound.setAvailable(tracks.audio !== null);
      // A picture may come to a sound that plays, and go again.
      if (session.phase === 'playing') show(session);
    },
    onAnswer: (answer) => void hand?.then((there) => there.hear(answer)),
    onStatistics: (figures) => void statistics.show(figures, playingRendition(session)),
  });

  setUpKeyboard({
    f: toggleFullScreen,
    h: () => void hand?.then((there) => there.toggle()),
    m: sound.toggle,
    '?': statistics.toggle,
    Escape: statistics.close,
    ArrowUp: sound.louder,
    ArrowDown: sound.softer,
  });
  addEventListener('online', () => connection.wake());
  addEventListener('pagehide', () => keepHere(ticketKey, ticket));
  addEventListener('pageshow', ({ persisted }) => {
    keepHere(ticketKey, '');
    if (persisted) connection.wake();
  });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') connection.wake();
  });
}
