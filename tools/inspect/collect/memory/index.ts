/** The memory of programs as the compiler planned it; the plan is asked for, nothing is inferred from instructions. */
import type { Module, Operation, TensorType } from '../../../../compiler/ir/index.ts';
import { definingOperation, dtypeBytes, elementCount, staticShape, stringOf } from '../../../../compiler/ir/index.ts';
import type { PlannedBuffer, PlannedStep, PlannedTenant } from '../../../../compiler/backend-ascend/index.ts';
import { isKernel, kernelMemory, plannedMemory } from '../../../../compiler/backend-ascend/index.ts';
import { instructionByMnemonic } from '../../../../runtime/isa/index.ts';
import type { Program } from '../../../../runtime/program/index.ts';
import { chipByName, defaultChip, reservedBytes } from '../../../../runtime/target/index.ts';
import type {
  DeviceMemory,
  KernelMemory,
  MemoryBuffer,
  MemorySection,
  MemoryStep,
  MemoryTenant,
  OnChipSpace,
} from '../../report/index.ts';
import { onChipSpaces } from '../../report/index.ts';
import type { PlaceTable } from '../places.ts';

/** A program and the scheduled module from which it was made. */
export interface PlannedProgram {
  readonly program: Program;
  readonly module: Module;
}

/** The memory of each rank's program, or of the one program of a device; ranks that share a module share the data. */
export function memorySection(programs: readonly PlannedProgram[], places: PlaceTable): MemorySection {
  const chip = chipByName(programs[0]?.program.target ?? '') ?? defaultChip;
  const ranksOf = new Map<Module, { readonly first: PlannedProgram; readonly ranks: number[] }>();
  programs.forEach((program, rank) => {
    const known = ranksOf.get(program.module);
    if (known) known.ranks.push(rank);
    else ranksOf.set(program.module, { first: program, ranks: [rank] });
  });
  return {
    kind: 'memory',
    deviceBytes: chip.hbmBytes,
    capacities: capacitiesOf((space) => chip.buffers[space] - (reservedBytes[space] ?? 0)),
    devices: [...ranksOf.values()].map(({ first, ranks }) => new DeviceCollector(first, places).run(ranges(ranks))),
  };
}

function capacitiesOf(bytesOf: (space: OnChipSpace) => number): Readonly<Record<OnChipSpace, number>> {
  const [ub, l1, l0a, l0b, l0c, bt, fb] = onChipSpaces.map(bytesOf);
  return { ub, l1, l0a, l0b, l0c, bt, fb };
}

/** Rising numbers as ranges. */
function ranges(numbers: readonly number[]): readonly (readonly [number, number])[] {
  const found: [number, number][] = [];
  for (const number of numbers) {
    const last = found.at(-1);
    if (last !== undefined && last[1] === number - 1) last[1] = number;
    else found.push([number, number]);
  }
  return found;
}

class DeviceCollector {
  private readonly program: Program;
  private readonly module: Module;
  private readonly places: PlaceTable;
  private stepOps: readonly Operation[] = [];
  private launches = 0;
  /** Launches of each kernel by name. */
  private readonly starts = new Map<string, number>();

  constructor({ program, module }: PlannedProgram, places: PlaceTable) {
    this.program = program;
    this.module = module;
    this.places = places;
  }

  run(ranks: DeviceMemory['ranks']): DeviceMemory {
    const plan = plannedMemory(this.module, instructionByMnemonic);
    if (plan.totalBytes !== this.program.gmBytes)
      throw new Error(`the plan takes ${plan.totalBytes} bytes, the program ${this.program.gmBytes}`);
    this.stepOps = plan.steps.map(({ op }) => op);
    const steps = plan.steps.map((step) => this.step(step));
    return {
      ranks,
      gmBytes: plan.totalBytes,
      arenaBytes: plan.sharedBytes,
      steps,
      buffers: plan.buffers.map((buffer) => this.buffer(buffer)),
      kernels: this.module.body.operations.filter(isKernel).map((kernel) => this.kernel(kernel)),
    };
  }

  private step({ op, phase }: PlannedStep): MemoryStep {
    const kernel = op.attributes.get('kernel');
    const name = kernel?.kind === 'symbol' ? kernel.name : textAttribute(op, 'operation');
    const isLaunch = kernel?.kind === 'symbol';
    if (isLaunch) this.starts.set(name, (this.starts.get(name) ?? 0) + 1);
    return {
      phase,
      kind: op.name.slice(op.name.indexOf('.') + 1),
      name,
      launch: isLaunch ? this.launches++ : null,
      place: this.places.number(op.location),
    };
  }

  private buffer(buffer: PlannedBuffer): MemoryBuffer {
    const { address, reservedBytes, live, tenants } = buffer;
    return {
      ...this.tenant(buffer),
      address,
      reservedBytes,
      live: live === null ? null : [live.start, live.end],
      tenants: tenants.map((tenant) => this.tenant(tenant)),
    };
  }

  private tenant({ value, kind, name, type, bytes, reads, writes }: PlannedTenant): MemoryTenant {
    // Arguments come from nowhere: they belong to the line that first uses them.
    const origin = definingOperation(value) ?? this.stepOps[reads[0] ?? writes[0]];
    return {
      ...{ kind, name, bytes, reads, writes },
      place: this.places.number(origin?.location ?? null),
      type: type?.key ?? '',
      elementBytes: type === null ? bytes : elementBytes(type),
    };
  }

  private kernel(kernel: Operation): KernelMemory {
    const { instructions, buffers } = kernelMemory(kernel, instructionByMnemonic);
    const name = stringOf(kernel.attributes, 'sym_name');
    return {
      name,
      core: stringOf(kernel.attributes, 'npu.core'),
      launches: this.starts.get(name) ?? 0,
      instructions,
      place: this.places.number(kernel.location),
      buffers: buffers.map(({ op, live, space, address, bytes, copies, writers, readers }) => ({
        ...{ space, address, bytes, copies, writers, readers },
        live: [live.start, live.end],
        place: this.places.number(op.location),
      })),
    };
  }
}

function textAttribute(op: Operation, name: string): string {
  const attribute = op.attributes.get(name);
  return attribute?.kind === 'string' ? attribute.value : '';
}

function elementBytes(type: TensorType): number {
  const shape = staticShape(type);
  return shape === null ? 0 : elementCount(shape) * dtypeBytes(type.dtype);
}
