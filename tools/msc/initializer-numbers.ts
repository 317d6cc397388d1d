/** The numbers of each initializer in the order in which a program file has them. */
import type { InitializerKind } from '../../compiler/frontend/index.ts';

export const INITIALIZER_NUMBERS: Readonly<Record<InitializerKind, readonly string[]>> = {
  Constant: ['value'],
  Uniform: ['scale'],
  Normal: ['sigma', 'mean'],
  TruncatedNormal: ['sigma', 'mean', 'a', 'b'],
  Identity: [],
  Dirac: [],
  Orthogonal: ['gain'],
  Sparse: ['sparsity', 'sigma'],
};

export const isInitializerKind = (name: string): name is InitializerKind => Object.hasOwn(INITIALIZER_NUMBERS, name);
