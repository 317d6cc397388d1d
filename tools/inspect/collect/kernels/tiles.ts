/** What lowering chose for a kernel, from the scheduled module. */
import { type Module, stringOf } from '../../../../compiler/ir/index.ts';
import { isKernel, kernelStructure } from '../../../../compiler/backend-ascend/index.ts';
import { instructionByMnemonic } from '../../../../runtime/isa/index.ts';
import type { TileFacts } from '../../report/index.ts';

/** Tiles by kernel name. */
export function tilesOf(module: Module | null): ReadonlyMap<string, TileFacts> {
  const kernels = module?.body.operations.filter(isKernel) ?? [];
  return new Map(
    kernels.map((kernel): [string, TileFacts] => {
      const structure = kernelStructure(kernel, instructionByMnemonic);
      const counts = new Map<string, number>();
      const buffers = structure.buffers.map(({ op: _, address, ...buffer }) => {
        const number = counts.get(buffer.space) ?? 0;
        counts.set(buffer.space, number + 1);
        return { name: `${buffer.space}.${number}`, ...buffer, address: address ?? 0 };
      });
      return [stringOf(kernel.attributes, 'sym_name'), { ...structure, buffers }];
    }),
  );
}
