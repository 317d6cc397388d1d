/** What must hold of the memory section of a program, whatever the program. */
import { decode } from '../../runtime/isa/index.ts';
import type { Extent, Program, Step } from '../../runtime/program/index.ts';
import { readsOf, writesOf } from '../../runtime/program/index.ts';
import type { DeviceMemory, MemoryBuffer, MemorySection, MemoryTenant } from '../../tools/inspect/report/index.ts';
import { deviceFigures, holesAt, isLiveAt, memoryCurve, spaceUses } from '../../tools/inspect/report/index.ts';

/** The first thing that is wrong with the memory of a program, or null. */
export function memoryProblem(program: Program, section: MemorySection, device: DeviceMemory): string | null {
  return (
    overlap(device) ??
    outside(device) ??
    untouched(program, device) ??
    curveProblem(device) ??
    slotProblem(program, device) ??
    onChipProblem(program, section, device)
  );
}

const described = (buffer: MemoryBuffer): string =>
  `${buffer.kind} ${buffer.name} at ${buffer.address}+${buffer.reservedBytes}, live ${buffer.live?.join('-') ?? 'always'}`;

/** No two buffers that are live at once share a byte. */
function overlap({ buffers, steps }: DeviceMemory): string | null {
  const sorted = buffers.toSorted((one, other) => one.address - other.address);
  const [start, end] = [
    ({ live }: MemoryBuffer) => live?.[0] ?? 0,
    ({ live }: MemoryBuffer) => live?.[1] ?? steps.length - 1,
  ];
  for (const [at, one] of sorted.entries())
    for (const other of sorted.slice(at + 1)) {
      if (other.address >= one.address + one.reservedBytes) break;
      if (start(one) <= end(other) && start(other) <= end(one)) return `${described(one)} and ${described(other)}`;
    }
  return null;
}

function outside({ buffers, gmBytes, arenaBytes, steps }: DeviceMemory): string | null {
  const wrong = buffers.find(({ address, reservedBytes, bytes, elementBytes, live, kind }) => {
    const [low, high] = live === null ? [0, gmBytes - arenaBytes] : [gmBytes - arenaBytes, gmBytes];
    if (address < low || address + reservedBytes > high || address % 512 !== 0) return true;
    if (live !== null && (live[0] < 0 || live[0] > live[1] || live[1] >= steps.length)) return true;
    return bytes > reservedBytes || (kind !== 'workspace' && elementBytes > bytes);
  });
  return wrong === undefined ? null : `${described(wrong)} is outside of its place`;
}

/** Steps in the order in which the text has them act: a while loop asks after its test. */
function inOrder(steps: readonly Step[]): readonly Step[] {
  return steps.flatMap((step): readonly Step[] => {
    switch (step.kind) {
      case 'branch':
        return [step, ...inOrder(step.then), ...inOrder(step.otherwise)];
      case 'while':
        return [...inOrder(step.test), step, ...inOrder(step.body)];
      case 'repeat':
        return inOrder(step.body);
      default:
        return [step];
    }
  });
}

/** Each step of the program touches exactly the buffers that say so, and these are live then. */
function untouched(program: Program, { buffers, steps }: DeviceMemory): string | null {
  const all = [...program.prepare, ...inOrder(program.main)];
  if (all.length + 1 !== steps.length) return `${all.length} steps of the program, ${steps.length} of the section`;
  for (const [number, step] of all.entries()) {
    const kind = step.kind === 'while' ? 'loop' : step.kind;
    if (steps[number].kind !== kind) return `step ${number} is ${step.kind}, the section says ${steps[number].kind}`;
    const name = step.kind === 'launch' ? program.kernels[step.kernel].name : null;
    if (name !== null && steps[number].name !== name) return `step ${number} starts ${name}`;
    for (const [extents, column] of [
      [readsOf(step), 'reads'],
      [writesOf(step), 'writes'],
    ] as const) {
      const touching = buffers.filter((buffer) => tenants(buffer).some((one) => one[column].includes(number)));
      const homes = extents.map((extent) => homeOf(buffers, extent, number));
      const missing = homes.findIndex((home) => home === undefined);
      if (missing >= 0) return `step ${number} (${step.kind}) ${column} ${JSON.stringify(extents[missing])}`;
      if (new Set(homes).size !== touching.length || touching.some((buffer) => !homes.includes(buffer)))
        return `step ${number} (${step.kind}) ${column} ${homes.length} buffers, the section says ${touching.length}`;
    }
  }
  return null;
}

const tenants = (buffer: MemoryBuffer): readonly MemoryTenant[] => [buffer, ...buffer.tenants];

const homeOf = (buffers: readonly MemoryBuffer[], { address, bytes }: Extent, step: number): MemoryBuffer | undefined =>
  buffers.find(
    (buffer) =>
      isLiveAt(buffer, step) &&
      buffer.address <= address &&
      address + bytes <= buffer.address + buffer.reservedBytes &&
      buffer.reservedBytes > 0,
  );

/** The curves are what one gets by looking at each step. */
function curveProblem(device: DeviceMemory): string | null {
  const curve = memoryCurve(device);
  for (const step of device.steps.keys()) {
    const live = device.buffers.filter((buffer) => isLiveAt(buffer, step));
    const bytes = live.reduce((sum, { reservedBytes }) => sum + reservedBytes, 0);
    const extent = Math.max(0, ...live.map(({ address, reservedBytes }) => address + reservedBytes));
    if (curve.live[step] !== bytes) return `step ${step}: ${bytes} bytes are live, the curve says ${curve.live[step]}`;
    const holes = holesAt(device, step).reduce((sum, hole) => sum + hole.bytes, 0);
    if (bytes + holes !== extent) return `step ${step}: ${bytes} live and ${holes} free of ${extent}`;
    if (curve.extent[step] < extent) return `step ${step}: extent ${curve.extent[step]}, there is ${extent}`;
  }
  const { peakBytes, peakStep, gmBytes } = deviceFigures(device, curve);
  if (peakBytes !== Math.max(...curve.live) || curve.live[peakStep] !== peakBytes) return 'the peak is not the maximum';
  return Math.max(...curve.extent) === gmBytes ? null : `the program takes ${gmBytes}`;
}

/** Inputs, parameters and constants are kept, results lie in a buffer that is live at the end. */
function slotProblem(program: Program, { buffers, steps }: DeviceMemory): string | null {
  const { inputs, parameters, constants, outputs } = program;
  for (const slot of [...inputs, ...parameters, ...constants, ...outputs]) {
    const home = homeOf(buffers, { ...slot, dtype: null }, steps.length - 1);
    const isEmpty = slot.bytes === 0;
    if (home === undefined && !isEmpty) return `${slot.name} lies in no buffer`;
    if (home?.live !== null && !isEmpty && (inputs.includes(slot) || constants.some((one) => one === slot)))
      return `${slot.name} is not kept`;
  }
  return null;
}

function onChipProblem(program: Program, section: MemorySection, { kernels }: DeviceMemory): string | null {
  for (const kernel of kernels) {
    const stream = program.kernels.find(({ name }) => name === kernel.name)?.streams[0];
    const length = stream === undefined ? 0 : decode(stream.words).instructions.length;
    if (length !== kernel.instructions) return `${kernel.name} has ${length} instructions, not ${kernel.instructions}`;
    for (const { space, buffers, peakBytes, capacityBytes } of spaceUses(kernel, section)) {
      if (peakBytes > capacityBytes) return `${kernel.name} needs ${peakBytes} of ${space}`;
      for (const [at, one] of buffers.entries()) {
        if (one.live[0] > one.live[1] || one.live[1] >= length)
          return `${kernel.name} ${space} lives ${one.live.join('-')}`;
        for (const other of buffers.slice(at + 1)) {
          const apart =
            one.address + one.bytes * one.copies <= other.address ||
            other.address + other.bytes * other.copies <= one.address;
          if (!apart && one.live[0] <= other.live[1] && other.live[0] <= one.live[1])
            return `${kernel.name}: two buffers of ${space} share a byte at instruction ${Math.max(one.live[0], other.live[0])}`;
        }
      }
    }
  }
  return null;
}
