/** Imports: lazy, by name, in the order that the statements of a file demand. */
import { expect, test } from 'vitest';
import { describeDiagnostic, runPython, type Files } from './harness.ts';

function run(main: string, files: Files, mode: 'entry' | 'script' = 'script'): string {
  const { output, diagnostics } = runPython(main, { files, mode });
  return output + diagnostics.map(describeDiagnostic).join('\n');
}

test('only the statements that a name depends on run', () => {
  const files = {
    'lib.py':
      "print('effect')\nimport missing_package\nA = 1\nB = missing_package.thing()\nC = A + 1\nclass Unused(missing_package.Base): pass\n",
  };
  expect(run('from lib import C\nprint(C)\n', files)).toBe('effect\n2\n');
});

test('a name bound twice has the value of the whole file', () => {
  expect(run('from lib import x, y\nprint(y, x)\n', { 'lib.py': 'x = 1\ny = x\nx = 5\n' })).toBe('1 5\n');
});

test('statements that change a value run with it', () => {
  expect(
    run('from lib import table\nprint(table)\n', {
      'lib.py': "table = {}\ntable['a'] = 1\nfor k in 'bc':\n    table[k] = k\ntable.update(z=0)\n",
    }),
  ).toBe("{'a': 1, 'b': 'b', 'c': 'c', 'z': 0}\n");
});

test('functions registered with a value run with it', () => {
  expect(
    run('from lib import table\nprint(table.names)\n', {
      'lib.py':
        "class Table:\n    names = []\n    def register(self, name):\n        self.names.append(name)\n        return lambda f: f\ntable = Table()\n@table.register('a')\ndef _(x): pass\n",
    }),
  ).toBe("['a']\n");
});

const packageFiles = {
  'pkg/__init__.py':
    "from . import alpha, beta\nfrom .alpha import *\nfrom .beta import *\n__all__ = []\n__all__.extend(alpha.__all__)\n__version__ = '2'\n",
  'pkg/alpha.py': "__all__ = ['f', 'beta']\ndef f(): return 'f'\ndef beta(): return 'function'\ndef hidden(): pass\n",
  'pkg/beta.py': 'from .alpha import f\nfrom . import __version__\nvalue = f() + __version__\n_private = 1\n',
  'pkg/sub/__init__.py': '',
  'pkg/sub/deep.py': 'from ..alpha import f as g\nX = g()\n',
};

test('a star import after the submodule wins', () => {
  expect(
    run(
      'import pkg\nprint(pkg.f(), pkg.beta(), pkg.value, pkg.__version__, hasattr(pkg, "hidden"), hasattr(pkg, "_private"))\n',
      packageFiles,
    ),
  ).toBe('f function f2 2 False False\n');
});

test('from package import *', () => {
  expect(
    run('from pkg import *\nprint(f())\ntry:\n    value\nexcept NameError as e:\n    print(e)\n', {
      ...packageFiles,
      'pkg/__init__.py': "from .alpha import f\n__all__ = ['f']\n",
    }),
  ).toBe("f\nname 'value' is not defined\n");
});

test('submodules by attribute, by from, and renamed', () => {
  expect(
    run(
      'import pkg.sub.deep as d\nfrom pkg.sub import deep\nimport pkg.sub.deep\nprint(d.X, deep is d, pkg.sub.deep is d)\n',
      packageFiles,
    ),
  ).toBe('f True True\n');
});

test('try/except ImportError decides at once', () => {
  const main =
    'try:\n    import nothing_here\nexcept ImportError:\n    nothing_here = None\ntry:\n    from math import tau, absent\nexcept ImportError as e:\n    print(e)\nprint(nothing_here)\n';
  expect(run(main, {})).toBe("cannot import name 'absent' from 'math'\nNone\n");
});

test('unknown packages can be named but not used', () => {
  expect(
    run(
      'import rich.table as t\nfrom tqdm import tqdm\nx = [t.Table, tqdm]\nprint(isinstance(1, tqdm), len(x))\ntqdm([])\n',
      {},
    ),
  ).toBe("False 2\nMSC0201 2:18 ModuleNotFoundError: No module named 'tqdm' (needed for 'tqdm.tqdm')");
});

test('circular imports work where names are enough', () => {
  const files = {
    'a.py': 'from b import g\ndef f(): return g() + 1\nONE = 1\n',
    'b.py': 'from a import ONE\ndef g(): return ONE\n',
  };
  expect(run('from a import f\nprint(f())\n', files)).toBe('2\n');
});

test('a circle of values is an ImportError', () => {
  const files = { 'a.py': 'from b import x\n', 'b.py': 'from a import x\n' };
  expect(run('from a import x\nprint(x)\n', files)).toContain('most likely due to a circular import');
});

const registry = {
  'zoo/__init__.py': 'from . import cats, dogs\nfrom .registry import *\n',
  'zoo/registry.py':
    "import sys\n__all__ = ['names', 'make']\n_makers = {}\ndef register(fn):\n    module = sys.modules[fn.__module__]\n    if hasattr(module, '__all__'): module.__all__.append(fn.__name__)\n    _makers[fn.__name__] = fn\n    return fn\ndef names(): return sorted(_makers)\ndef make(name): return _makers[name]()\n",
  'zoo/cats.py':
    "from .registry import register\n__all__ = []\n@register\ndef tom(): return 'Tom'\n@register\ndef kitty(): return 'Kitty'\n",
  'zoo/dogs.py': "from .registry import register\n@register\ndef rex(): return 'Rex'\n",
};

test('a registry is full when it is read', () => {
  expect(run("from zoo import names, make\nprint(names(), make('rex'))\n", registry)).toBe(
    "['kitty', 'rex', 'tom'] Rex\n",
  );
});

test('a decorated function is found by its name alone', () => {
  const { output } = runPython('from zoo.cats import tom\nimport zoo.cats\nprint(tom(), zoo.cats.__all__)\n', {
    files: registry,
  });
  expect(output).toBe("Tom ['tom']\n");
});

test('the entry file defines names on demand and does no work', () => {
  const { output, session, module } = runPython(
    "print('training')\nclass Net:\n    def __repr__(self): return 'Net!'\nnet = Net()\nprint(net)\n",
    { mode: 'entry' },
  );
  expect(output).toBe('');
  const result = module && session.evaluateExpression('net', module);
  expect(result?.ok && session.interpreter.repr(result.value)).toBe('Net!');
});

test('a syntax error in an imported file is told there', () => {
  const { diagnostics } = runPython('from broken import x\nprint(x)\n', { files: { 'broken.py': 'def f(:\n' } });
  expect(diagnostics[0].span?.file.name).toBe('broken.py');
});
