/** What differentiation says to a user (MSC052x). */
import type { Diagnostic, DiagnosticDefinition, Operation } from '../../ir/index.ts';
import { diagnose, userError, userPosition } from '../../ir/index.ts';

export const gradDiagnostics = {
  notDifferentiable: userError(
    'MSC0520',
    'operator without a derivative',
    (op: string, reason: string) => `no derivative of '${op}': ${reason}`,
    'A gradient was asked for, and the way from the result back to the input leads through this operator, which has no derivative.',
    'func.func @main(%x: tensor<1x2xf32>, %i: tensor<1x2xi32>, %dy: tensor<1x2xf32>) -> tensor<1x2xf32> {\n  %0:2 = ms.vjp %x, %dy ({\n    ^bb0(%a: tensor<1x2xf32>):\n    %1 = ms.scatter_elements %a, %i, %a {axis = 1 : i64, reduction = "max"} : (tensor<1x2xf32>, tensor<1x2xi32>, tensor<1x2xf32>) -> tensor<1x2xf32>\n    scf.yield %1 : tensor<1x2xf32>\n  }) {outputs = 1, primals = 1} : (tensor<1x2xf32>, tensor<1x2xf32>) -> (tensor<1x2xf32>, tensor<1x2xf32>)\n  return %0#1 : tensor<1x2xf32>\n}',
    'func.func @main(%x: tensor<1x2xf32>, %i: tensor<1x2xi32>, %dy: tensor<1x2xf32>) -> tensor<1x2xf32> {\n  %0:2 = ms.vjp %x, %dy ({\n    ^bb0(%a: tensor<1x2xf32>):\n    %1 = ms.scatter_elements %a, %i, %a {axis = 1 : i64, reduction = "add"} : (tensor<1x2xf32>, tensor<1x2xi32>, tensor<1x2xf32>) -> tensor<1x2xf32>\n    scf.yield %1 : tensor<1x2xf32>\n  }) {outputs = 1, primals = 1} : (tensor<1x2xf32>, tensor<1x2xf32>) -> (tensor<1x2xf32>, tensor<1x2xf32>)\n  return %0#1 : tensor<1x2xf32>\n}',
    () => 'keep it off the path with ops.stop_gradient, or give the function a bprop of its own',
  ),
  gradientCount: userError(
    'MSC0521',
    'bprop with a wrong number of results',
    (found: string, expected: string) => `bprop gives ${found}, the function takes ${expected}`,
    'A custom backward rule returns one gradient for each input of the function, in order.',
    customRule('scf.yield %g, %g : tensor<2xf32>, tensor<2xf32>'),
    customRule('scf.yield %g : tensor<2xf32>'),
    () => 'return one gradient for each input, zeros_like(x) where there is none',
  ),
  gradientType: userError(
    'MSC0522',
    'bprop with a gradient of a wrong type',
    (index: string, found: string, expected: string) =>
      `gradient ${index} of bprop is ${found}, input ${index} is ${expected}`,
    'A gradient has the shape and the dtype of its input.',
    customRule(
      '%s = ms.reduce_sum %g {axes = [0], keep_dims = false} : (tensor<2xf32>) -> tensor<f32>\n      scf.yield %s : tensor<f32>',
    ),
    customRule('scf.yield %g : tensor<2xf32>'),
    () => 'sum over what broadcasting repeated, and cast to the dtype of the input',
  ),
  ownDerivative: userError(
    'MSC0523',
    'function that takes its own derivative',
    (name: string) => `the derivative of '@${name}' is taken inside '@${name}' itself`,
    'A function may call itself, and its derivative may be taken; but a derivative of it inside itself would need the next one without end.',
    'func.func @f(%x: tensor<f32>) -> tensor<f32> {\n  %0:2 = ms.vjp %x, %x ({\n    ^bb0(%a: tensor<f32>):\n    %1 = func.call @f(%a) : (tensor<f32>) -> tensor<f32>\n    scf.yield %1 : tensor<f32>\n  }) {outputs = 1, primals = 1} : (tensor<f32>, tensor<f32>) -> (tensor<f32>, tensor<f32>)\n  return %0#1 : tensor<f32>\n}',
    'func.func private @g(%x: tensor<f32>) -> tensor<f32> {\n  %0 = ms.exp %x : tensor<f32>\n  return %0 : tensor<f32>\n}\nfunc.func @f(%x: tensor<f32>) -> tensor<f32> {\n  %0:2 = ms.vjp %x, %x ({\n    ^bb0(%a: tensor<f32>):\n    %1 = func.call @g(%a) : (tensor<f32>) -> tensor<f32>\n    scf.yield %1 : tensor<f32>\n  }) {outputs = 1, primals = 1} : (tensor<f32>, tensor<f32>) -> (tensor<f32>, tensor<f32>)\n  return %0#1 : tensor<f32>\n}',
    () => 'take the derivative of a function that does not take one of itself',
  ),
} as const;

/** A function whose backward rule ends as given. */
function customRule(backward: string): string {
  return `func.func @main(%x: tensor<2xf32>, %dy: tensor<2xf32>) -> tensor<2xf32> {
  %0:2 = ms.vjp %x, %dy ({
    ^bb0(%a: tensor<2xf32>):
    %1 = ms.custom_vjp %a ({
      ^bb0(%b: tensor<2xf32>):
      %2 = ms.floor %b : tensor<2xf32>
      scf.yield %2 : tensor<2xf32>
    }, {
      ^bb0(%c: tensor<2xf32>, %y: tensor<2xf32>, %g: tensor<2xf32>):
      ${backward}
    }) {outputs = 1} : tensor<2xf32>
    scf.yield %1 : tensor<2xf32>
  }) {outputs = 1, primals = 1} : (tensor<2xf32>, tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>)
  return %0#1 : tensor<2xf32>
}`;
}

/** Records what is wrong with an operation, each once. */
export type Report = <P extends readonly unknown[]>(
  definition: DiagnosticDefinition<P>,
  op: Operation,
  parameters: P,
) => void;

/** A report that appends to a list. */
export function reportTo(diagnostics: Diagnostic[]): Report {
  const said = new Set<string>();
  return (definition, op, parameters) => {
    const position = userPosition(op.location);
    const notes = position === null ? [] : [`at ${position.file}:${position.line}:${position.column}`];
    const diagnostic = diagnose(definition, null, parameters, { notes });
    const key = `${diagnostic.code} ${diagnostic.message} ${notes.join()}`;
    if (!said.has(key)) diagnostics.push(diagnostic);
    said.add(key);
  };
}
