/** A plan written into the IR as the partitioner reads it: `dist.in` and `dist.out` on operations, `dist.mesh` on the module. */
import type { Attribute, Module } from '../../../ir/index.ts';
import { arrayAttribute, integerAttribute, stringAttribute } from '../../../ir/index.ts';
import type { Layout, Mesh } from '../../shard/index.ts';
import { withoutPartial } from '../../shard/index.ts';
import type { LayerPlan } from './plan.ts';

/** Writes the choices of a plan on its operations, and the mesh on the module. */
export function annotate(module: Module, mesh: Mesh, plan: LayerPlan): void {
  module.attributes = new Map([...module.attributes, ['dist.mesh', meshAttribute(mesh)]]);
  for (const { operation, operands, results } of plan.choices) {
    const entries: [string, Attribute][] = [];
    if (operation.operands.length > 0) entries.push(['dist.in', arrayAttribute(operands.map(layoutAttribute))]);
    if (operation.results.length > 0)
      entries.push(['dist.out', arrayAttribute(results.map((layout) => layoutAttribute(withoutPartial(layout))))]);
    operation.attributes = new Map([...operation.attributes, ...entries]);
  }
}

/** `[["dp"], []]`: the axes of each dimension. */
const layoutAttribute = (layout: Layout): Attribute =>
  arrayAttribute(layout.dimensions.map((axes) => arrayAttribute(axes.map(stringAttribute))));

const meshAttribute = (mesh: Mesh): Attribute => ({
  kind: 'dictionary',
  entries: new Map([
    ['axes', arrayAttribute(mesh.axes.map(stringAttribute))],
    ['sizes', arrayAttribute(mesh.sizes.map((size) => integerAttribute(size)))],
  ]),
});
