/** What a tracer builds on: symbolic truth, branches with rest, journals, native classes. */
import { expect, test } from 'vitest';
import {
  getter,
  method,
  nativeClass,
  nativeModule,
  NORMAL,
  PyObject,
  RETURN,
  staticMethod,
  native,
  type Hooks,
  type PyClass,
} from '../../compiler/frontend/eval/index.ts';
import { describeDiagnostic, runPython } from './harness.ts';

/** A symbolic value that only knows its text. */
class Symbol_ extends PyObject {
  text = '';
}

function symbol(text: string): Symbol_ {
  const made = new Symbol_(symbolType);
  made.text = text;
  return made;
}

const textOf = (value: unknown): string => (value instanceof Symbol_ ? value.text : String(value));

const symbolType: PyClass = nativeClass({
  name: 'Symbol',
  symbolic: true,
  allocate: (cls) => new Symbol_(cls),
  members: [
    method('__init__(self, text)', (_py, [self, text]) => {
      if (self instanceof Symbol_) self.text = String(text);
      return null;
    }),
    method('__gt__(self, other, /)', (_py, [self, other]) => symbol(`${textOf(self)}>${textOf(other)}`)),
    method('__add__(self, other, /)', (_py, [self, other]) => symbol(`(${textOf(self)}+${textOf(other)})`)),
    method('__repr__(self, /)', (_py, [self]) => textOf(self)),
    getter('text', (_py, self) => textOf(self)),
    staticMethod(
      native('of(text, *, upper=False)', (_py, [text, upper]) =>
        symbol(upper === true ? String(text).toUpperCase() : String(text)),
      ),
    ),
  ],
});

const modules = [nativeModule('symbols', () => [['Symbol', symbolType]])];

/** Runs both sides, joins every variable that differs, and undoes changes of objects. */
const joining: Hooks = {
  branch(py, test, point) {
    const restore = point.frame.snapshot();
    const sides = [() => point.runThen(), () => point.runElse()].map((run) => {
      const journal = py.beginJournal();
      let completion = run();
      if (completion === NORMAL && point.restEndsFunction) completion = point.runRest();
      const returned = completion === RETURN ? point.returned() : null;
      const variables = new Map(point.frame.names().map((name) => [name, point.frame.read(name)]));
      py.endJournal(journal);
      py.rollBack(journal);
      restore();
      return { completion, returned, variables };
    });
    if (sides.every((side) => side.completion === RETURN)) {
      point.setReturned(symbol(`where(${textOf(test)}, ${textOf(sides[0].returned)}, ${textOf(sides[1].returned)})`));
      return RETURN;
    }
    for (const [name, value] of sides[0].variables) {
      const other = sides[1].variables.get(name);
      if (value !== other)
        point.frame.write(name, symbol(`where(${textOf(test)}, ${textOf(value)}, ${textOf(other)})`));
    }
    return NORMAL;
  },
  logical: (_py, operator, left, right) =>
    symbol(`${left instanceof Symbol_ ? left.text : ''} ${operator} ${textOf(right())}`),
  negate: (_py, operand) => symbol(`not ${textOf(operand)}`),
  conditional: (_py, test, whenTrue, whenFalse) =>
    symbol(`${textOf(test)} ? ${textOf(whenTrue())} : ${textOf(whenFalse())}`),
};

function run(text: string, hooks: Hooks = joining): string {
  const { output, diagnostics } = runPython(`from symbols import Symbol\n${text}`, { modules, hooks });
  return output + diagnostics.map(describeDiagnostic).join('\n');
}

test('both sides of a branch are joined', () => {
  expect(run("def f(x):\n    y = 1\n    if x > 0: y = 2\n    else: z = 3\n    return y\nprint(f(Symbol('x')))\n")).toBe(
    'where(x>0, 2, 1)\n',
  );
});

test('an early return takes the rest of the function as the other side', () => {
  expect(
    run("def f(x):\n    if x > 0:\n        return 'big'\n    y = x + 1\n    return y\nprint(f(Symbol('x')))\n"),
  ).toBe('where(x>0, big, (x+1))\n');
});

test('the rest reaches through nested ifs', () => {
  expect(
    run("def f(x, flag):\n    if flag:\n        if x > 0: return 1\n    return 2\nprint(f(Symbol('x'), True))\n"),
  ).toBe('where(x>0, 1, 2)\n');
});

test('changes of objects in a branch are undone', () => {
  const text = `def f(x, items, table, box, names):
    if x > 0:
        items.append(1); items += [4]; items[0] = 9; table['k'] = 2; box.v = 3; names.add('z')
        del table['old']
        print(items, table, box.v, sorted(names))
    print(items, table, box.v, sorted(names))
class Box:
    v = 0
f(Symbol('x'), [0], {'old': 1}, Box(), {'a'})
`;
  const inside = "[9, 1, 4] {'k': 2} 3 ['a', 'z']\n";
  const outside = "[0] {'old': 1} 0 ['a']\n";
  expect(run(text)).toBe(inside + inside + outside + outside);
});

test('boolean operators, not and conditional expressions stay symbolic', () => {
  expect(run("x = Symbol('x')\nprint(x > 0 and 5, not x, 1 if x > 2 else 3, 0 < 1 and x > 7)\n")).toBe(
    'x>0 and 5 not x x>2 ? 1 : 3 x>7\n',
  );
});

test('without hooks a symbolic value has the truth of its class', () => {
  expect(run("print(1 if Symbol('x') else 2)\n", {})).toBe('1\n');
});

test('native classes take Python subclasses and keep their signatures', () => {
  const text =
    "import inspect\nclass My(Symbol):\n    def __init__(self, t):\n        super().__init__(t + '!')\nprint(My('a'), My('a').text, My.of('b', upper=True), inspect.signature(Symbol.of), inspect.signature(Symbol))\ntry: Symbol()\nexcept TypeError as e: print(e)\n";
  expect(run(text)).toBe(
    "a! a! B (text, *, upper=False) (text)\n__init__() missing 1 required positional argument: 'text'\n",
  );
});

test('a while on a symbolic test goes to the hook with its body', () => {
  const text = "def f(x):\n    n = 0\n    while x > n:\n        n = n + 1\n    return n\nprint(f(Symbol('x')))\n";
  const hooks: Hooks = {
    ...joining,
    whileLoop(_py, _test, point) {
      point.runBody();
      point.frame.write('n', symbol(`loop(${textOf(point.evaluateTest())}, ${textOf(point.frame.read('n'))})`));
      return point.runElse();
    },
  };
  expect(run(text, hooks)).toBe('loop(x>1, 1)\n');
});

test('a for loop can be taken over or left alone', () => {
  const seen: string[] = [];
  const hooks: Hooks = {
    forLoop(py, point) {
      seen.push(py.repr(point.iterable));
      return null;
    },
  };
  expect(run('for i in range(2): print(i)\n', hooks)).toBe('0\n1\n');
  expect(seen).toEqual(['range(0, 2)']);
});

test('spans of the active calls, innermost first', () => {
  const found: string[] = [];
  const probe = nativeModule('probe', () => [
    native('here()', (py) => {
      found.push(...py.spans().map((span) => span.file.text.slice(span.start, span.end)));
      return null;
    }),
  ]);
  runPython('from probe import here\ndef f():\n    here()\nf()\n', { modules: [probe] });
  expect(found).toEqual(['here()', 'f()']);
});
