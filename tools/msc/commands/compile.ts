/** `msc compile`: a network to a program file, or to the text of any stage on the way. */
import { basename } from 'node:path';
import type { Diagnostic, Module, Result } from '../../../compiler/ir/index.ts';
import { failure, ok } from '../../../compiler/ir/index.ts';
import { dumpAst, parsePython } from '../../../compiler/frontend/syntax/index.ts';
import { writeProgram } from '../../../runtime/program/index.ts';
import type { CompileRequest, Compilation } from '../compile.ts';
import { compileSource, copyOf } from '../compile.ts';
import { openWeights } from '../data.ts';
import type { EmitKind } from '../emit.ts';
import { assemblyText, emitKinds, extensionOf, isEmitKind, laterKinds, onnxBytes, stageFor } from '../emit.ts';
import type { ExitCode } from '../exit.ts';
import { hasErrors } from '../exit.ts';
import { readSource, writeOutput } from '../files.ts';
import type { Io } from '../io.ts';
import type { Arguments } from '../options.ts';
import { flagOption, inputOptions, textOption } from '../options.ts';
import { storedParameters } from '../parameters.ts';
import { isModuleStage, moduleStages, stageText } from '../pipeline.ts';
import { deliverReport, reportRecorder, watched } from '../inspect/watch.ts';
import { Progress, finish } from '../report.ts';
import type { Refusal } from '../request.ts';
import { chipOption, dumpOptions, logReports, sourceOf } from '../request.ts';
import { fileSources } from '../text/locate.ts';
import { refuse, usageError } from '../usage.ts';
import { version } from '../version.ts';

/** What was emitted, in the order of the request. */
type Emitted = ReadonlyMap<EmitKind | 'program', string | Uint8Array>;

export async function run(args: Arguments, io: Io): Promise<ExitCode> {
  const [file, ...more] = args.words;
  if (file === undefined || more.length > 0) return usageError(io, 'compile takes one file: msc compile FILE.py');
  if (textOption(args, 'cluster') !== null)
    return (await import('../ranks/compile-command.ts')).compileForCluster(args, io, file);
  const kinds = kindsOption(args);
  if (!kinds.ok) return usageError(io, kinds.error);
  const prepared = prepare(io, args, file);
  if (!prepared.ok) return refuse(io, args, prepared.error);
  return emit(io, args, file, kinds.value, prepared.value);
}

/** The kinds that `--emit` and `--compile-to` ask for; none means the program file. */
function kindsOption(args: Arguments): Result<readonly EmitKind[]> {
  const stage = textOption(args, 'compile-to');
  if (stage === 'sharded' || (textOption(args, 'emit') ?? '').split(',').includes('sharded'))
    return failure('sharded is what the ranks of a cluster run: add for example --cluster 910b1:1x4');
  if (stage !== null && !isModuleStage(stage) && stage !== 'asm')
    return failure(`--compile-to=${stage}: expected ${moduleStages.join(', ')} or asm`);
  const words = [...(textOption(args, 'emit') ?? '').split(','), stage ?? ''].filter((word) => word !== '');
  const later = words.find((word) => laterKinds.has(word));
  if (later !== undefined) return failure(`--emit=${later} is not in this version of msc`);
  const wrong = words.find((word) => !isEmitKind(word));
  if (wrong !== undefined) return failure(`--emit=${wrong}: expected ${emitKinds.join(', ')}`);
  const kinds = [...new Set(words.filter(isEmitKind))];
  if (kinds.length > 1 && textOption(args, 'output') === null)
    return failure(`--emit=${kinds.join(',')} writes several files: give a folder with -o DIR`);
  return ok(kinds);
}

function prepare(io: Io, args: Arguments, file: string): Result<Pick<CompileRequest, 'source' | 'chip'>, Refusal> {
  const chip = chipOption(args);
  if (!chip.ok) return chip;
  const stated = inputOptions(args);
  if (!stated.ok) return failure({ usage: stated.error });
  const source = sourceOf(io, args, file, (inputs) => inputs);
  return source.ok ? ok({ source: source.value, chip: chip.value }) : source;
}

async function emit(
  io: Io,
  args: Arguments,
  file: string,
  kinds: readonly EmitKind[],
  prepared: Pick<CompileRequest, 'source' | 'chip'>,
): Promise<ExitCode> {
  const started = io.now();
  const texts = new Map<EmitKind | 'program', string | Uint8Array>();
  if (kinds.length === 1 && kinds[0] === 'ast') return emitAst(io, args, file);
  const progress = new Progress(io, flagOption(args, 'json'));
  const dumps = dumpOptions(io, args);
  const graphs: Module[] = [];
  const recorder = await reportRecorder(io, args, 'compile', file);
  const request: CompileRequest = {
    ...prepared,
    to: furthest(kinds),
    verifyEach: flagOption(args, 'verify-each'),
    instrumentation: dumps.instrumentation,
    now: () => io.now(),
    begin: (phase) => progress.show(`${file}: ${phase}`),
    visit: (stage, module) => {
      if (kinds.includes(stage)) texts.set(stage, stageText(module, flagOption(args, 'print-debuginfo')));
      if (stage === 'graph' && kinds.includes('onnx')) graphs.push(copyOf(module));
    },
  };
  const compilation = await compileSource(watched(request, recorder));
  recorder?.compiled(compilation);
  progress.end();
  const { program } = compilation;
  if (program && kinds.includes('asm')) texts.set('asm', assemblyText(program));
  if (program && kinds.length === 0) texts.set('program', writeProgram(program));
  logReports(io, args, compilation, io.now() - started);
  const [graph] = graphs;
  const onnx = graph === undefined ? null : await onnxOf(io, args, graph);
  if (onnx?.ok) texts.set('onnx', onnx.value);
  const found = [...compilation.diagnostics, ...(onnx === null || onnx.ok ? [] : onnx.error), ...dumps.problems];
  const diagnostics = [...found, ...(await deliverReport(io, args, recorder, found))];
  return deliver(io, args, file, compilation, kinds.includes('ast') ? withAst(io, file, texts) : texts, diagnostics);
}

async function onnxOf(io: Io, args: Arguments, graph: Module): Promise<Result<Uint8Array, readonly Diagnostic[]>> {
  const weights = await openWeights(
    io.folder,
    textOption(args, 'weights'),
    storedParameters(graph),
    flagOption(args, 'weights-strict'),
  );
  if (!weights.ok) return weights;
  const bytes = onnxBytes(graph, weights.value.read, version);
  weights.value.close();
  return bytes;
}

function furthest(kinds: readonly EmitKind[]): CompileRequest['to'] {
  const stages = kinds.map(stageFor);
  if (stages.length === 0 || stages.includes('program')) return 'program';
  return moduleStages.findLast((stage) => stages.includes(stage)) ?? 'source';
}

/** Writes what was emitted, unless there was an error. */
function deliver(
  io: Io,
  args: Arguments,
  file: string,
  compilation: Compilation,
  texts: Emitted,
  found: readonly Diagnostic[],
): ExitCode {
  const sources = fileSources(io.folder);
  const isJson = flagOption(args, 'json');
  if (hasErrors(found)) return finish(io, isJson, sources, { diagnostics: found, json: {} });
  const output = textOption(args, 'output');
  const name = basename(file).replace(/\.[^.]*$/, '') || 'program';
  const paths = new Map([...texts.keys()].map((kind) => [kind, pathOf(kind, texts.size, output, name)]));
  const embedded: Record<string, string> = {};
  const problems = [...texts].flatMap(([kind, content]) => {
    const path = paths.get(kind) ?? '-';
    if (isJson && path === '-' && typeof content === 'string') embedded[kind] = content;
    const problem = isJson && path === '-' ? null : writeOutput(io, path, content);
    return problem ? [problem] : [];
  });
  const timings = compilation.timings.map((timing) => ({ ...timing }));
  return finish(io, isJson, sources, {
    diagnostics: [...found, ...problems],
    json: { files: [...paths.values()].filter((path) => path !== '-'), emitted: embedded, timings },
  });
}

/** One kind goes to -o or stdout, several into the folder of -o; a program has a name of its own. */
function pathOf(kind: EmitKind | 'program', count: number, output: string | null, name: string): string {
  if (kind === 'program') return output ?? `${name}.msp`;
  return count === 1 || output === null ? (output ?? '-') : `${output}/${name}.${extensionOf(kind)}`;
}

function astText(io: Io, path: string): Result<string, readonly Diagnostic[]> {
  const source = readSource(io, path);
  if (!source.ok) return failure([source.error]);
  const { file, module, diagnostics } = parsePython(source.value.text, source.value.name);
  return diagnostics.length > 0 ? failure(diagnostics) : ok(`${JSON.stringify(dumpAst(module, file), null, 1)}\n`);
}

function emitAst(io: Io, args: Arguments, file: string): ExitCode {
  const text = astText(io, file);
  const empty = { module: null, program: null, source: null, diagnostics: [], timings: [], statistics: new Map() };
  return deliver(io, args, file, empty, new Map(text.ok ? [['ast', text.value]] : []), text.ok ? [] : text.error);
}

function withAst(io: Io, file: string, texts: Emitted): Emitted {
  const text = astText(io, file);
  return text.ok ? new Map([['ast', text.value], ...texts]) : texts;
}
