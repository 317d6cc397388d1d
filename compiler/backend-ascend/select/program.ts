/** From a scheduled module to a program: streams, launches, and where every tensor lies in GM. */
import type { Module, Operation, TensorType, Type } from '../../ir/index.ts';
import { stringOf } from '../../ir/index.ts';
import type { DataSource, Kernel, Program, StoredTensor, TensorSlot } from '../../../runtime/program/index.ts';
import type { InstructionTable } from '../schedule/access.ts';
import { globalAddress, planGlobalMemory } from '../schedule/global-memory.ts';
import type { GlobalMemoryPlan } from '../schedule/global-memory.ts';
import { kernelDirections, timelineOf } from '../schedule/timeline.ts';
import type { Timeline } from '../schedule/timeline.ts';
import { physicalBytes } from '../lower/layout.ts';
import { argumentEntries, parametersReturned, textOf } from '../lower/signature.ts';
import { CONSTANT, constantBytes } from '../tile/dialect.ts';
import { LocationTable } from './locations.ts';
import { selectKernel } from './select.ts';
import { StepAssembly, integerConstant } from './steps.ts';

/** Where parameter data comes from, by parameter name. */
export type ParameterSource = (name: string) => DataSource;

/** Assembles a module of the @scheduled stage. */
export function assembleProgram(
  module: Module,
  entry: string,
  table: InstructionTable,
  sourceOf: ParameterSource,
): Program {
  const { main, kernels: kernelOps, signature, timeline, plan } = globalMemoryOf(module, table);
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
  const slots = tensorSlots(main, signature, plan, sourceOf);
  const steps = new StepAssembly({ main, kernelNumber, plan, timeline, locations, arguments: signature.inputs });
  return {
    target: stringOf(module.attributes, 'ms.target'),
    entry,
    ...slots,
    constants: storedConstants(main, plan),
    gmBytes: plan.totalBytes,
    kernels,
    prepare: steps.prepare(),
    main: steps.main(),
    locations: locations.texts,
  };
}

/** The steps of a module and where its GM buffers lie. */
export interface GlobalMemory {
  readonly main: Operation;
  readonly kernels: readonly Operation[];
  readonly signature: Signature;
  readonly timeline: Timeline;
  readonly plan: GlobalMemoryPlan;
}

/** What the addresses of a program are made from. */
export function globalMemoryOf(module: Module, table: InstructionTable): GlobalMemory {
  const functions = module.body.operations.filter((op) => op.name === 'func.func');
  const main = functions.find((op) => stringOf(op.attributes, 'sym_name') === 'main');
  if (!main) throw new Error('the module has no @main');
  const kernels = functions.filter((op) => op !== main);
  const signature = signatureOf(main);
  const timeline = timelineOf(main, kernelDirections(kernels, table));
  const plan = planGlobalMemory(main, signature.inputs.map(physicalBytes), timeline);
  return { main, kernels, signature, timeline, plan };
}

/** Types of the arguments and results of `@main`. */
interface Signature {
  readonly inputs: readonly TensorType[];
  readonly results: readonly TensorType[];
}

function signatureOf(main: Operation): Signature {
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

/** Where inputs, outputs and parameters lie; a result that is the new value of a parameter is no output. */
function tensorSlots(main: Operation, signature: Signature, plan: GlobalMemoryPlan, sourceOf: ParameterSource) {
  const inputs: TensorSlot[] = [];
  const parameters: StoredTensor[] = [];
  const entries = argumentEntries(main);
  const returned = parametersReturned(main);
  main.regions[0].arguments.forEach((argument, index) => {
    const address = plan.addresses.get(argument) ?? 0;
    const name = textOf(entries[index], 'ms.param');
    const type = signature.inputs[index];
    if (name === null) {
      const given = textOf(entries[index], 'ms.input') ?? textOf(entries[index], 'ms.name');
      inputs.push(slot(given ?? (argument.name || `arg${index}`), type, address));
    } else {
      const isState = returned.includes(name) ? { isState: true } : {};
      parameters.push({ ...slot(name, type, address), source: sourceOf(name), ...isState });
    }
  });
  const outputs: TensorSlot[] = [];
  const results = main.regions[0].operations.at(-1)?.operands ?? [];
  results.forEach((value, index) => {
    const name = returned[index];
    const address = globalAddress(value, plan, integerConstant);
    if (name === null) outputs.push(slot(`out${outputs.length}`, signature.results[index], address));
    else if (parameters.every((parameter) => parameter.name !== name))
      parameters.push({ ...slot(name, signature.results[index], address), source: NEVER_READ, isState: true });
  });
  return { inputs, parameters, outputs };
}

/** A parameter that is given values but read by nobody has no first value. */
const NEVER_READ: DataSource = { kind: 'embedded', data: new Uint8Array() };

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
