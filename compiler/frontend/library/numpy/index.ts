/** NumPy on the host: arrays with views and writes in place, and the names that real network sources use. */
import { addMembers, nativeModule, type ModuleDefinition } from '../../eval/index.ts';
import { arrayClass } from './array.ts';
import { arrayMembers } from './methods.ts';
import { numpyMembers } from './module.ts';
import { LegacyRandom } from './random.ts';
import { randomMembers, randomState } from './random-module.ts';

export { arrayClass, NdArray } from './array.ts';
export { LegacyRandom } from './random.ts';
export { dtypeOfNumpy, numpyScalarClass } from './dtype.ts';

/** The modules `numpy` and `numpy.random`; the generator starts from a fixed seed. */
export function numpyModules(): readonly ModuleDefinition[] {
  const random = new LegacyRandom(5489);
  if (!arrayClass.lookup('reshape')) addMembers(arrayClass, arrayMembers);
  return [
    nativeModule('numpy', () => numpyMembers),
    nativeModule('numpy.random', () => [...randomMembers(random), randomState]),
  ];
}
export { arrayString } from './print.ts';
