import { nativeModule, native, sourceModule, PyFloat, realValue } from '../../compiler/frontend/eval/index.ts';
const f = (name: string, fn: (x: number) => number) => native(`${name}(x)`, (_, [x]) => new PyFloat(fn(realValue(x)!)));
export const standardModules = [
      nativeModule('math', () => [f('sqrt', Math.sqrt), f('log', Math.log), ['pi', new PyFloat(Math.PI)]]),
      sourceModule('copy', 'std/copy.py', () => 'def deepcopy(x, memo=None):\n    return x\n'),
      sourceModule('inspect', 'std/inspect.py', () => ''),
      sourceModule('sys', 'std/sys.py', () => ''),
      sourceModule('numbers', 'std/numbers.py', () => ''),
      sourceModule('functools', 'std/functools.py', () => 'class partial:\n    pass\n'),
      sourceModule('collections', 'std/collections.py', () => 'class OrderedDict(dict):\n    pass\n'),
];
