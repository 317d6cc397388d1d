/** What a step touches in GM. */
import { tensorDtypeBytes, type TensorDtype } from './tensor.ts';
import type { Communication, Extent, Step } from './step.ts';

/** Elements of the result of a communication on one rank; 0 for a send. */
export function resultElements(step: Communication): number {
  if (step.kind !== 'collective') return step.kind === 'receive' ? step.elements : 0;
  if (step.operation === 'all_gather') return step.elements * step.group.length;
  return step.operation === 'reduce_scatter' ? step.elements / step.group.length : step.elements;
}

const extent = (address: number, elements: number, dtype: TensorDtype): Extent => ({
  address,
  bytes: elements * tensorDtypeBytes[dtype],
  dtype,
});

/** What a step reads, as far as that is known. */
export function readsOf(step: Step): readonly Extent[] {
  switch (step.kind) {
    case 'launch':
      return step.reads ?? [];
    case 'collective':
      return [extent(step.input, step.elements, step.dtype)];
    case 'send':
      return [extent(step.address, step.elements, step.dtype)];
    case 'print':
      return step.values.map(({ address, dtype, shape }) =>
        extent(
          address,
          shape.reduce((product, size) => product * size, 1),
          dtype,
        ),
      );
    case 'assert':
    case 'branch':
    case 'while':
      return [extent(step.condition, 1, 'i1')];
    default:
      return [];
  }
}

/** What a step writes, as far as that is known. */
export function writesOf(step: Step): readonly Extent[] {
  switch (step.kind) {
    case 'launch':
      return step.writes ?? [];
    case 'collective':
      return [extent(step.output, resultElements(step), step.dtype)];
    case 'receive':
      return [extent(step.address, step.elements, step.dtype)];
    default:
      return [];
  }
}

/** Everything that a step touches. */
export const extentsOf = (step: Step): readonly Extent[] => [...readsOf(step), ...writesOf(step)];
