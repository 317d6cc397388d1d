/** @graph to @fused: one straight sequence over @main, whose calls are inlined. */
import type { Attribute, Block, Module, Operation, RuleTable, Value } from '../../ir/index.ts';
import { boolAttribute, definingOperation, fusedLocation, stringAttribute, symbolsOf } from '../../ir/index.ts';
import { capturesOf, closeRegions, isControl } from '../control/index.ts';
import type { PassObserver, PatternTable } from '../rewrite/index.ts';
import { missed, rewriteBlock, rule } from '../rewrite/index.ts';
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

const RELU = rule('relu on the way out of a product');

/** Set on a matrix product or convolution whose result goes through ReLU on its way out. */
export const RELU_EPILOGUE = 'npu.relu';

/** Convolutions that the cube computes in another form. */
const CONVOLUTION_PATTERNS: PatternTable = new Map([
  ['ms.conv2d_transpose', [transposedConvolution]],
  ['ms.conv2d', [patchConvolution]],
  ['ms.conv2d_weight_gradient', [patchFilterGradient, mergedGradient]],
]);

/** Rewrites the module in place. */
export function fuseModule(
  module: Module,
  definitions: RuleTable,
  target: TargetOps,
  observer: PassObserver | null = null,
): Module {
  const main = symbolsOf(module.body).get('main');
  if (!main) throw new Error('the module has no @main');
  closeRegions(main, definitions, observer);
  observer?.part('regions');
  new Fusion(definitions, target, observer).block(main.regions[0], preparedArguments(main), true);
  module.attributes = new Map([...module.attributes, ['ms.stage', stringAttribute('fused')]]);
  return module;
}

class Fusion {
  private readonly definitions: RuleTable;
  private readonly target: TargetOps;
  private readonly observer: PassObserver | null;

  constructor(definitions: RuleTable, target: TargetOps, observer: PassObserver | null) {
    this.definitions = definitions;
    this.target = target;
    this.observer = observer;
  }

  /** Rewrites a block that sees nothing but its arguments, and then the regions in it. Parts of @main's own are told. */
  block(block: Block, known: readonly Value[], isMain = false): void {
    const { definitions, target, observer } = this;
    const part = (name: string): void => (isMain ? observer?.part(name) : undefined);
    this.apply(block, CONVOLUTION_PATTERNS);
    part('convolutions');
    this.apply(block, integerPatterns);
    part('integers');
    decomposeBlock(block, definitions, target, observer);
    part('composites');
    readRelu(block, observer);
    foldRelu(block, observer);
    part('relu');
    this.apply(block, wideningPatterns);
    part('widening');
    groupMasks(block, observer);
    part('masks');
    assignLayouts(block, {
      isElementwise: (op) => op.name !== 'ms.constant' && !op.name.startsWith('ms.reduce_') && isGroupable(op, target),
      observer,
    });
    part('layouts');
    const prepared = preparedValues(block, known);
    groupBlock(block, target, prepared, observer);
    part('groups');
    for (const op of block.operations.filter(isControl)) {
      for (const region of op.regions) {
        const inner = capturesOf(op, region).flatMap(({ outer, argument }) => (prepared.has(outer) ? [argument] : []));
        this.block(region, inner);
      }
    }
  }

  private apply(block: Block, patterns: PatternTable): void {
    const { definitions, observer } = this;
    rewriteBlock(block, { definitions, patterns, folding: null, orderOperands: false, observer });
  }
}

/** relu(product) becomes a flag of the product when nobody else reads the product. */
function foldRelu(block: Block, observer: PassObserver | null): void {
  const replaced = new Map<Value, Value>();
  block.operations = block.operations.filter((op) => {
    op.operands.forEach((operand, index) => op.setOperand(index, replaced.get(operand) ?? operand));
    if (op.name !== 'ms.relu') return true;
    const [input] = op.operands;
    const producer = definingOperation(input);
    if (!producer || !PRODUCTS.has(producer.name)) return true;
    if (input.uses !== 1) {
      observer?.remark(missed(RELU, op, `the product has ${input.uses} uses, and its other users need it as it is`));
      return true;
    }
    producer.attributes = new Map([...producer.attributes, [RELU_EPILOGUE, boolAttribute(true)]]);
    producer.location = fusedLocation([producer.location, op.location]);
    replaced.set(op.results[0], input);
    observer?.rewritten({ rule: RELU, op, made: [], values: [input] });
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
