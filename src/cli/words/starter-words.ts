import type { Starter } from '../../contract/starter.ts';
import { printable } from './format.ts';

/** Who starts a daemon again, in words. */
export interface StarterWords {
  readonly words: string;
  /** What to do, so that it is there again after a reboot of the machine; null: it is, as far as is known. */
  readonly next: string | null;
  /** How it is started anew now. */
  readonly restart: string;
}

/** @param pid of the daemon */
export function starterWords(starter: Starter, pid: number): StarterWords {
  switch (starter.kind) {
    case 'systemd': {
      const unit = printable(starter.unit);
      const systemctl = starter.scope === 'user' ? 'systemctl --user' : 'systemctl';
      const when = { true: ', also after a reboot', false: ', but not after a reboot', null: '' };
      return {
        words: `systemd starts it again (${starter.scope === 'user' ? "a user's " : ''}${unit})${when[`${starter.enabled}`]}`,
        next: starter.enabled === false ? `systemctl enable ${unit}` : null,
        restart: `${systemctl} restart ${unit}`,
      };
    }
    case 'supervisor':
      return {
        words: `mirolive daemon --supervise (pid ${starter.pid}) starts it again; after a reboot only what starts that`,
        next: null,
        restart: `kill ${pid}, and when it has ended: mirolive daemon --supervise --background`,
      };
    case 'container':
      return {
        words: 'the engine of its container starts it again, where its restart policy says so',
        next: null,
        restart: 'podman restart or docker restart, with the name of its container',
      };
    case 'hand':
      return {
        words: 'it was started by hand: nobody starts it again when it dies, nor after a reboot',
        next: 'a service of systemd, as docs/operations/service.md has it; or, until the next reboot: mirolive daemon --supervise --background',
        restart: `kill ${pid}, and when it has ended: mirolive daemon --background`,
      };
  }
}
