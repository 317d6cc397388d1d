/** What the page and the worker that lays graphs out say to each other. Lengths are CSS pixels at scale 1. */

export interface LayoutRequest {
  /** Width and height of each box. */
  readonly sizes: readonly number[];
  /** From and to of each edge, as indices of boxes. */
  readonly edges: readonly number[];
}

export interface LayoutResult {
  readonly width: number;
  readonly height: number;
  /** x and y of the middle of each box. */
  readonly middles: readonly number[];
  /** x and y of the points of each edge, from its source to its target. */
  readonly points: readonly (readonly number[])[];
}

export interface LayoutMessage extends LayoutRequest {
  readonly id: number;
}

export interface LayoutReply {
  readonly id: number;
  readonly result: LayoutResult;
}
