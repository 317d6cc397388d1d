/** From a scheduled module to a program: streams, launches, and where every tensor lies in GM. */
import type { AttributeMap, Location, Module, Operation, TensorType, Type, Value } from '../../ir/index.ts';
import { integerOf, locationText, stringOf } from '../../ir/index.ts';
import type { DataSource, Kernel, Launch, Program, StoredTensor, TensorSlot } from '../../../runtime/program/index.ts';
import type { InstructionTable } from '../schedule/access.ts';
import { globalAddress, planGlobalMemory } from '../schedule/global-memory.ts';
import type { GlobalMemoryPlan } from '../schedule/global-memory.ts';
import { physicalBytes } from '../lower/layout.ts';
import { argumentEntries } from '../lower/lowering.ts';
import { CONSTANT, LAUNCH, constantBytes, constantOf } from '../tile/dialect.ts';
import { selectKernel } from './select.ts';

/** Where parameter data comes from, by parameter name. */
export type ParameterSource = (name: string) => DataSource;

/** Assembles a module of the @scheduled stage. */
export function assembleProgram(
  module: Module,
  entry: string,
  table: InstructionTable,
  sourceOf: ParameterSource,
): Program {
  const functions = module.body.operations.filter((op) => op.name === 'func.func');
  const main = functions.find((op) => stringOf(op.attributes, 'sym_name') === 'main');
  if (!main) throw new Error('the module has no @main');
  const kernelOps = functions.filter((op) => op !== main);
  const signature = signatureOf(main);
  const plan = planGlobalMemory(main, signature.inputs.map(physicalBytes));
  const locations = new LocationTable();
  const kernels = kernelOps.map((op): Kernel => {
    const core = stringOf(op.attributes, 'npu.core') === 'cube' ? 'cube' : 'vector';
    return {
      name: stringOf(op.attributes, 'sym_name'),
      core,
      streams: [{ core, ...selectKernel(op, table, (at) => locations.number(at)) }],
    };
  });
  const kernelNumber = new Map(kernels.map((kernel, index) => [kernel.name, index]));
  const slots = argumentSlots(main, signature.inputs, plan, sourceOf);
  const launches = (phase: string): readonly Launch[] =>
    main.regions[0].operations
      .filter((op) => op.name === LAUNCH && stringOf(op.attributes, 'phase') === phase)
      .map((op) => launchOf(op, kernelNumber, plan, locations));
  return {
    target: stringOf(module.attributes, 'ms.target'),
    entry,
    ...slots,
    outputs: outputSlots(main, signature.results, plan),
    constants: storedConstants(main, plan),
    gmBytes: plan.totalBytes,
    kernels,
    prepare: launches('prepare'),
    main: launches('main'),
    locations: locations.texts,
  };
}

function signatureOf(main: Operation): {
  readonly inputs: readonly TensorType[];
  readonly results: readonly TensorType[];
} {
  const attribute = main.attributes.get('ms.signature');
  if (attribute?.kind !== 'type' || attribute.type.kind !== 'function') throw new Error('@main has no ms.signature');
  return { inputs: attribute.type.inputs.map(tensorOf), results: attribute.type.results.map(tensorOf) };
}

function tensorOf(type: Type): TensorType {
  if (type.kind !== 'tensor') throw new Error('inputs and outputs of a program are tensors');
  return type;
}

function slot(name: string, type: TensorType, address: number): TensorSlot {
  return { name, dtype: type.dtype, shape: type.shape.map(Number), address, bytes: physicalBytes(type) };
}

function argumentSlots(
  main: Operation,
  types: readonly TensorType[],
  plan: GlobalMemoryPlan,
  sourceOf: ParameterSource,
) {
  const inputs: TensorSlot[] = [];
  const parameters: StoredTensor[] = [];
  const entries = argumentEntries(main);
  main.regions[0].arguments.forEach((argument, index) => {
    const address = plan.addresses.get(argument) ?? 0;
    const parameter = textOf(entries[index], 'ms.param');
    if (parameter === null)
      inputs.push(slot(textOf(entries[index], 'ms.name') ?? (argument.name || `arg${index}`), types[index], address));
    else parameters.push({ ...slot(parameter, types[index], address), source: sourceOf(parameter) });
  });
  return { inputs, parameters };
}

function textOf(entries: AttributeMap | undefined, name: string): string | null {
  const attribute = entries?.get(name);
  return attribute?.kind === 'string' ? attribute.value : null;
}

function outputSlots(main: Operation, types: readonly TensorType[], plan: GlobalMemoryPlan): readonly TensorSlot[] {
  const returned = main.regions[0].operations.at(-1)?.operands ?? [];
  return returned.map((value, index) => slot(`out${index}`, types[index], globalAddress(value, plan, integerConstant)));
}

function storedConstants(main: Operation, plan: GlobalMemoryPlan): readonly StoredTensor[] {
  const ops = main.regions[0].operations.filter((op) => op.name === CONSTANT);
  return ops.map((op, index) => {
    const data = constantBytes(op);
    const address = plan.addresses.get(op.results[0]) ?? 0;
    return {
      name: `constant${index}`,
      dtype: 'ui8',
      shape: [data.length],
      address,
      bytes: data.length,
      source: { kind: 'embedded', data },
    };
  });
}

function launchOf(
  op: Operation,
  kernelNumber: ReadonlyMap<string, number>,
  plan: GlobalMemoryPlan,
  locations: LocationTable,
): Launch {
  const symbol = op.attributes.get('kernel');
  const kernel = symbol?.kind === 'symbol' ? kernelNumber.get(symbol.name) : undefined;
  if (kernel === undefined) throw new Error('a launch names no kernel of the module');
  return {
    kind: 'launch',
    kernel,
    blockCount: integerOf(op.attributes, 'blocks'),
    args: op.operands.map((operand) => constantOf(operand) ?? globalAddress(operand, plan, integerConstant)),
    location: locations.number(op.location),
  };
}

function integerConstant(value: Value): number {
  const constant = constantOf(value);
  if (constant === null) throw new Error('a GM address in @main is known when compiling');
  return constant;
}

/** Texts of source locations, numbered in order of first use. */
class LocationTable {
  readonly texts: string[] = [];
  private readonly numbers = new Map<string, number>();

  number(location: Location): number {
    const text = locationText(location);
    const known = this.numbers.get(text);
    if (known !== undefined) return known;
    this.numbers.set(text, this.texts.length);
    return this.texts.push(text) - 1;
  }
}
