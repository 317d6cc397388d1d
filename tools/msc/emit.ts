/** `--emit`: what a compilation can print, each kind as text or bytes. */
import type { Diagnostic, Location, Module, Result } from '../../compiler/ir/index.ts';
import { diagnose, failure, locationText } from '../../compiler/ir/index.ts';
import { disassemble } from '../../runtime/isa/index.ts';
import { launchesOf } from '../../runtime/program/index.ts';
import type { Program } from '../../runtime/program/index.ts';
import { exportOnnx, writeOnnx } from '../formats/index.ts';
import type { FileTensor } from '../formats/index.ts';
import type { ParameterReader } from './data.ts';
import { cliDiagnostics } from './diagnostics.ts';
import { storedParameters } from './parameters.ts';
import { isModuleStage, moduleStages } from './pipeline.ts';
import type { ModuleStage } from './pipeline.ts';

export const emitKinds = ['ast', ...moduleStages, 'asm', 'onnx'] as const;

export type EmitKind = (typeof emitKinds)[number];

export const isEmitKind = (text: string): text is EmitKind => (emitKinds as readonly string[]).includes(text);

/** What there is for each rank of a program that is divided over the devices of `--cluster`. */
export const rankKinds = ['sharded', 'fused', 'tile', 'scheduled', 'asm'] as const;

export type RankKind = (typeof rankKinds)[number];

export const isRankKind = (text: string): text is RankKind => (rankKinds as readonly string[]).includes(text);

/** Kinds of later versions, so that asking for them is answered in words. */
export const laterKinds: ReadonlySet<string> = new Set(['wasm', 'mindir']);

/** The stage that a kind needs; `program` where it is the whole way. */
export function stageFor(kind: EmitKind): ModuleStage | 'program' {
  if (isModuleStage(kind)) return kind;
  return kind === 'asm' ? 'program' : kind === 'onnx' ? 'graph' : 'source';
}

/** The ending of a file of a kind. */
export function extensionOf(kind: EmitKind | RankKind): string {
  if (kind === 'ast') return 'ast.json';
  if (kind === 'asm') return 's';
  return kind === 'onnx' ? 'onnx' : `${kind}.mlir`;
}

/** All kernels of a program as assembly, with its launches as comments. */
export function assemblyText(program: Program): string {
  const head = [`// program for ${program.target}, ${program.gmBytes} bytes of global memory`];
  const launches = [
    ...program.prepare.map((launch) => ({ launch, phase: 'prepare' })),
    ...launchesOf(program.main).map((launch) => ({ launch, phase: 'main' })),
  ];
  for (const { launch, phase } of launches)
    head.push(
      `// ${phase}: ${program.kernels[launch.kernel].name} on ${launch.blockCount} cores (${launch.args.map((value) => `0x${value.toString(16)}`).join(', ')})`,
    );
  const kernels = program.kernels.flatMap(({ name, streams }) =>
    streams.map((stream) => `\n// kernel ${name} (${stream.core})\n${disassemble(stream)}`),
  );
  return `${head.join('\n')}\n${kernels.join('')}`;
}

/** The network as an ONNX model with its weights. */
export function onnxBytes(
  module: Module,
  weights: ParameterReader,
  version: string,
): Result<Uint8Array, readonly Diagnostic[]> {
  const parameters = new Map(storedParameters(module).map((parameter) => [parameter.name, parameter]));
  const problems: Diagnostic[] = [];
  const parameter = (name: string): FileTensor | null => {
    const stored = parameters.get(name);
    const value = stored === undefined ? null : weights(stored);
    if (value !== null && !value.ok) problems.push(value.error);
    return value?.ok ? value.value : null;
  };
  const model = exportOnnx(module, { parameter, producerVersion: version });
  if (!model.ok)
    return failure(
      model.error.map(({ message, location }) =>
        diagnose(cliDiagnostics.notExported, null, [message], { notes: placeNotes(location) }),
      ),
    );
  if (problems.length > 0) return failure(problems);
  const bytes = writeOnnx(model.value);
  return bytes.ok ? bytes : failure([diagnose(cliDiagnostics.notExported, null, [bytes.error.message])]);
}

const placeNotes = (location: Location): readonly string[] =>
  location === null ? [] : [`at ${locationText(location)}`];
