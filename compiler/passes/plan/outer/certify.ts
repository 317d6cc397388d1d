/** Certificates of the exact searches inside layers: HiGHS solves the same problem again and gives its own bound. */
import type { Cluster } from '../../../../runtime/target/index.ts';
import { blockGraphOf } from '../intra/index.ts';
import { certifyChoice, solveChoice } from '../search/index.ts';
import type { DescribedNetwork } from './describe.ts';
import { layerProblems } from './layer-plans.ts';

export interface LayerCertificate {
  readonly name: string;
  /** Seconds of both sweeps that the exact search found, and that HiGHS proves to be least. */
  readonly found: number;
  readonly bound: number;
  /** (found - bound) / found. */
  readonly gap: number;
  /** Why HiGHS was not asked, or null. */
  readonly refused: string | null;
}

/** One certificate for each kind of layer on a group of `tensor` devices. */
export async function certifyLayers(
  described: DescribedNetwork,
  tensor: number,
  cluster: Cluster,
  seconds: number,
): Promise<readonly LayerCertificate[]> {
  const certificates: LayerCertificate[] = [];
  for (const layer of layerProblems(described, tensor, cluster)) {
    if (layer === null) continue;
    const { problem } = blockGraphOf(layer.operations, layer.mesh, layer.costs, layer.options);
    const known = solveChoice(problem);
    const proved = await certifyChoice(problem, known, { seconds });
    const refused = 'refused' in proved ? proved.refused : null;
    const { cost: found, bound } = 'refused' in proved ? known : proved;
    certificates.push({ name: layer.name, found, bound, gap: found > 0 ? (found - bound) / found : 0, refused });
  }
  return certificates;
}
