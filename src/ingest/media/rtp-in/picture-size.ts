/** In pixels, as it is shown. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}
