/** Bad programs end with a diagnostic at the user's line; nothing crashes, hangs or escapes. */
import { expect, test } from 'vitest';
import { evaluatorDiagnostics } from '../../compiler/frontend/eval/index.ts';
import { describeDiagnostic, runPython } from './harness.ts';

const small = { maxSteps: 200_000 };

const cases: readonly (readonly [name: string, program: string, expected: string])[] = [
  [
    'endless loop',
    'class Net:\n    def __init__(self):\n        while True:\n            pass\nNet()\n',
    'MSC0202 3:15 the Python code ran for more than 200000 steps',
  ],
  [
    'endless iterator',
    'import itertools\nlist(itertools.count())\n',
    'MSC0202 2:1 the Python code ran for more than 200000 steps',
  ],
  [
    'endless recursion',
    'def f(n):\n    return f(n + 1)\nf(0)\n',
    'MSC0201 2:12 RecursionError: maximum recursion depth exceeded',
  ],
  [
    'recursion through repr',
    'class A:\n    def __repr__(self): return repr(self)\nrepr(A())\n',
    'MSC0201 2:32 RecursionError: maximum recursion depth exceeded',
  ],
  ['a huge list', 'x = [0] * 10**12\n', 'MSC0203 1:5 the Python code needs more than 1024 MiB'],
  ['a huge number', 'x = 10 ** (10 ** 12)\n', 'MSC0203 1:5 the Python code needs more than 1024 MiB'],
  [
    'a text that doubles',
    "s = 'a'\nwhile True: s += s\n",
    'MSC0206 2:13 a number, text or list becomes larger than msc can hold',
  ],
  [
    'a list that doubles',
    'a = [0]\nwhile True: a = a + a\n',
    'MSC0206 2:17 a number, text or list becomes larger than msc can hold',
  ],
  ['a list of everything', 'list(range(10**10))\n', 'MSC0202 1:1 the Python code ran for more than 200000 steps'],
  [
    'an endless loop whose cleanup runs on',
    'try:\n    while True: pass\nfinally:\n    for i in range(3):\n        i += 1\n',
    'MSC0202 2:11 the Python code ran for more than 200000 steps',
  ],
  [
    'uncaught exception',
    'def helper(shape):\n    b, c = shape\nhelper((1, 2, 3))\n',
    'MSC0201 2:5 ValueError: too many values to unpack (expected 2)',
  ],
  ['undefined name', 'x = 1\ny = x + z\n', "MSC0201 2:9 NameError: name 'z' is not defined"],
  ['async', 'async def f():\n    await g()\nf()\n', 'MSC0204 1:1 msc does not run async functions'],
  [
    'refused file',
    "open('/secret/key').read()\n",
    "MSC0201 1:1 PermissionError: [Errno 13] outside of the folders that may be read: '/secret/key'",
  ],
  [
    'missing file',
    "open('data.txt')\n",
    "MSC0201 1:1 FileNotFoundError: [Errno 2] No such file or directory: 'data.txt'",
  ],
  [
    'process',
    "import os\nos.system('ls')\n",
    "MSC0201 2:1 PermissionError: [Errno 1] os.system is not allowed while msc runs Python code: ''",
  ],
  [
    'missing package',
    'import torch\ndef g():\n    return torch.nn.Module()\ng()\n',
    "MSC0201 1:8 ModuleNotFoundError: No module named 'torch' (needed for 'torch.nn.Module')",
  ],
  [
    'missing symbol',
    'from math import nothing\nprint(nothing)\n',
    "MSC0201 1:18 ImportError: cannot import name 'nothing' from 'math'",
  ],
  ['exit code', 'import sys\nsys.exit(3)\n', 'MSC0207 2:1 the script called sys.exit(3)'],
  ['syntax error', 'x = = 2\n', "MSC0101 1:5 invalid syntax: '=' cannot stand here"],
];

test.each(cases)('%s', (_name, program, expected) => {
  const { diagnostics } = runPython(program, { limits: small });
  expect(describeDiagnostic(diagnostics[0])).toBe(expected);
});

test('the call chain is told from the inside out', () => {
  const { diagnostics } = runPython('def inner():\n    raise ValueError("no")\ndef outer():\n    inner()\nouter()\n');
  expect(diagnostics[0].related.map((related) => related.message)).toEqual(['called from outer', 'reached from here']);
});

test('a cause is told', () => {
  const { diagnostics } = runPython(
    'try:\n    {}["k"]\nexcept KeyError as e:\n    raise RuntimeError("wrapped") from e\n',
  );
  expect(diagnostics[0].notes).toEqual(["caused by KeyError: 'k'"]);
});

test('sys.exit() without a code is no error', () => {
  expect(runPython('import sys\nprint(1)\nsys.exit()\nprint(2)\n')).toMatchObject({ output: '1\n', diagnostics: [] });
});

test('budgets cannot be caught', () => {
  const { diagnostics } = runPython('try:\n    while True: pass\nexcept BaseException:\n    pass\n', { limits: small });
  expect(diagnostics[0].code).toBe('MSC0202');
});

test('every diagnostic has a program that triggers it and one that does not', () => {
  for (const { code, wrong, right } of Object.values(evaluatorDiagnostics)) {
    if (wrong === null || right === null) continue;
    expect(runPython(wrong, { limits: small }).diagnostics.map((diagnostic) => diagnostic.code)).toContain(code);
    expect(runPython(right, { limits: small }).diagnostics).toEqual([]);
  }
});
