/**
 * Storage layouts for the cube: feature maps of convolutions and pools stay NC1HWC0 from one to the next, filters become
 * FRACTAL_Z. `npu.relayout` marks where bytes move; on a parameter it runs once, when the program is prepared.
 *
 * Elementwise ops on maps keep the layout of their operands when they are finite on any finite input, because the
 * lanes past the last channel hold arbitrary finite values.
 */
import type { Attribute, AttributeMap, Operation, TensorType, Type, Value } from '../../ir/index.ts';
import {
  Block,
  Operation as Op,
  integerOf,
  integersOf,
  staticShape,
  tensorType,
  boolAttribute,
  floatAttribute,
  integerAttribute,
  integersAttribute,
  stringAttribute,
} from '../../ir/index.ts';
import { typeOf } from '../simplify/rules/match.ts';
import type { PassObserver } from '../rewrite/index.ts';
import { analysis, missed, rule } from '../rewrite/index.ts';
import { hasChannels, isMap, isScalar, refusesBlocks } from './blocks.ts';
import { FUSED } from './decompose.ts';
import { mergedGroups, turnedFilter, withoutUnused } from './filter-form.ts';
import {
  ONE_TAP,
  PATCHES,
  patchesKey,
  patchesGain,
  patchesOf,
  refusesPatches,
  MOST_PATCH_CHANNELS,
} from './patches.ts';

export const RELAYOUT = 'npu.relayout';
/** On a relayout to FRACTAL_Z: inputs and outputs are exchanged and the taps turned round. */
export const TURNED = 'turned';

const BLOCKS = rule('maps as blocks of channels');
const CONV_PATCHES = rule('convolution over patches');

/** What the pass must know of other rooms. */
export interface LayoutRules {
  readonly isElementwise: (op: Operation) => boolean;
  /** Whom to tell which ops changed their layout and which could not. */
  readonly observer?: PassObserver | null;
}

export function assignLayouts(block: Block, rules: LayoutRules): void {
  new LayoutAssignment(block, rules).run();
}

const withLayout = (type: TensorType, layout: string): TensorType =>
  tensorType(type.shape, type.dtype, { ...type.encoding, layout });

class LayoutAssignment {
  private readonly block: Block;
  private readonly rules: LayoutRules;
  private operations: Operation[] = [];
  /** Each original value as row-major and as NC1HWC0, as far as they exist. */
  private readonly plainOf = new Map<Value, Value>();
  private readonly blockedOf = new Map<Value, Value>();
  private readonly filterOf = new Map<Value, Value>();
  private readonly patchesMade = new Map<Value, Map<string, Value>>();

  constructor(block: Block, rules: LayoutRules) {
    this.block = block;
    this.rules = rules;
  }

  run(): void {
    for (const argument of this.block.arguments) this.plainOf.set(argument, argument);
    for (const op of this.block.operations) this.visit(op);
    this.block.operations = withoutUnused(this.operations);
  }

  private visit(op: Operation): void {
    const begin = this.operations.length;
    const blocked = this.blockedForm(op);
    if (blocked === null) {
      op.operands.forEach((operand, index) => op.setOperand(index, this.plain(operand, op)));
      for (const result of op.results) this.plainOf.set(result, result);
      this.operations.push(op);
      return;
    }
    this.rules.observer?.rewritten({ rule: BLOCKS, op, made: this.operations.slice(begin), values: blocked.results });
    op.results.forEach((result, index) => {
      blocked.results[index].name = result.name;
      const isBlocked = typeOf(blocked.results[index]).encoding?.layout !== undefined;
      (isBlocked ? this.blockedOf : this.plainOf).set(result, blocked.results[index]);
    });
    op.dropUses();
  }

  /** The op on NC1HWC0 maps, appended, or null when it stays row-major. */
  private blockedForm(op: Operation): Operation | null {
    switch (op.name) {
      case 'ms.conv2d':
        return this.convolution(op);
      case 'ms.conv2d_weight_gradient':
        return this.weightGradient(op);
      case 'ms.max_pool2d_gradient':
        return typeOf(op.operands[0]).dtype === 'f32' ? this.onMaps(op) : null;
      case 'ms.max_pool2d':
      case 'ms.avg_pool2d':
        return this.pool(op);
      case 'ms.reduce_mean':
        return this.globalMean(op) ?? this.channelStatistics(op);
      case 'ms.reduce_sum':
        return this.channelStatistics(op);
      case FUSED:
        return this.group(op);
      default:
        return this.rules.isElementwise(op) ? this.elementwise(op) : null;
    }
  }

  private convolution(op: Operation): Operation | null {
    const [x, weight, bias] = op.operands;
    const [map, filter] = [typeOf(x), typeOf(weight)];
    const group = integerOf(op.attributes, 'group');
    const outputs = Number(filter.shape[0]);
    const c0 = map.dtype === 'f32' ? 8 : 16;
    const inputsPerGroup = Number(filter.shape[1]);
    const [kernelHeight, kernelWidth] = filter.shape.slice(2).map(Number);
    if (group > 1 && inputsPerGroup === 1 && outputs === group && map.dtype === 'f32') {
      const taps = this.blockedBlocks(weight, [1, outputs, kernelHeight, kernelWidth], op);
      return this.append(op, [this.blocked(x, op), taps, ...this.biasBlocks(bias, outputs, c0, op)]);
    }
    if (this.usesPatches(op, map, [kernelHeight, kernelWidth])) return this.patchConvolution(op, c0);
    const merged = mergedGroups(group, inputsPerGroup, outputs / group, c0);
    const operands = [
      this.blocked(x, op),
      this.filter(weight, merged, outputs / group, op),
      ...this.biasBlocks(bias, outputs, c0, op),
    ];
    return this.append(op, operands, new Map([...op.attributes, ['group', integerAttribute(group / merged)]]));
  }

  private usesPatches(op: Operation, map: TensorType, kernel: readonly number[]): boolean {
    const refusal = refusesPatches(op, map, kernel);
    if (this.rules.observer && Number(map.shape[1]) <= MOST_PATCH_CHANNELS)
      this.rules.observer.remark(
        refusal ? missed(CONV_PATCHES, op, refusal()) : analysis(CONV_PATCHES, op, patchesGain(map, kernel)),
      );
    return refusal === null;
  }

  /** The gradient of a filter is made from maps; it is row-major itself, like the filter and its moments. */
  private weightGradient(op: Operation): Operation | null {
    const [x, dy] = op.operands;
    const kernel = integersOf(op.attributes, 'kernel');
    if (isMap(x.type) && isMap(dy.type) && this.usesPatches(op, typeOf(x), kernel)) {
      const result = typeOf(op.results[0]);
      const [outputs, ...window] = result.shape.map(Number);
      const flat = tensorType([outputs, window.reduce((product, extent) => product * extent, 1), 1, 1], result.dtype);
      const attributes = new Map([...ONE_TAP, ['kernel', integersAttribute([1, 1])] as const]);
      const operands = [this.patches(x, op, kernel), this.blocked(dy, op)];
      const made = this.create(op.name, operands, [withLayout(flat, 'NC1HWC0')], attributes, op);
      const plain = this.create(RELAYOUT, made.results, [flat], new Map(), op);
      return this.create('ms.reshape', plain.results, [result], new Map(), op);
    }
    const gradient = this.onMaps(op);
    return gradient && this.create(RELAYOUT, gradient.results, [op.results[0].type], new Map(), op);
  }

  /** An op all of whose operands and results are maps. */
  private onMaps(op: Operation): Operation | null {
    if (!op.operands.every(({ type }) => isMap(type))) return null;
    return this.append(
      op,
      op.operands.map((operand) => this.blocked(operand, op)),
    );
  }

  /** A convolution over patches; its filter has the same elements in the same order. */
  private patchConvolution(op: Operation, c0: number): Operation {
    const [x, weight, bias] = op.operands;
    const { shape, dtype } = typeOf(weight);
    const [outputs, ...window] = shape.map(Number);
    const flat = tensorType([outputs, window.reduce((product, extent) => product * extent, 1), 1, 1], dtype);
    const filter = this.create('ms.reshape', [this.plain(weight, op)], [flat], new Map(), op).results[0];
    const patches = this.patches(x, op, window.slice(1));
    const attributes = new Map([...op.attributes, ...ONE_TAP]);
    return this.append(
      op,
      [patches, this.filter(filter, 1, outputs, op), ...this.biasBlocks(bias, outputs, c0, op)],
      attributes,
    );
  }

  private patches(x: Value, op: Operation, kernel: readonly number[]): Value {
    const { type, attributes } = patchesOf(op, typeOf(x), kernel);
    const known = this.patchesMade.get(x) ?? new Map<string, Value>();
    this.patchesMade.set(x, known);
    const key = patchesKey(op, kernel);
    const made = known.get(key) ?? this.create(PATCHES, [this.plain(x, op)], [type], attributes, op).results[0];
    known.set(key, made);
    return made;
  }

  /** The bias with zeros up to whole blocks of channels, which the cube computes. */
  private biasBlocks(bias: Value | undefined, outputs: number, c0: number, op: Operation): readonly Value[] {
    if (!bias) return [];
    const missing = Math.ceil(outputs / c0) * c0 - outputs;
    const plain = this.plain(bias, op);
    if (missing === 0) return [plain];
    const padded = remember(this.filterOf, bias, () => {
      const attributes = new Map<string, Attribute>([
        ['low', integersAttribute([0])],
        ['high', integersAttribute([missing])],
        ['mode', stringAttribute('constant')],
        ['value', floatAttribute(0)],
      ]);
      return this.create('ms.pad', [plain], [tensorType([outputs + missing], typeOf(bias).dtype)], attributes, op)
        .results[0];
    });
    return [padded];
  }

  private pool(op: Operation): Operation | null {
    return isMap(op.operands[0].type) && typeOf(op.operands[0]).dtype === 'f32'
      ? this.append(op, [this.blocked(op.operands[0], op)])
      : null;
  }

  /** The mean over a whole map is an average pool with one window. */
  private globalMean(op: Operation): Operation | null {
    const [x] = op.operands;
    const axes = integersOf(op.attributes, 'axes');
    if (!this.blockedOf.has(x) || axes.length !== 2 || axes[0] !== 2 || axes[1] !== 3 || typeOf(x).dtype !== 'f32')
      return null;
    const shape = staticShape(typeOf(x));
    if (shape === null) return null;
    const attributes = new Map<string, Attribute>([
      ['kernel', integersAttribute([shape[2], shape[3]])],
      ['strides', integersAttribute([1, 1])],
      ['pads', integersAttribute([0, 0, 0, 0])],
      ['dilations', integersAttribute([1, 1])],
      ['ceil_mode', boolAttribute(false)],
      ['count_include_pad', boolAttribute(true)],
    ]);
    const type = tensorType([shape[0], shape[1], 1, 1], typeOf(x).dtype, { layout: 'NC1HWC0' });
    const pooled = this.create('ms.avg_pool2d', [this.blocked(x, op)], [type], attributes, op);
    if (typeOf(op.results[0]).shape.length === 4) return pooled;
    const plain = this.create(RELAYOUT, pooled.results, [tensorType(type.shape, type.dtype)], new Map(), op);
    return this.create('ms.reshape', plain.results, [op.results[0].type], new Map(), op);
  }

  /** Sums and means over all but the channels stay blocks of channels. */
  private channelStatistics(op: Operation): Operation | null {
    const [x] = op.operands;
    const axes = integersOf(op.attributes, 'axes');
    if (!this.blockedOf.has(x) || axes.join() !== '0,2,3') return null;
    const { shape, dtype } = typeOf(x);
    const type = tensorType([1, shape[1], 1, 1], dtype, { layout: 'NC1HWC0' });
    const attributes = new Map([...op.attributes, ['keep_dims', boolAttribute(true)] as const]);
    const sum = this.create(op.name, [this.blocked(x, op)], [type], attributes, op);
    if (typeOf(op.results[0]).shape.length === 4) return sum;
    const plain = this.create(RELAYOUT, sum.results, [tensorType(type.shape, dtype)], new Map(), op);
    return this.create('ms.reshape', plain.results, [op.results[0].type], new Map(), op);
  }

  private elementwise(op: Operation): Operation | null {
    return this.worksOnBlocks(op) ? this.append(op, this.blockedOperands(op)) : null;
  }

  /** Whether an elementwise op or a group reads blocks and may go on with them. */
  private worksOnBlocks(op: Operation): boolean {
    if (!op.operands.some((operand) => this.blockedOf.has(operand))) return false;
    const refusal = refusesBlocks(op, this.rules.isElementwise);
    if (refusal !== null) this.rules.observer?.remark(missed(BLOCKS, op, refusal()));
    return refusal === null;
  }

  /** The operands of an elementwise op on maps: blocks of channels, and scalars as they are. */
  private blockedOperands(op: Operation): readonly Value[] {
    const channels = typeOf(op.results[0]).shape[1];
    return op.operands.map((operand) =>
      hasChannels(operand.type, channels) ? this.blocked(operand, op) : this.plain(operand, op),
    );
  }

  /** A group of elementwise ops on blocks of channels, conditions included. */
  private group(op: Operation): Operation | null {
    if (!this.worksOnBlocks(op)) return null;
    const [body] = op.regions;
    const operands = this.blockedOperands(op);
    const inner = new Map<Value, Value>();
    const region = new Block(operands.map((operand) => operand.type));
    body.arguments.forEach((argument, index) => inner.set(argument, region.arguments[index]));
    for (const part of body.operations) {
      const types = part.results.map((result) =>
        isScalar(result.type) ? result.type : withLayout(typeOf(result), 'NC1HWC0'),
      );
      const sources = part.operands.map((operand) => inner.get(operand) ?? operand);
      const copy = new Op(part.name, sources, types, part.attributes, [], part.location);
      region.operations.push(copy);
      part.results.forEach((result, index) => inner.set(result, copy.results[index]));
    }
    const types = op.results.map((result) => withLayout(typeOf(result), 'NC1HWC0'));
    const created = new Op(FUSED, operands, types, op.attributes, [region], op.location);
    this.operations.push(created);
    return created;
  }

  private append(op: Operation, operands: readonly Value[], attributes: AttributeMap = op.attributes): Operation {
    const types = op.results.map((result) => withLayout(typeOf(result), 'NC1HWC0'));
    return this.create(op.name, operands, types, attributes, op);
  }

  private create(
    name: string,
    operands: readonly Value[],
    types: readonly Type[],
    attributes: AttributeMap,
    origin: Operation,
  ): Operation {
    const created = new Op(name, operands, types, attributes, [], origin.location);
    this.operations.push(created);
    return created;
  }

  private relayout(value: Value, type: TensorType, origin: Operation): Value {
    return this.create(RELAYOUT, [value], [type], new Map(), origin).results[0];
  }

  private blocked(value: Value, origin: Operation): Value {
    return remember(this.blockedOf, value, () =>
      this.relayout(this.plain(value, origin), withLayout(typeOf(value), 'NC1HWC0'), origin),
    );
  }

  private plain(value: Value, origin: Operation): Value {
    return remember(this.plainOf, value, () => {
      const blocked = this.blockedOf.get(value);
      return blocked ? this.relayout(blocked, tensorType(typeOf(value).shape, typeOf(value).dtype), origin) : value;
    });
  }

  /** A filter for the cube; merged groups get zeros where an output channel does not see an input channel. */
  private filter(value: Value, merged: number, groupOutputs: number, origin: Operation): Value {
    return remember(this.filterOf, value, () => {
      const [outputs, inputs, ...kernel] = typeOf(value).shape;
      const type = tensorType([outputs, Number(inputs) * merged, ...kernel], typeOf(value).dtype, {
        layout: 'FRACTAL_Z',
      });
      const turned = merged === 1 ? turnedFilter(value) : null;
      if (turned)
        return this.create(
          RELAYOUT,
          [this.plain(turned, origin)],
          [type],
          new Map([[TURNED, boolAttribute(true)]]),
          origin,
        ).results[0];
      const attributes = new Map(merged > 1 ? [['group_outputs', integerAttribute(groupOutputs)] as const] : []);
      return this.create(RELAYOUT, [this.plain(value, origin)], [type], attributes, origin).results[0];
    });
  }

  /** A per-channel parameter as blocks of C0 channels, zero past the last one. */
  private blockedBlocks(value: Value, shape: readonly number[], origin: Operation): Value {
    return remember(this.filterOf, value, () => {
      const type = tensorType(shape, typeOf(value).dtype);
      const reshaped = this.create('ms.reshape', [this.plain(value, origin)], [type], new Map(), origin).results[0];
      return this.relayout(reshaped, withLayout(type, 'NC1HWC0'), origin);
    });
  }
}

function remember(table: Map<Value, Value>, value: Value, make: () => Value): Value {
  const known = table.get(value);
  if (known) return known;
  const made = make();
  table.set(value, made);
  return made;
}
