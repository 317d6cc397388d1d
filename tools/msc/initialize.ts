/** Initial values of parameters. Apart from the rest, since it needs the frontend, which a run of a program file does not. */
import type { ElementArray } from '../../compiler/ir/index.ts';
import { elementArray } from '../../compiler/ir/index.ts';
import { storeNumber } from '../../compiler/ir/ops/index.ts';
import type { Initializer } from '../../compiler/frontend/index.ts';
import { drawInitializer } from '../../compiler/frontend/index.ts';
import type { StoredTensor } from '../../runtime/program/index.ts';
import { INITIALIZER_NUMBERS, isInitializerKind } from './initializer-numbers.ts';

/** The elements that an initializer stands for; null when it cannot be drawn. */
export function drawParameter({ source, dtype, shape }: StoredTensor): ElementArray | null {
  if (source.kind !== 'initializer' || !isInitializerKind(source.initializer)) return null;
  const names = INITIALIZER_NUMBERS[source.initializer];
  const numbers = Object.fromEntries(names.map((name, index) => [name, source.arguments[index] ?? 0]));
  const initializer: Initializer = { kind: source.initializer, arguments: numbers, seed: source.seed, shape };
  const count = shape.reduce((product, extent) => product * extent, 1);
  const data = elementArray(dtype, count);
  return drawInitializer(initializer, count, (index, value) => storeNumber(dtype, data, index, value)) ? data : null;
}
