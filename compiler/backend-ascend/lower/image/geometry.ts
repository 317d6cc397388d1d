/** The extents of an operation that slides windows over NC1HWC0 maps. */
export interface WindowGeometry {
  readonly images: number;
  readonly height: number;
  readonly width: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly kernel: readonly [height: number, width: number];
  readonly strides: readonly [height: number, width: number];
  readonly dilations: readonly [height: number, width: number];
  readonly padTop: number;
  readonly padBottom: number;
  readonly padLeft: number;
  readonly padRight: number;
  readonly bias: boolean;
  readonly relu: boolean;
}
