import { expect, test } from 'vitest';
import { starterWords } from '../../../src/cli/words/starter-words.ts';
import type { Starter } from '../../../src/contract/starter.ts';

const systemd: Starter = { kind: 'systemd', unit: 'mirolive.service', scope: 'system', enabled: true };

test.each<{ starter: Starter; words: string; next: RegExp | null; restart: string }>([
  {
    starter: systemd,
    words: 'systemd starts it again (mirolive.service), also after a reboot',
    ...{ next: null, restart: 'systemctl restart mirolive.service' },
  },
  {
    starter: { ...systemd, enabled: false },
    words: 'systemd starts it again (mirolive.service), but not after a reboot',
    ...{ next: /^systemctl enable mirolive\.service$/, restart: 'systemctl restart mirolive.service' },
  },
  {
    starter: { kind: 'supervisor', pid: 40 },
    words: 'mirolive daemon --supervise (pid 40) starts it again; after a reboot only what starts that',
    next: null,
    restart: 'kill 73, and when it has ended: mirolive daemon --supervise --background',
  },
  {
    starter: { kind: 'hand' },
    words: 'it was started by hand: nobody starts it again when it dies, nor after a reboot',
    next: /^a service of systemd/,
    restart: 'kill 73, and when it has ended: mirolive daemon --background',
  },
])('$words', ({ starter, words, next, restart }) => {
  const said = starterWords(starter, 73);
  expect(said).toMatchObject({ words, restart });
  if (next === null) expect(said.next).toBeNull();
  else expect(said.next).toMatch(next);
});
