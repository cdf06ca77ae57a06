import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Devices, maxListed } from '../../../contract/devices.ts';
import { asMiroliveError } from '../../../contract/errors.ts';
import { runProgram } from './program.ts';
import { contentsOf } from './screen-input.ts';

type Device = Devices['cameras'][number];

/** Where the kernel and X tell of what is there; tests have folders of their own. */
export interface DevicePlaces {
  readonly cameras: string;
  readonly soundCards: string;
  readonly displays: string;
}

const systemPlaces: DevicePlaces = {
  cameras: '/sys/class/video4linux',
  soundCards: '/proc/asound/pcm',
  displays: '/tmp/.X11-unix',
};

/** What this machine can put on air of its own; what cannot be looked for is noted. */
export async function listDevices(ffmpeg: string, places: DevicePlaces = systemPlaces): Promise<Devices> {
  const [cameras, cards, pulse, screens] = await Promise.all([
    camerasIn(places.cameras),
    readFile(places.soundCards, 'utf8').catch(() => ''),
    runProgram(ffmpeg, ['-hide_banner', '-sources', 'pulse'], { debianPackage: 'ffmpeg' }),
    displaysIn(places.displays),
  ]);
  const sounds = [...readSoundCards(cards), ...readPulseSources(pulse.stdout)];
  const first = <T>(all: readonly T[]) => all.slice(0, maxListed);
  return {
    ...{ cameras: first(cameras), sounds: first(sounds), displays: first(screens.displays) },
    ...{ windows: first(screens.windows), notes: first(screens.notes) },
  };
}

/** The first of a camera's devices gives its pictures; others tell about them. */
async function camerasIn(folder: string): Promise<Device[]> {
  const names = await readdir(folder).catch(() => []);
  const found = names.map(async (name) => {
    const read = (file: string) => readFile(join(folder, name, file), 'utf8').catch(() => '');
    const [model, index] = await Promise.all([read('name'), read('index')]);
    return index.trim() === '0' ? [{ device: `/dev/${name}`, name: model.trim() }] : [];
  });
  return (await Promise.all(found)).flat().toSorted(byNumber);
}

function byNumber(a: Device, b: Device): number {
  return a.device.localeCompare(b.device, 'en', { numeric: true });
}

/** Lines such as `00-02: ALC892 Alt Analog : ALC892 Alt Analog : capture 1` (the kernel's Documentation/sound/designs/procfile). */
export function readSoundCards(text: string): Device[] {
  return text.split('\n').flatMap((line) => {
    const [, card, number, name] = /^(\d+)-(\d+): (.*?) : .*\bcapture \d/.exec(line) ?? [];
    return name === undefined ? [] : [{ device: `alsa:hw:${Number(card)},${Number(number)}`, name }];
  });
}

/** What `ffmpeg -sources pulse` writes: `* alsa_input.usb-1 [Microphone] (none)`. */
export function readPulseSources(text: string): Device[] {
  return text.split('\n').flatMap((line) => {
    const [, id, name] = /^[ *] (\S+) \[(.*)\]/.exec(line) ?? [];
    return id === undefined || name === undefined ? [] : [{ device: `pulse:${id}`, name }];
  });
}

/** Displays by their sockets, with what is on them. */
async function displaysIn(folder: string): Promise<Pick<Devices, 'displays' | 'windows' | 'notes'>> {
  const names = await readdir(folder).catch(() => []);
  const found = { displays: [], windows: [], notes: [] } as Pick<Devices, 'displays' | 'windows' | 'notes'>;
  const numbers = names.flatMap((name) => /^X(\d{1,5})$/.exec(name)?.[1] ?? []).map(Number);
  const look = async (number: number) => {
    try {
      const { width, height, windows } = await contentsOf(`:${number}`);
      found.displays.push({ display: `:${number}`, width, height });
      found.windows.push(...windows);
    } catch (error) {
      const { code, message, hint } = asMiroliveError(error);
      // It may well be there.
      if (code === 'PROGRAM_NOT_FOUND')
        found.displays.push({ display: `:${number}`, width: null, height: null });
      found.notes.push(`${message}. ${hint}`);
    }
  };
  await Promise.all(numbers.map(look));
  const byDisplay = (a: { display: string }, b: { display: string }) =>
    Number(a.display.slice(1)) - Number(b.display.slice(1));
  return { ...found, displays: found.displays.sort(byDisplay), windows: found.windows.sort(byDisplay) };
}
