import { MiroliveError } from '../../../contract/errors.ts';
import type { InputPart } from '../input.ts';

/**
 * ALSA's names that only open a device: others run programs and write files (`file`, `tee`), as the user of the daemon
 * (https://www.alsa-project.org/alsa-doc/alsa-lib/pcm_plugins.html).
 */
const alsaName = /^(default|pulse|pipewire|(sysdefault|hw|plughw|dsnoop|front):[\w=,]{1,64})$/;
const pulseName = /^[\w.:@-]{1,200}$/;

/**
 * A sound device as ffmpeg opens it.
 *
 * @param device `alsa:default`, `alsa:hw:0,0`, `pulse:default` or `pulse:SOURCE`
 * @throws MiroliveError INVALID_REQUEST
 */
export function soundPart(device: string): InputPart {
  const [, system = '', name = ''] = /^(alsa|pulse):(.*)$/s.exec(device) ?? [];
  const known = system === 'alsa' ? alsaName : pulseName;
  if (system !== '' && known.test(name)) return { options: ['-f', system], location: name };
  throw new MiroliveError(
    'INVALID_REQUEST',
    `expected a sound device such as alsa:default, alsa:hw:0,0 or pulse:default, got ${JSON.stringify(device)}`,
    { hint: 'List what is there: mirolive devices' },
  );
}
