/** What a session keeps for placement: where the graph stood, and the mesh of the source. */
import type { Block } from '../../ir/index.ts';

/** A position in the graph being traced. */
export interface GraphMark {
  readonly block: Block;
  readonly position: number;
}

/** A mesh of devices with named axes, as `Layout(device_matrix, alias_name)` gives it. */
export interface NamedMesh {
  readonly axes: readonly string[];
  readonly sizes: readonly number[];
}
