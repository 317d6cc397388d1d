/** Kernel sections for tests: of networks, and of programs that are written as assembly. */
import { fileURLToPath } from 'node:url';
import type { InputSpecification } from '../../compiler/frontend/index.ts';
import type { Module } from '../../compiler/ir/index.ts';
import { defaultChip } from '../../runtime/target/index.ts';
import type { InstructionStream } from '../../runtime/isa/index.ts';
import type { Launch, Program } from '../../runtime/program/index.ts';
import { kernelSection } from '../../tools/inspect/collect/kernels/index.ts';
import { PlaceTable } from '../../tools/inspect/collect/places.ts';
import type { KernelSection, Report, ReportHead } from '../../tools/inspect/report/index.ts';
import { programOf } from '../../tools/msc/compile.ts';
import { runStages } from '../../tools/msc/pipeline.ts';
import { compileFile, moduleOf } from '../frontend/harness.ts';
import { stream } from '../machine/harness.ts';

export interface Sectioned {
  readonly program: Program;
  readonly section: KernelSection;
  readonly head: ReportHead;
  readonly report: Report;
}

export interface SectionOptions {
  readonly decisions?: readonly boolean[];
  readonly traceEvents?: number;
}

export function sectioned(program: Program, module: Module | null, options: SectionOptions = {}): Sectioned {
  const { decisions = null, traceEvents } = options;
  const places = new PlaceTable((name) => (name.endsWith('.py') ? 'text' : null));
  const section = kernelSection({
    ...{ program, module, decisions, places },
    ...(traceEvents === undefined ? {} : { traceEvents }),
  });
  const head: ReportHead = {
    ...{ schema: 1, version: '0', facts: [], diagnostics: [], sources: places.sources, places: places.places },
    subject: { command: 'inspect', file: 'net.py', entry: null, inputs: [], target: '', cluster: null },
  };
  return { program, section, head, report: { head, sections: { kernels: section } } };
}

let lenetModule: { readonly module: Module; readonly program: Program } | null = null;

/** examples/lenet5; compiled once. */
export function lenet(options: SectionOptions = {}): Sectioned {
  lenetModule ??= compiled('lenet5/lenet5.py', 'LeNet5()', [{ name: 'x', shape: [1, 1, 32, 32], dtype: 'f32' }]);
  return sectioned(lenetModule.program, lenetModule.module, options);
}

function compiled(file: string, entry: string, inputs: readonly InputSpecification[]) {
  const network = compileFile(fileURLToPath(new URL(`../../examples/${file}`, import.meta.url)), entry, inputs);
  const { module } = runStages(moduleOf(network), { chip: defaultChip, to: 'scheduled', now: () => 0 });
  return { module, program: programOf(module, 'main') };
}

/** A program with one vector kernel, given as assembly. */
export function assemblyProgram(
  text: string,
  launches: readonly Partial<Launch>[],
  locations: readonly string[] = [],
): Program {
  const words: InstructionStream = stream(text);
  return {
    ...{ target: defaultChip.name, entry: 'main', inputs: [], outputs: [], parameters: [], constants: [] },
    gmBytes: 1 << 20,
    kernels: [{ name: 'hand_written', core: 'vector', streams: [{ core: 'vector', ...words }] }],
    prepare: [],
    main: launches.map((launch) => ({ kind: 'launch', kernel: 0, blockCount: 1, args: [0], ...launch })),
    locations,
  };
}
