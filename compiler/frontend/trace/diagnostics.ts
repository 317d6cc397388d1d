/** What tracing and the library say to users: MSC03xx. */
import type { DiagnosticDefinition } from '../../ir/index.ts';

const NET = (body: string): string => `import mindspore.nn as nn
import mindspore.ops as ops

class Net(nn.Cell):
    def construct(self, x):
${body}`;

const BACKWARD = (gradients: string): string => `import mindspore as ms
import mindspore.nn as nn

class Scale(nn.Cell):
    def __init__(self, factor):
        super().__init__()
        self.factor = factor

    def construct(self, x):
        return self.factor * x

    def bprop(self, x, out, dout):
        return ${gradients}

class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.scale = Scale(2)

    def construct(self, x):
        return ms.grad(self.scale)(x)
`;

function define<Parameters extends readonly unknown[]>(
  row: Omit<DiagnosticDefinition<Parameters>, 'severity' | 'exitClass' | 'wrong' | 'right' | 'help'> &
    Partial<Pick<DiagnosticDefinition<Parameters>, 'severity' | 'exitClass' | 'wrong' | 'right' | 'help'>>,
): DiagnosticDefinition<Parameters> {
  return { severity: 'error', exitClass: 'user-error', wrong: null, right: null, help: null, ...row };
}

export const traceDiagnostics = {
  operandsDoNotFit: define<[operation: string, problem: string]>({
    code: 'MSC0301',
    title: 'operands do not fit',
    message: (operation, problem) => `${operation}: ${problem}`,
    help: () =>
      'make the operands agree: another size in the layer that makes one of them, or .reshape(), .swapaxes(), .astype()',
    explanation:
      'An operation got tensors whose shapes or element types do not go together. The notes list the operands.',
    wrong: NET('        return ops.matmul(x, x)  # x: 2x3\n'),
    right: NET('        return ops.matmul(x, x.swapaxes(0, 1))  # x: 2x3\n'),
  }),
  branchesDoNotJoin: define<[name: string, first: string, second: string]>({
    code: 'MSC0302',
    title: 'the branches do not join',
    message: (name, first, second) => `${name} is ${first} after one branch and ${second} after the other`,
    help: () => 'make both branches give the same shape and element type, for example with .astype() or .reshape()',
    explanation:
      'The condition is a tensor, so both branches are part of the graph and what they change must have one type afterwards.',
    wrong: NET('        y = x\n        if x.sum() > 0:\n            y = ops.concat((x, x))\n        return y\n'),
    right: NET('        y = x\n        if x.sum() > 0:\n            y = x + x\n        return y\n'),
  }),
  loopDoesNotJoin: define<[name: string, before: string, after: string]>({
    code: 'MSC0303',
    title: 'a loop changes the type of a variable',
    message: (name, before, after) => `${name} is ${before} before the loop and ${after} after one step`,
    help: () => 'keep the shape and element type of everything that the loop changes',
    explanation:
      'The condition of the loop is a tensor, so its body is part of the graph once and must keep the type of each variable.',
    wrong: NET('        while x.sum() < 10:\n            x = ops.concat((x, x))\n        return x\n'),
    right: NET('        while x.sum() < 10:\n            x = x + x\n        return x\n'),
  }),
  valueUnknown: define<[what: string]>({
    code: 'MSC0304',
    title: 'a value is needed that only a run can know',
    exitClass: 'unsupported',
    message: (what) => `${what} needs the value of a tensor, which is not known while the graph is traced`,
    help: () => 'compute it from shapes or settings, or keep it a tensor',
    explanation: 'Python code that builds the graph asked for the numbers inside a tensor that depends on the inputs.',
    wrong: NET('        return ops.ones((int(x.sum()),))\n'),
    right: NET('        return ops.ones((x.shape[0],))\n'),
  }),
  unsupportedUse: define<[what: string]>({
    code: 'MSC0305',
    title: 'not supported',
    exitClass: 'unsupported',
    message: (what) => `${what} is not supported by this version of msc`,
    explanation: 'The name or the combination of arguments exists in MindSpore, and msc does not have it yet.',
  }),
  noEntry: define<[choices: string]>({
    code: 'MSC0306',
    title: 'no entry',
    message: (choices) => `no single network can be built without arguments; found ${choices}`,
    help: () => "say which one with --entry, for example --entry 'Net(num_classes=10)'",
    explanation: 'Without --entry the file must contain one Cell class whose constructor needs no arguments.',
  }),
  entryIsNoNetwork: define<[entry: string, got: string]>({
    code: 'MSC0307',
    title: 'the entry is no network',
    message: (entry, got) => `the entry '${entry}' gives ${got}, expected a Cell or a function`,
    explanation: 'The entry expression must yield a Cell or a function of tensors.',
  }),
  inputsDoNotMatch: define<[problem: string]>({
    code: 'MSC0308',
    title: 'the inputs do not match construct',
    message: (problem) => problem,
    explanation: 'Inputs are named by the parameters of construct; each parameter without a default needs one.',
  }),
  outputIsNoTensor: define<[got: string]>({
    code: 'MSC0309',
    title: 'an output is no tensor',
    message: (got) => `construct returns ${got}, expected tensors, numbers, or tuples, lists and dicts of them`,
    explanation: 'Everything that construct returns becomes an output of the compiled program.',
  }),
  duplicateParameterName: define<[name: string]>({
    code: 'MSC0310',
    title: 'two parameters have one name',
    message: (name) => `two different parameters are named '${name}'`,
    help: () => 'give each Parameter its own name',
    explanation: 'Weights are found by their names, so that two parameters of a network may not share one.',
  }),
  unknownName: define<[owner: string, name: string]>({
    code: 'MSC0311',
    title: 'unknown name',
    exitClass: 'unsupported',
    message: (owner, name) => `${owner} has no '${name}'`,
    explanation:
      'The name is not part of the library as msc knows it: it is misspelled, or MindSpore 2.7 does not have it, or msc does not have it yet.',
    wrong: NET('        return ops.sofmax(x)\n'),
    right: NET('        return ops.softmax(x)\n'),
  }),
  nothingToDifferentiate: define<[got: string]>({
    code: 'MSC0312',
    title: 'nothing to differentiate',
    message: (got) => `the function returns ${got}, which has no derivative`,
    help: () => 'return a tensor of numbers first, and pass the rest on with has_aux=True',
    explanation: 'A gradient is taken of tensors of numbers. The function returned none.',
    wrong: NET('        return ops.grad(ops.isnan)(x)\n'),
    right: NET('        return ops.grad(ops.exp)(x)\n'),
  }),
  cotangentDoesNotFit: define<[given: string, wanted: string]>({
    code: 'MSC0313',
    title: 'a sensitivity does not fit',
    message: (given, wanted) => `the sensitivity is ${given}, the outputs are ${wanted}`,
    help: () => 'give one tensor of the same shape and element type for each output, for example ops.ones_like(output)',
    explanation: 'The gradient is scaled by one tensor for each output; it must have the type of the output.',
    wrong: NET('        return ops.GradOperation(sens_param=True)(ops.exp)(x, ops.ones((7,)))  # x: 2x3\n'),
    right: NET('        return ops.GradOperation(sens_param=True)(ops.exp)(x, ops.ones_like(x))\n'),
  }),
  bpropDoesNotFit: define<[given: string, wanted: string]>({
    code: 'MSC0314',
    title: 'bprop gives a wrong gradient',
    message: (given, wanted) => `bprop: ${given}, expected ${wanted}`,
    help: () => 'return a tuple with one gradient for each input of construct, of the same shape and element type',
    explanation:
      'bprop is called with the inputs, the output and its gradient, and returns the gradients of the inputs in order.',
    wrong: BACKWARD('(dout.sum(),)'),
    right: BACKWARD('(self.factor * dout,)'),
  }),
  strategyDoesNotFit: define<[given: string, wanted: string]>({
    code: 'MSC0315',
    title: 'a strategy does not fit',
    message: (given, wanted) => `the strategy is ${given}, expected ${wanted}`,
    help: () => 'give one tuple for each input of the operation, with one number of cuts for each dimension',
    explanation:
      'shard() says how the inputs and outputs of an operation are divided: a tuple for each tensor, in it a number for each dimension, or a Layout with names of mesh axes.',
    wrong: NET('        return ops.MatMul().shard(((2, 1, 1), (1, 4)))(x, x.T)\n'),
    right: NET('        return ops.MatMul().shard(((2, 1), (1, 1)))(x, x.T)\n'),
  }),
} as const;
