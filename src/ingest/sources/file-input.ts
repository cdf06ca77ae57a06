import { only } from './containers.ts';
import { type Input, type InputPart, plainInput } from './input.ts';

/** A file as ffmpeg names it: with its protocol, so that no name can be taken for another one or for an option. */
export function fileLocation(path: string): string {
  return `file:${path}`;
}

/** A local file and nothing that it refers to. */
export function filePart(path: string): InputPart {
  return { options: only(['file']), location: fileLocation(path) };
}

/** The same, opened. */
export function fileInput(path: string): Input {
  return plainInput([filePart(path)], { live: false });
}
