/** Derivatives through control flow, calls, custom rules and recomputation, and of derivatives. */
import { describe, expect, test } from 'vitest';
import { walk } from '../../compiler/ir/index.ts';
import type { Module } from '../../compiler/ir/index.ts';
import { fromNumbers } from '../../compiler/ir/evaluate/index.ts';
import type { TensorValue } from '../../compiler/ir/evaluate/index.ts';
import { differenceProblems, differentiated, irregular, numbers, run, tidied } from './harness.ts';

const T = 'tensor<3xf64>';
const S = 'tensor<f64>';

/** A function of x, w and n (an index), in one text with its derivatives of first and second order. */
const withDerivatives = (body: string, more = ''): string => `
func.func @f(%x: ${T}, %w: ${T}, %n: tensor<i32>) -> ${T} {
${body}
}
${more}
func.func @first(%x: ${T}, %w: ${T}, %n: tensor<i32>, %d: ${T}) -> (${T}, ${T}) {
  %v:3 = ms.vjp %x, %w, %d ({
    ^bb0(%p: ${T}, %q: ${T}):
    %y = func.call @f(%p, %q, %n) : (${T}, ${T}, tensor<i32>) -> ${T}
    scf.yield %y : ${T}
  }) {outputs = 1, primals = 2} : (${T}, ${T}, ${T}) -> (${T}, ${T}, ${T})
  func.return %v#1, %v#2 : ${T}, ${T}
}
func.func @second(%x: ${T}, %w: ${T}, %n: tensor<i32>, %d: ${T}, %e0: ${T}, %e1: ${T}) -> (${T}, ${T}) {
  %v:4 = ms.vjp %x, %w, %e0, %e1 ({
    ^bb0(%p: ${T}, %q: ${T}):
    %y:2 = func.call @first(%p, %q, %n, %d) : (${T}, ${T}, tensor<i32>, ${T}) -> (${T}, ${T})
    scf.yield %y#0, %y#1 : ${T}, ${T}
  }) {outputs = 2, primals = 2} : (${T}, ${T}, ${T}, ${T}) -> (${T}, ${T}, ${T}, ${T})
  func.return %v#2, %v#3 : ${T}, ${T}
}`;

const vector = (seed: number): TensorValue => fromNumbers([3], 'f64', irregular(3, seed));
const count = (value: number): TensorValue => fromNumbers([], 'i32', [value]);

function problems(module: Module, n: number): readonly string[] {
  const inputs = [vector(1), vector(2), count(n)];
  const d = vector(3);
  const first = run(module, 'first', [...inputs, d]);
  const ofValue = differenceProblems(
    { value: (at) => run(module, 'f', at), inputs, cotangents: [d], gradients: [first[0], first[1], null] },
    1e-6,
  );
  const cotangents = [vector(4), vector(5)];
  const second = run(module, 'second', [...inputs, d, ...cotangents]);
  const value = (at: readonly TensorValue[]) => run(module, 'first', [...at, d]);
  const gradients = [second[0], second[1], null];
  return [...ofValue, ...differenceProblems({ value, inputs, cotangents, gradients }, 1e-6)];
}

const BRANCH = `
  %k = ms.constant {value = dense<2> : tensor<i32>} : () -> tensor<i32>
  %c = ms.greater %n, %k : (tensor<i32>, tensor<i32>) -> tensor<i1>
  %b = tensor.extract %c[] : tensor<i1>
  %s = ms.sin %x : ${T}
  %y:2 = scf.if %b -> (${T}, ${T}) {
    %0 = ms.mul %s, %w : ${T}
    %1 = ms.exp %0 : ${T}
    scf.yield %1, %s : ${T}, ${T}
  } else {
    %0 = ms.square %x : ${T}
    scf.yield %0, %w : ${T}, ${T}
  }
  %z = ms.mul %y#0, %y#1 : ${T}
  func.return %z : ${T}`;

/** The trip count is a constant, or the input n. */
const COUNTED = (bound: string): string => `
  %l = arith.constant 1 : index
  %st = arith.constant 2 : index
  ${bound}
  %y:2 = scf.for %i = %l to %u step %st iter_args(%a = %x, %m = %n) -> (${T}, tensor<i32>) {
    %0 = ms.sin %a : ${T}
    %1 = ms.mul %0, %w : ${T}
    %2 = ms.cast %m : (tensor<i32>) -> ${S}
    %3 = ms.add %1, %2 : (${T}, ${S}) -> ${T}
    %4 = ms.add %m, %m : tensor<i32>
    scf.yield %3, %4 : ${T}, tensor<i32>
  }
  %z = ms.mul %y#0, %x : ${T}
  func.return %z : ${T}`;

const CONSTANT_TRIPS = COUNTED('%u = arith.constant 8 : index');
const DYNAMIC_TRIPS = COUNTED(`%e = tensor.extract %n[] : tensor<i32>
  %u = arith.index_cast %e : i32 to index`);

const WHILE = `
  %zero = ms.constant {value = dense<0> : tensor<i32>} : () -> tensor<i32>
  %one = ms.constant {value = dense<1> : tensor<i32>} : () -> tensor<i32>
  %y:2 = scf.while (%a = %x, %i = %zero) : (${T}, tensor<i32>) -> (${T}, tensor<i32>) {
    %0 = ms.mul %a, %w : ${T}
    %c = ms.less %i, %n : (tensor<i32>, tensor<i32>) -> tensor<i1>
    %b = tensor.extract %c[] : tensor<i1>
    scf.condition(%b) %0, %i : ${T}, tensor<i32>
  } do {
    ^bb0(%a: ${T}, %i: tensor<i32>):
    %0 = ms.sin %a : ${T}
    %1 = ms.add %0, %x : ${T}
    %2 = ms.add %i, %one : tensor<i32>
    scf.yield %1, %2 : ${T}, tensor<i32>
  }
  func.return %y#0 : ${T}`;

const NESTED = `
  %l = arith.constant 0 : index
  %u = arith.constant 3 : index
  %st = arith.constant 1 : index
  %y = scf.for %i = %l to %u step %st iter_args(%a = %x) -> (${T}) {
    %in = scf.for %j = %l to %u step %st iter_args(%b = %a) -> (${T}) {
      %0 = ms.mul %b, %w : ${T}
      %k = ms.constant {value = dense<0.0> : ${S}} : () -> ${S}
      %s = ms.reduce_sum %b {axes = [0], keep_dims = false} : (${T}) -> ${S}
      %c = ms.greater %s, %k : (${S}, ${S}) -> tensor<i1>
      %e = tensor.extract %c[] : tensor<i1>
      %1 = scf.if %e -> (${T}) {
        %2 = ms.sin %0 : ${T}
        scf.yield %2 : ${T}
      } else {
        %2 = ms.sub %0, %a : ${T}
        scf.yield %2 : ${T}
      }
      scf.yield %1 : ${T}
    }
    %o = ms.add %in, %a : ${T}
    scf.yield %o : ${T}
  }
  func.return %y : ${T}`;

const RECOMPUTED = `
  %s = ms.cos %x : ${T}
  %y = ms.recompute %s ({
    ^bb0(%a: ${T}):
    %0 = ms.mul %a, %w : ${T}
    %1 = ms.exp %0 : ${T}
    %2 = ms.mul %1, %x : ${T}
    scf.yield %2 : ${T}
  }) : ${T}
  func.return %y : ${T}`;

/** The rule is right, so that differences agree; at the second order it is differentiated itself. */
const CUSTOM = `
  %y = ms.custom_vjp %x, %w ({
    ^bb0(%a: ${T}, %b: ${T}):
    %0 = ms.exp %a : ${T}
    %1 = ms.mul %0, %b : ${T}
    scf.yield %1 : ${T}
  }, {
    ^bb0(%a: ${T}, %b: ${T}, %y: ${T}, %g: ${T}):
    %0 = ms.mul %g, %y : ${T}
    %1 = ms.exp %a : ${T}
    %2 = ms.mul %g, %1 : ${T}
    scf.yield %0, %2 : ${T}, ${T}
  }) {outputs = 1} : (${T}, ${T}) -> ${T}
  %z = ms.mul %y, %x : ${T}
  func.return %z : ${T}`;

const CALLS = `
  %0 = func.call @g(%x, %w) : (${T}, ${T}) -> ${T}
  %1 = func.call @g(%0, %0) : (${T}, ${T}) -> ${T}
  %2 = func.call @g(%w, %1) : (${T}, ${T}) -> ${T}
  func.return %2 : ${T}`;
const CALLEE = `func.func private @g(%a: ${T}, %b: ${T}) -> ${T} {
  %0 = ms.tanh %a : ${T}
  %1 = ms.mul %0, %b : ${T}
  "ms.print"(%1) {format = "{}"} : (${T}) -> ()
  func.return %1 : ${T}
}`;

describe.each([
  ['as they are', differentiated],
  ['simplified', tidied],
] as const)('first and second derivatives are differences, %s', (_, make) => {
  test.each([
    ['a branch, taken', BRANCH, '', 3],
    ['a branch, not taken', BRANCH, '', 1],
    ['a counted loop', CONSTANT_TRIPS, '', 2],
    ['a counted loop with bounds from data', DYNAMIC_TRIPS, '', 8],
    ['a counted loop that does not run', DYNAMIC_TRIPS, '', 0],
    ['a while loop', WHILE, '', 3],
    ['a while loop that does not run', WHILE, '', 0],
    ['loops and branches in loops', NESTED, '', 0],
    ['recomputation', RECOMPUTED, '', 0],
    ['a rule of its own', CUSTOM, '', 0],
    ['calls', CALLS, CALLEE, 0],
  ] as const)('%s', (__, body, more, n) => {
    expect(problems(make(withDerivatives(body, more)), n)).toEqual([]);
  });
});

const scalarDerivatives = (order: number): string => {
  const levels = Array.from({ length: order }, (_, index) => index + 1).map(
    (level) => `func.func @d${level}(%x: ${S}) -> ${S} {
  %one = ms.constant {value = dense<1.0> : ${S}} : () -> ${S}
  %v:2 = ms.vjp %x, %one ({
    ^bb0(%p: ${S}):
    %y = func.call @d${level - 1}(%p) : (${S}) -> ${S}
    scf.yield %y : ${S}
  }) {outputs = 1, primals = 1} : (${S}, ${S}) -> (${S}, ${S})
  func.return %v#1 : ${S}
}`,
  );
  return `func.func @d0(%x: ${S}) -> ${S} {
  %0 = ms.sin %x : ${S}
  %1 = ms.exp %0 : ${S}
  func.return %1 : ${S}
}
${levels.join('\n')}`;
};

test('the third and fourth derivative of exp(sin x)', () => {
  const module = tidied(scalarDerivatives(4));
  const x = 0.7;
  const [s, c] = [Math.sin(x), Math.cos(x)];
  const third = Math.exp(s) * c * (c * c - 3 * s - 1);
  const fourth = Math.exp(s) * (c ** 4 - 6 * c * c * s - 4 * c * c + 3 * s * s + s);
  const at = fromNumbers([], 'f64', [x]);
  expect(numbers(run(module, 'd3', [at])[0])[0]).toBeCloseTo(third, 12);
  expect(numbers(run(module, 'd4', [at])[0])[0]).toBeCloseTo(fourth, 12);
});

test('a derivative within a derivative, in one text: forward mode is two reverse ones', () => {
  // jvp(f)(x, t) is the derivative of u -> vjp(f)(x, u) in the direction t.
  const module = tidied(`func.func @jvp(%x: ${T}, %t: ${T}) -> ${T} {
    %u = ms.constant {value = dense<0.0> : ${T}} : () -> ${T}
    %o:2 = ms.vjp %u, %t ({
      ^bb0(%v: ${T}):
      %i:2 = ms.vjp %x, %v ({
        ^bb0(%a: ${T}):
        %0 = ms.sin %a : ${T}
        %1 = ms.mul %0, %x : ${T}
        scf.yield %1 : ${T}
      }) {outputs = 1, primals = 1} : (${T}, ${T}) -> (${T}, ${T})
      scf.yield %i#1 : ${T}
    }) {outputs = 1, primals = 1} : (${T}, ${T}) -> (${T}, ${T})
    func.return %o#1 : ${T}
  }`);
  const [x, t] = [vector(1), vector(2)];
  const expected = numbers(x).map((value, at) => Math.cos(value) * value * numbers(t)[at]);
  numbers(run(module, 'jvp', [x, t])[0]).forEach((value, at) => expect(value).toBeCloseTo(expected[at], 14));
});

test('a derivative inside a loop: steps of descent', () => {
  const module = tidied(`func.func @descend(%x: ${T}) -> ${T} {
    %l = arith.constant 0 : index
    %u = arith.constant 5 : index
    %st = arith.constant 1 : index
    %rate = ms.constant {value = dense<0.25> : ${S}} : () -> ${S}
    %one = ms.constant {value = dense<1.0> : ${S}} : () -> ${S}
    %y = scf.for %i = %l to %u step %st iter_args(%a = %x) -> (${T}) {
      %v:2 = ms.vjp %a, %one ({
        ^bb0(%p: ${T}):
        %0 = ms.square %p : ${T}
        %1 = ms.reduce_sum %0 {axes = [0], keep_dims = false} : (${T}) -> ${S}
        scf.yield %1 : ${S}
      }) {outputs = 1, primals = 1} : (${T}, ${S}) -> (${S}, ${T})
      %s = ms.mul %v#1, %rate : (${T}, ${S}) -> ${T}
      %n = ms.sub %a, %s : ${T}
      scf.yield %n : ${T}
    }
    func.return %y : ${T}
  }`);
  const x = vector(1);
  numbers(run(module, 'descend', [x])[0]).forEach((value, at) => expect(value).toBeCloseTo(numbers(x)[at] / 32, 14));
});

test('one value given twice, and used as a constant too, is three values', () => {
  const module = differentiated(`func.func @f(%x: ${S}) -> (${S}, ${S}) {
    %one = ms.constant {value = dense<1.0> : ${S}} : () -> ${S}
    %v:3 = ms.vjp %x, %x, %one ({
      ^bb0(%a: ${S}, %b: ${S}):
      %0 = ms.square %a : ${S}
      %1 = ms.mul %0, %b : ${S}
      %2 = ms.mul %1, %x : ${S}
      scf.yield %2 : ${S}
    }) {outputs = 1, primals = 2} : (${S}, ${S}, ${S}) -> (${S}, ${S}, ${S})
    func.return %v#1, %v#2 : ${S}, ${S}
  }`);
  expect(run(module, 'f', [fromNumbers([], 'f64', [3])]).map((value) => numbers(value)[0])).toEqual([54, 27]);
});

test('a custom rule counts, and again for the derivative of the derivative', () => {
  // y = x² with the claimed derivative 5·y: the second one is 5·(5·y).
  const rule = (name: string, inner: string): string => `func.func @${name}(%x: ${S}) -> ${S} {
    %one = ms.constant {value = dense<1.0> : ${S}} : () -> ${S}
    %v:2 = ms.vjp %x, %one ({
      ^bb0(%p: ${S}):
      ${inner}
      scf.yield %y : ${S}
    }) {outputs = 1, primals = 1} : (${S}, ${S}) -> (${S}, ${S})
    func.return %v#1 : ${S}
  }`;
  const module = differentiated(`${rule(
    'first',
    `%y = ms.custom_vjp %p ({
        ^bb0(%a: ${S}):
        %0 = ms.square %a : ${S}
        scf.yield %0 : ${S}
      }, {
        ^bb0(%a: ${S}, %b: ${S}, %g: ${S}):
        %five = ms.constant {value = dense<5.0> : ${S}} : () -> ${S}
        %0 = ms.mul %b, %five : ${S}
        %1 = ms.mul %0, %g : ${S}
        scf.yield %1 : ${S}
      }) {outputs = 1} : ${S}`,
  )}
  ${rule('second', `%y = func.call @first(%p) : (${S}) -> ${S}`)}`);
  const at = fromNumbers([], 'f64', [3]);
  expect(numbers(run(module, 'first', [at])[0])).toEqual([45]);
  expect(numbers(run(module, 'second', [at])[0])).toEqual([225]);
});

test('recomputation is behind ms.depend and is not merged with the forward sweep', () => {
  const names: string[] = [];
  walk(tidied(withDerivatives(RECOMPUTED)).body, (op) => names.push(op.name));
  expect(names.filter((name) => name === 'ms.depend').length).toBeGreaterThan(0);
  expect(names.filter((name) => name === 'ms.exp').length).toBeGreaterThan(2);
});

test('what a recomputed region takes from outside is late too', () => {
  const names: string[] = [];
  const module = tidied(`func.func @f(%x: ${S}, %d: ${S}) -> ${S} {
    %v:2 = ms.vjp %x, %d ({
      ^bb0(%p: ${S}):
      %h = ms.sin %p : ${S}
      %y = ms.recompute %p ({
        ^bb0(%a: ${S}):
        %0 = ms.sinh %h : ${S}
        %1 = ms.mul %0, %a : ${S}
        scf.yield %1 : ${S}
      }) : ${S}
      scf.yield %y : ${S}
    }) {outputs = 1, primals = 1} : (${S}, ${S}) -> (${S}, ${S})
    %r = ms.add %v#0, %v#1 : ${S}
    func.return %r : ${S}
  }`);
  walk(module.body, (op) => names.push(op.name));
  expect(names.filter((name) => name === 'ms.sinh')).toHaveLength(2);
});

test('effects happen once, in the forward sweep', () => {
  const module = differentiated(withDerivatives(CALLS, CALLEE));
  const names: string[] = [];
  for (const op of module.body.operations) {
    const name = op.attribute('sym_name');
    if (name?.kind !== 'string') continue;
    walk(op.regions[0], (inner) => {
      if (inner.name === 'ms.print') names.push(name.value);
    });
  }
  expect(names).toEqual(['g']);
});

test('effects deep inside branches happen once', () => {
  const branch = (depth: number): string =>
    depth === 0
      ? `"ms.print"(%p) {format = "{}"} : (${S}) -> ()
         %y0 = ms.square %p : ${S}`
      : `%y${depth} = scf.if %b -> (${S}) {
           ${branch(depth - 1)}
           scf.yield %y${depth - 1} : ${S}
         } else {
           scf.yield %p : ${S}
         }`;
  const names: string[] = [];
  const module = differentiated(`func.func @f(%x: ${S}, %c: tensor<i1>, %d: ${S}) -> ${S} {
    %b = tensor.extract %c[] : tensor<i1>
    %v:2 = ms.vjp %x, %d ({
      ^bb0(%p: ${S}):
      ${branch(3)}
      scf.yield %y3 : ${S}
    }) {outputs = 1, primals = 1} : (${S}, ${S}) -> (${S}, ${S})
    func.return %v#1 : ${S}
  }`);
  walk(module.body, (op) => names.push(op.name));
  expect(names.filter((name) => name === 'ms.print')).toHaveLength(1);
});
