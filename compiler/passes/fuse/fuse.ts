/** @graph to @fused: one straight sequence over @main, whose calls are inlined. */
import type { Module, Operation, RuleTable, Value } from '../../ir/index.ts';
import { boolAttribute, definingOperation, stringAttribute, symbolsOf } from '../../ir/index.ts';
import type { PatternTable } from '../rewrite/index.ts';
import { rewriteBlock } from '../rewrite/index.ts';
import { decomposeBlock, isGroupable } from './decompose.ts';
import type { TargetOps } from './decompose.ts';
import { groupBlock } from './group.ts';
import { assignLayouts } from './layout.ts';
import { patchConvolution } from './patch-convolution.ts';
import { transposedConvolution } from './transposed-convolution.ts';
import { PRODUCTS, wideningPatterns } from './widen.ts';

/** Set on a matrix product or convolution whose result goes through ReLU on its way out. */
export const RELU_EPILOGUE = 'npu.relu';

/** Convolutions that the cube computes in another form. */
const CONVOLUTION_PATTERNS: PatternTable = new Map([
  ['ms.conv2d_transpose', [transposedConvolution]],
  ['ms.conv2d', [patchConvolution]],
]);

/** Rewrites the module in place. */
export function fuseModule(module: Module, definitions: RuleTable, target: TargetOps): Module {
  const main = symbolsOf(module.body).get('main');
  if (!main) throw new Error('the module has no @main');
  const [block] = main.regions;
  const apply = (patterns: PatternTable): void => {
    rewriteBlock(block, { definitions, patterns, folding: null, orderOperands: false });
  };
  apply(CONVOLUTION_PATTERNS);
  decomposeBlock(block, definitions, target);
  foldRelu(main);
  apply(wideningPatterns);
  assignLayouts(block, {
    isElementwise: (op) => op.name !== 'ms.constant' && !op.name.startsWith('ms.reduce_') && isGroupable(op, target),
  });
  groupBlock(block, target, preparedValues(main));
  module.attributes = new Map([...module.attributes, ['ms.stage', stringAttribute('fused')]]);
  return module;
}

/** relu(product) becomes a flag of the product when nobody else reads the product. */
function foldRelu(main: Operation): void {
  const [block] = main.regions;
  const replaced = new Map<Value, Value>();
  block.operations = block.operations.filter((op) => {
    op.operands.forEach((operand, index) => op.setOperand(index, replaced.get(operand) ?? operand));
    if (op.name !== 'ms.relu') return true;
    const producer = definingOperation(op.operands[0]);
    if (!producer || !PRODUCTS.has(producer.name) || op.operands[0].uses !== 1) return true;
    producer.attributes = new Map([...producer.attributes, [RELU_EPILOGUE, boolAttribute(true)]]);
    replaced.set(op.results[0], op.operands[0]);
    op.dropUses();
    return false;
  });
}

/** Values of @main that depend on parameters and constants alone. */
function preparedValues(main: Operation): ReadonlySet<Value> {
  const prepared = new Set<Value>();
  const attribute = main.attributes.get('arg_attrs');
  const entries = attribute?.kind === 'array' ? attribute.elements : [];
  main.regions[0].arguments.forEach((argument, index) => {
    const entry = entries[index];
    if (entry?.kind === 'dictionary' && entry.entries.has('ms.param')) prepared.add(argument);
  });
  for (const op of main.regions[0].operations) {
    if (op.operands.every((operand) => prepared.has(operand))) for (const result of op.results) prepared.add(result);
  }
  return prepared;
}
