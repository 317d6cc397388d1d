/** @graph to @fused: one straight sequence over @main, whose calls are inlined. */
import type { Attribute, Block, Module, Operation, RuleTable, Value } from '../../ir/index.ts';
import { boolAttribute, definingOperation, stringAttribute, symbolsOf } from '../../ir/index.ts';
import { capturesOf, closeRegions, isControl } from '../control/index.ts';
import type { PatternTable } from '../rewrite/index.ts';
import { rewriteBlock } from '../rewrite/index.ts';
import { decomposeBlock, isGroupable } from './decompose.ts';
import type { TargetOps } from './decompose.ts';
import { groupBlock } from './group.ts';
import { assignLayouts } from './layout.ts';
import { integerPatterns } from './integers.ts';
import { groupMasks, readRelu } from './mask.ts';
import { mergedGradient } from './merged-gradient.ts';
import { patchConvolution, patchFilterGradient } from './patch-convolution.ts';
import { transposedConvolution } from './transposed-convolution.ts';
import { PRODUCTS, wideningPatterns } from './widen.ts';

/** Set on a matrix product or convolution whose result goes through ReLU on its way out. */
export const RELU_EPILOGUE = 'npu.relu';

/** Convolutions that the cube computes in another form. */
const CONVOLUTION_PATTERNS: PatternTable = new Map([
  ['ms.conv2d_transpose', [transposedConvolution]],
  ['ms.conv2d', [patchConvolution]],
  ['ms.conv2d_weight_gradient', [patchFilterGradient, mergedGradient]],
]);

/** Rewrites the module in place. */
export function fuseModule(module: Module, definitions: RuleTable, target: TargetOps): Module {
  const main = symbolsOf(module.body).get('main');
  if (!main) throw new Error('the module has no @main');
  closeRegions(main, definitions);
  fuseBlock(main.regions[0], preparedArguments(main), definitions, target);
  module.attributes = new Map([...module.attributes, ['ms.stage', stringAttribute('fused')]]);
  return module;
}

/** Rewrites a block that sees nothing but its arguments, and then the regions in it. */
function fuseBlock(block: Block, known: readonly Value[], definitions: RuleTable, target: TargetOps): void {
  const apply = (patterns: PatternTable): void => {
    rewriteBlock(block, { definitions, patterns, folding: null, orderOperands: false });
  };
  apply(CONVOLUTION_PATTERNS);
  apply(integerPatterns);
  decomposeBlock(block, definitions, target);
  readRelu(block);
  foldRelu(block);
  apply(wideningPatterns);
  groupMasks(block);
  assignLayouts(block, {
    isElementwise: (op) => op.name !== 'ms.constant' && !op.name.startsWith('ms.reduce_') && isGroupable(op, target),
  });
  const prepared = preparedValues(block, known);
  groupBlock(block, target, prepared);
  for (const op of block.operations.filter(isControl)) {
    for (const region of op.regions) {
      const inner = capturesOf(op, region).flatMap(({ outer, argument }) => (prepared.has(outer) ? [argument] : []));
      fuseBlock(region, inner, definitions, target);
    }
  }
}

/** relu(product) becomes a flag of the product when nobody else reads the product. */
function foldRelu(block: Block): void {
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

/** Parameters that @main does not change. */
function preparedArguments(main: Operation): readonly Value[] {
  const entriesOf = (name: string): readonly Attribute[] => {
    const attribute = main.attributes.get(name);
    return attribute?.kind === 'array' ? attribute.elements : [];
  };
  const parameterOf = (entry: Attribute | undefined): string | null => {
    const name = entry?.kind === 'dictionary' ? entry.entries.get('ms.param') : undefined;
    return name?.kind === 'string' ? name.value : null;
  };
  const changed = new Set(entriesOf('res_attrs').map(parameterOf));
  const entries = entriesOf('arg_attrs');
  return main.regions[0].arguments.filter((_, index) => {
    const name = parameterOf(entries[index]);
    return name !== null && !changed.has(name);
  });
}

/** Values of a block that depend on what is known and constants alone. */
function preparedValues(block: Block, known: readonly Value[]): ReadonlySet<Value> {
  const prepared = new Set<Value>(known);
  for (const op of block.operations) {
    if (isControl(op) || op.name.startsWith('dist.')) continue;
    if (op.operands.every((operand) => prepared.has(operand))) for (const result of op.results) prepared.add(result);
  }
  return prepared;
}
