/** The mesh of a plan: its axes, and how they lie in servers. */
import type { Configuration, PlanRequest } from '../../../../compiler/passes/plan/index.ts';
import { stridedShape, type Cluster } from '../../../../runtime/target/index.ts';
import type { MeshAxis } from '../../report/index.ts';

/** Axes from the outermost: stages, copies of the batch, parts of a sequence, parts of tensors. */
export function meshOfPlan({ cluster }: PlanRequest, plan: Configuration): readonly MeshAxis[] {
  const { tensor, context, data, pipeline } = plan;
  const axis = (name: string, size: number, stride: number, meaning: string): MeshAxis => ({
    ...{ name, size, stride, meaning },
    spans: spansOf(size, stride, cluster),
  });
  return [
    axis('pp', pipeline, data * context * tensor, 'stages of the pipeline'),
    axis('dp', data, context * tensor, 'copies that train parts of the batch'),
    axis('cp', context, tensor, 'parts of a sequence'),
    axis('mp', tensor, 1, 'parts of tensors'),
  ];
}

function spansOf(size: number, stride: number, cluster: Cluster): string {
  const { ranks } = stridedShape(size, stride, cluster);
  const parts = cluster.levels.flatMap(({ name }, level) =>
    (ranks[level] ?? 1) > 1 ? [`${name} × ${ranks[level]}`] : [],
  );
  return parts.join(', ');
}
