import type { NewDeclared } from './declared.ts';

/** A playlist that is in a file of its own, and how it is played. */
export interface PlaylistFile {
  readonly kind: 'playlistFile';
  readonly path: string;
  readonly loop: boolean;
  readonly shuffle: boolean;
}

/** What is to be on air, as the file says it. */
export interface FileBroadcast
  extends Pick<NonNullable<NewDeclared['broadcasts']>[string], 'name' | 'renditions'> {
  readonly source: NonNullable<NewDeclared['broadcasts']>[string]['source'] | PlaylistFile;
}
