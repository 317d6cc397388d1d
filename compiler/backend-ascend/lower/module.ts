/**
 * From @fused to @tile: each op of `@main` becomes launches of kernels over GM buffers, or a step of its own.
 *
 * Work that depends on parameters and constants alone is launched in the `prepare` phase: once after the weights are in
 * place, on the NPU like everything else. Parameters that `@main` gives new values (state) are inputs in this respect;
 * the new value goes back to the parameter's buffer when `@main` ends.
 */
import type { Attribute, Diagnostic, Location, Operation, TensorType, Value } from '../../ir/index.ts';
import {
  Block,
  Module,
  Operation as Op,
  boolAttribute,
  denseAttribute,
  functionType,
  integerAttribute,
  integersAttribute,
  stringAttribute,
  stringOf,
  symbolAttribute,
  symbolsOf,
  tensorType,
  typeAttribute,
} from '../../ir/index.ts';
import { CONTROL_YIELD } from '../../passes/control/index.ts';
import type { PassObserver } from '../../passes/rewrite/index.ts';
import type { Chip } from '../../../runtime/target/index.ts';
import { ALLOC, CONSTANT, LAUNCH, bufferType, indexType, rootBuffer } from '../tile/dialect.ts';
import { KernelBuilder } from '../tile/kernel-builder.ts';
import { ByteTable } from './byte-table.ts';
import { unfitTensor } from './diagnostics.ts';
import { physicalBytes } from './layout.ts';
import type { KernelRequest, LoweredModule, LowerRule, Move, StepLowering } from './lowering.ts';
import { inOrder, solidCopy } from './moves.ts';
import { launchCopy } from './shape/copy.ts';
import { argumentEntries, stateOf } from './signature.ts';
import { STEP_RULES } from './steps.ts';
import { tensorOf } from './tensor.ts';

/** Lowers `@main` of a module whose calls are inlined; `rule` finds the row of an op, or says what is missing. */
export function lowerModule(
  module: Module,
  chip: Chip,
  rule: (op: Operation) => LowerRule | Diagnostic,
  observer: PassObserver | null = null,
): LoweredModule {
  const main = symbolsOf(module.body).get('main');
  if (!main) throw new Error('the module has no @main');
  return new ModuleLowering(module, chip, main, observer).run(rule);
}

const bytesOf = (value: Value): number => physicalBytes(tensorOf(value));

/** The name of the rule that makes the kernels of an op: its row in the tables of `table.ts`, `steps.ts` and `rowwise/`. */
export const kernelRule = (op: string): string => `kernels of ${op}`;

function isEmpty(op: Operation): boolean {
  return op.results.length > 0 && op.results.every(({ type }) => type.kind === 'tensor' && physicalBytes(type) === 0);
}

class ModuleLowering implements StepLowering {
  readonly chip: Chip;
  readonly observer: PassObserver | null;
  private readonly source: Module;
  private readonly main: Operation;
  private readonly body = new Block();
  private readonly kernels = new Map<string, Operation>();
  private readonly kernelNames = new Map<string, number>();
  private readonly memory = new Map<string, unknown>();
  private readonly constants = new ByteTable();
  private readonly buffers = new Map<Value, Value>();
  /** Values known before the network's inputs arrive. */
  private readonly prepared = new Set<Value>();
  private readonly diagnostics: Diagnostic[] = [];
  /** Where steps of the main phase go: the body, or a region that is being lowered. */
  private current: Block = this.body;
  private location: Location = null;
  private phase: 'prepare' | 'main' = 'main';
  private isMove = false;
  private rule: (op: Operation) => LowerRule | Diagnostic = () => null as never;

  constructor(source: Module, chip: Chip, main: Operation, observer: PassObserver | null) {
    this.observer = observer;
    this.source = source;
    this.chip = chip;
    this.main = main;
  }

  run(rule: (op: Operation) => LowerRule | Diagnostic): LoweredModule {
    this.rule = rule;
    this.arguments();
    this.lowerBlock(this.main.regions[0]);
    return { module: this.finish(), diagnostics: this.diagnostics };
  }

  /** Lowers the operations of a block into the current one, except its terminator. */
  lowerBlock(block: Block): void {
    for (const op of block.operations) this.lower(op);
  }

  private lower(op: Operation): void {
    this.location = op.location;
    if (op.name === 'func.return') return this.return(op);
    if (op.name === CONTROL_YIELD) return;
    const step = STEP_RULES[op.name];
    this.phase = step === undefined && op.operands.every((operand) => this.prepared.has(operand)) ? 'prepare' : 'main';
    if (this.phase === 'prepare') for (const result of op.results) this.prepared.add(result);
    // Results without elements take no work; their operands may be any size.
    const unfit = unfitTensor(op, this.chip);
    if (unfit === null && step === undefined && isEmpty(op)) return;
    const found = unfit ?? step ?? this.rule(op);
    const into = this.phase === 'prepare' ? this.body : this.current;
    const begin = into.operations.length;
    const problem = typeof found === 'function' ? found(op, this) : found;
    if (problem) this.diagnostics.push(problem);
    else if (this.observer) {
      const made = into.operations.slice(begin);
      const values = op.results.map((result) => this.buffers.get(result) ?? result);
      this.observer.rewritten({ rule: kernelRule(op.name), op, made, values });
    }
  }

  /** Results that are new values of parameters go back to where the parameters lie. */
  private return(op: Operation): void {
    this.phase = 'main';
    const state = stateOf(this.main);
    const targets = new Map(state.map(({ result, argument }) => [result, argument]));
    const valueTargets = new Map(state.map(({ result, argument }) => [op.operands[result], argument]));
    const changed = new Set(state.map(({ argument }) => this.buffer(argument)));
    const returned = op.operands.map((operand, index) => {
      const target = targets.get(index) ?? valueTargets.get(operand);
      if (target) return this.buffer(target);
      const buffer = this.buffer(operand);
      return changed.has(rootBuffer(buffer)) ? this.copyOf(operand) : buffer;
    });
    this.move(
      state.map(({ result, argument }) => ({
        source: this.buffer(op.operands[result]),
        target: this.buffer(argument),
        bytes: bytesOf(argument),
      })),
    );
    this.append('func.return', returned, []);
  }

  /** A buffer of its own with the bytes of a value. */
  private copyOf(value: Value): Value {
    const target = this.allocate(bytesOf(value), tensorOf(value));
    this.move([{ source: this.buffer(value), target, bytes: bytesOf(value) }]);
    return target;
  }

  /** All moves as if at once. */
  move(moves: readonly Move[]): void {
    this.isMove = true;
    for (const { source, target, bytes } of inOrder(moves, (size) => this.workspace(size)))
      launchCopy(this, 'move', solidCopy(bytes), { buffer: source, bytes: 0 }, { buffer: target, bytes: 0 });
    this.isMove = false;
  }

  /** Lowers into a block of its own; `arguments_` are the buffers that the block's arguments stand for. */
  region(block: Block, values: readonly (readonly [argument: Value, buffer: Value])[], end: () => void): Block {
    const outer = this.current;
    const inner = new Block();
    for (const [argument, buffer] of values) this.buffers.set(argument, buffer);
    this.current = inner;
    this.lowerBlock(block);
    this.phase = 'main';
    end();
    this.current = outer;
    return inner;
  }

  step(
    name: string,
    operands: readonly Value[],
    attributes: ReadonlyMap<string, Attribute>,
    regions: readonly Block[] = [],
  ): void {
    this.append(name, operands, [], attributes, regions);
  }

  isPrepared(value: Value): boolean {
    return this.prepared.has(value);
  }

  bind(result: Value, buffer: Value): void {
    this.buffers.set(result, buffer);
  }

  prepare(argument: Value): void {
    this.prepared.add(argument);
  }

  fresh(value: Value): Value {
    return this.allocate(bytesOf(value), tensorOf(value));
  }

  buffer(value: Value): Value {
    const known = this.buffers.get(value);
    if (known) return known;
    if (value.type.kind !== 'tensor') throw new Error(`a ${value.type.key} has no GM buffer`);
    const buffer = this.allocate(physicalBytes(value.type), value.type);
    buffer.name = value.name;
    this.buffers.set(value, buffer);
    return buffer;
  }

  alias(result: Value, source: Value): void {
    this.buffers.set(result, this.buffer(source));
  }

  workspace(bytes: number): Value {
    return this.allocate(bytes, null);
  }

  constant(bytes: Uint8Array): Value {
    return this.constants.intern(bytes, () => {
      const type = tensorType([bytes.length], 'ui8');
      const attributes = new Map([['value', denseAttribute(type, bytes)]]);
      const op = new Op(CONSTANT, [], [bufferType('gm')], attributes, [], this.location);
      this.body.operations.push(op);
      return op.results[0];
    });
  }

  store(result: Value, bytes: Uint8Array): void {
    this.buffers.set(result, this.constant(bytes));
  }

  remember<Result>(key: string, make: () => Result): Result {
    // A key is written by one rule, which makes one type.
    if (!this.memory.has(key)) this.memory.set(key, make());
    return this.memory.get(key) as Result;
  }

  launch(request: KernelRequest, args: readonly (Value | number)[]): void {
    const kernel = this.kernels.get(request.key) ?? this.write(request);
    const attributes = new Map<string, Attribute>([
      ['kernel', symbolAttribute(stringOf(kernel.attributes, 'sym_name'))],
      ['blocks', integerAttribute(request.blocks)],
      ['phase', stringAttribute(this.phase)],
    ]);
    if (request.inPlace) attributes.set('in_place', integersAttribute(request.inPlace.flat()));
    if (this.isMove) attributes.set('move', boolAttribute(true));
    this.append(
      LAUNCH,
      args.map((argument) => (typeof argument === 'number' ? this.integer(argument) : argument)),
      [],
      attributes,
    );
  }

  private arguments(): void {
    const entries = argumentEntries(this.main);
    const state = new Set(stateOf(this.main).map(({ argument }) => argument));
    this.main.regions[0].arguments.forEach((argument, index) => {
      const buffer = this.body.addArgument(bufferType('gm'));
      buffer.name = argument.name;
      this.buffers.set(argument, buffer);
      if (entries[index]?.has('ms.param') && !state.has(argument)) this.prepared.add(argument);
    });
  }

  private write(request: KernelRequest): Operation {
    const count = this.kernelNames.get(request.name) ?? 0;
    this.kernelNames.set(request.name, count + 1);
    const builder = new KernelBuilder(`${request.name}_${count}`, request.core, this.location);
    request.write(builder);
    const kernel = builder.finish();
    this.kernels.set(request.key, kernel);
    return kernel;
  }

  private allocate(bytes: number, type: TensorType | null): Value {
    const attributes = new Map<string, Attribute>([
      ['space', stringAttribute('gm')],
      ['bytes', integerAttribute(bytes)],
      ['phase', stringAttribute(this.phase)],
    ]);
    if (type) attributes.set('type', typeAttribute(type));
    return this.append(ALLOC, [], [bufferType('gm')], attributes).results[0];
  }

  private integer(value: number): Value {
    return this.append('arith.constant', [], [indexType], new Map([['value', integerAttribute(value, 'index')]]))
      .results[0];
  }

  private append(
    name: string,
    operands: readonly Value[],
    results: readonly Value['type'][],
    attributes: ReadonlyMap<string, Attribute> = new Map(),
    regions: readonly Block[] = [],
  ): Operation {
    const op = new Op(name, operands, results, attributes, regions, this.location);
    // What is prepared is prepared once, also for the inside of a loop.
    (this.phase === 'prepare' ? this.body : this.current).operations.push(op);
    return op;
  }

  private finish(): Module {
    const returned = this.body.operations.at(-1)?.operands ?? [];
    const type = functionType(
      this.body.arguments.map((argument) => argument.type),
      returned.map((value) => value.type),
    );
    const attributes = new Map<string, Attribute>(this.main.attributes);
    attributes.set('ms.signature', this.main.attributes.get('function_type') ?? typeAttribute(type));
    attributes.set('function_type', typeAttribute(type));
    const main = new Op('func.func', [], [], attributes, [this.body], this.main.location);
    const top = new Block();
    top.operations = [...this.kernels.values(), main];
    const moduleAttributes = new Map<string, Attribute>(this.source.attributes);
    moduleAttributes.set('ms.stage', stringAttribute('tile'));
    moduleAttributes.set('ms.target', stringAttribute(this.chip.name));
    return new Module(top, moduleAttributes, this.source.location, this.source.name);
  }
}
