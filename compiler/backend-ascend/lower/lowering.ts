/**
 * From @fused to @tile: each op becomes launches of kernels over GM buffers.
 *
 * A family's rule looks at one op and writes its kernel through `KernelBuilder`. Kernels are shared: a rule names its
 * kernel by everything that decides the instructions (`key`), and a kernel with a known key is not written again.
 * Work that depends on parameters and constants alone is launched in the `prepare` phase: once after the weights are
 * in place, on the NPU like everything else.
 */
import type { Attribute, Diagnostic, Location, Operation, TensorType, Value } from '../../ir/index.ts';
import {
  Block,
  Module,
  Operation as Op,
  arrayAttribute,
  denseAttribute,
  functionType,
  integerAttribute,
  stringAttribute,
  stringOf,
  symbolAttribute,
  symbolsOf,
  tensorType,
  typeAttribute,
} from '../../ir/index.ts';
import type { Chip } from '../../../runtime/target/index.ts';
import { ALLOC, CONSTANT, LAUNCH, bufferType, indexType } from '../tile/dialect.ts';
import { KernelBuilder } from '../tile/kernel-builder.ts';
import { unfitTensor } from './diagnostics.ts';
import { physicalBytes } from './layout.ts';

/** What a lowering rule gets besides the op. */
export interface Lowering {
  readonly chip: Chip;
  /** The GM buffer of an operand, or of a result of the op being lowered (allocated on first use). */
  buffer(value: Value): Value;
  /** Says that a result is the same bytes as another value: no kernel is needed. */
  alias(result: Value, source: Value): void;
  /** Scratch GM memory for this op. */
  workspace(bytes: number): Value;
  /** A GM buffer that holds these bytes before anything runs: a table that the compiler made, or data of the network. */
  constant(bytes: Uint8Array): Value;
  /** Says that a result is constant data. */
  store(result: Value, bytes: Uint8Array): void;
  /** What `make` gives for a key, made once for the module: choices that cost a search. */
  remember<Result>(key: string, make: () => Result): Result;
  /** Starts the kernel with this key, writing it first if it is new. Arguments are buffers, then integers. */
  launch(kernel: KernelRequest, args: readonly (Value | number)[]): void;
}

export interface KernelRequest {
  /** Everything that decides the kernel's instructions. */
  readonly key: string;
  /** A readable stem for the kernel's name, e.g. `matmul_f32`. */
  readonly name: string;
  readonly core: 'cube' | 'vector';
  /** How many cores take part. */
  readonly blocks: number;
  readonly write: (kernel: KernelBuilder) => void;
}

/** Lowers one op, or says why it cannot be lowered. */
export type LowerRule = (op: Operation, lowering: Lowering) => Diagnostic | null;

/** The lower column of the grid, as this driver sees it. */
export type LowerTable = ReadonlyMap<string, LowerRule>;

export interface LoweredModule {
  readonly module: Module;
  readonly diagnostics: readonly Diagnostic[];
}

/** Lowers `@main` of a module whose calls are inlined; `rule` finds the row of an op, or says what is missing. */
export function lowerModule(
  module: Module,
  chip: Chip,
  rule: (op: Operation) => LowerRule | Diagnostic,
): LoweredModule {
  const main = symbolsOf(module.body).get('main');
  if (!main) throw new Error('the module has no @main');
  return new ModuleLowering(module, chip, main).run(rule);
}

function isEmpty(op: Operation): boolean {
  return op.results.length > 0 && op.results.every(({ type }) => type.kind === 'tensor' && physicalBytes(type) === 0);
}

class ModuleLowering implements Lowering {
  readonly chip: Chip;
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
  private location: Location = null;
  private phase: 'prepare' | 'main' = 'main';

  constructor(source: Module, chip: Chip, main: Operation) {
    this.source = source;
    this.chip = chip;
    this.main = main;
  }

  run(rule: (op: Operation) => LowerRule | Diagnostic): LoweredModule {
    const diagnostics: Diagnostic[] = [];
    this.arguments();
    for (const op of this.main.regions[0].operations) {
      this.location = op.location;
      if (op.name === 'func.return') {
        this.append(
          'func.return',
          op.operands.map((operand) => this.buffer(operand)),
          [],
        );
        continue;
      }
      const constant = op.operands.every((operand) => this.prepared.has(operand));
      this.phase = constant ? 'prepare' : 'main';
      if (constant) for (const result of op.results) this.prepared.add(result);
      // Results without elements take no work; their operands may be any size.
      const unfit = unfitTensor(op, this.chip);
      if (unfit === null && isEmpty(op)) continue;
      const found = unfit ?? rule(op);
      const problem = typeof found === 'function' ? found(op, this) : found;
      if (problem) diagnostics.push(problem);
    }
    return { module: this.finish(), diagnostics };
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
      return this.append(CONSTANT, [], [bufferType('gm')], new Map([['value', denseAttribute(type, bytes)]]))
        .results[0];
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
    this.append(
      LAUNCH,
      args.map((argument) => (typeof argument === 'number' ? this.integer(argument) : argument)),
      [],
      attributes,
    );
  }

  private arguments(): void {
    const entries = argumentEntries(this.main);
    this.main.regions[0].arguments.forEach((argument, index) => {
      const buffer = this.body.addArgument(bufferType('gm'));
      buffer.name = argument.name;
      this.buffers.set(argument, buffer);
      if (entries[index]?.has('ms.param')) this.prepared.add(argument);
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
  ): Operation {
    const op = new Op(name, operands, results, attributes, [], this.location);
    this.body.operations.push(op);
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

/** Constants by content, so that equal tables are stored once. */
class ByteTable {
  private readonly byHash = new Map<number, { readonly bytes: Uint8Array; readonly value: Value }[]>();

  intern(bytes: Uint8Array, make: () => Value): Value {
    const hash = bytes.reduce((sum, byte) => (Math.imul(sum, 31) + byte) | 0, bytes.length);
    const entries = this.byHash.get(hash) ?? [];
    this.byHash.set(hash, entries);
    const known = entries.find(
      (entry) => entry.bytes.length === bytes.length && entry.bytes.every((byte, at) => byte === bytes[at]),
    );
    if (known) return known.value;
    const value = make();
    entries.push({ bytes, value });
    return value;
  }
}

/** The attribute dictionaries of a function's arguments. */
export function argumentEntries(func: Operation): readonly ReadonlyMap<string, Attribute>[] {
  const attribute = func.attributes.get('arg_attrs') ?? arrayAttribute([]);
  if (attribute.kind !== 'array') return [];
  return attribute.elements.map((element) => (element.kind === 'dictionary' ? element.entries : new Map()));
}
