/** `msc compile --cluster`: what each rank of a divided network is compiled to, as text. */
import { basename } from 'node:path';
import type { Diagnostic, Module, Result } from '../../../compiler/ir/index.ts';
import { diagnose, failure, ok } from '../../../compiler/ir/index.ts';
import { partition } from '../../../compiler/passes/shard/index.ts';
import { deviceCount } from '../../../runtime/target/index.ts';
import type { Recorder } from '../../inspect/collect/recorder.ts';
import { cliDiagnostics } from '../diagnostics.ts';
import type { RankKind } from '../emit.ts';
import { extensionOf, isRankKind, rankKinds } from '../emit.ts';
import type { ExitCode } from '../exit.ts';
import { writeOutput } from '../files.ts';
import { deliverReport, reportRecorder } from '../inspect/watch.ts';
import type { Io } from '../io.ts';
import type { Arguments } from '../options.ts';
import { flagOption, textOption } from '../options.ts';
import { Progress, finish } from '../report.ts';
import type { Refusal } from '../request.ts';
import { fileSources } from '../text/locate.ts';
import { refuse, usageError } from '../usage.ts';
import { alikeRanks, rankTexts } from './emit.ts';
import { compiledCluster, dividedNetwork } from './network.ts';
import { recordCompiled } from './record.ts';

/** Texts of one rank, and the ranks for which they stand. */
interface Emitted {
  readonly ranks: readonly number[];
  readonly texts: ReadonlyMap<RankKind, string>;
}

interface Emission {
  readonly emitted: readonly Emitted[];
  readonly warnings: readonly Diagnostic[];
}

export async function compileForCluster(args: Arguments, io: Io, file: string): Promise<ExitCode> {
  const kinds = kindsOption(args);
  if (!kinds.ok) return usageError(io, kinds.error);
  const progress = new Progress(io, flagOption(args, 'json'));
  const recorder = await reportRecorder(io, args, 'compile', file);
  const emission = await emissionOf(args, io, file, kinds.value, progress, recorder);
  const unwritten = emission.ok ? await deliverReport(io, args, recorder, emission.value.warnings) : [];
  progress.end();
  if (!emission.ok) return refuse(io, args, emission.error);
  const warnings = [...emission.value.warnings, ...unwritten];
  return deliver(args, io, file, kinds.value, { ...emission.value, warnings });
}

/** The kinds that `--emit` and `--compile-to` ask for; a program file holds one program, so there must be some. */
function kindsOption(args: Arguments): Result<readonly RankKind[]> {
  const asked = [textOption(args, 'emit'), textOption(args, 'compile-to')].filter((text) => text !== null);
  const words = asked.flatMap((text) => text.split(',')).filter((word) => word !== '');
  const expected = `expected ${rankKinds.join(', ')}`;
  if (words.length === 0 && textOption(args, 'report') !== null) return ok([]);
  if (words.length === 0) return failure(`compile --cluster makes a program for each rank: say --emit, ${expected}`);
  const wrong = words.find((word) => !isRankKind(word));
  if (wrong !== undefined) return failure(`--emit=${wrong} with --cluster: ${expected}`);
  const kinds = [...new Set(words.filter(isRankKind))];
  if (kinds.length > 1 && folderOption(args) === null)
    return failure(`--emit=${kinds.join(',')} writes several files: give a folder with -o DIR`);
  return ok(kinds);
}

/** Where one file for each rank goes; null for standard output. */
function folderOption(args: Arguments): string | null {
  const output = textOption(args, 'output');
  return output === '-' ? null : output;
}

async function emissionOf(
  args: Arguments,
  io: Io,
  file: string,
  kinds: readonly RankKind[],
  progress: Progress,
  recorder: Recorder | null,
): Promise<Result<Emission, Refusal>> {
  const target = compiledCluster(io, args);
  if (!target.ok) return target;
  const { cluster, chip } = target.value;
  const network = await dividedNetwork({
    ...{ io, args, file, progress, cluster, chip, recorder },
    inputs: (stated) => stated,
  });
  if (!network.ok) return network;
  progress.show(`${file}: partition`);
  const found = partition(network.value.module);
  if (found.partition === null) return failure({ diagnostics: found.diagnostics });
  const { ranks } = found.partition;
  const devices = deviceCount(cluster);
  if (ranks.length !== devices)
    return failure({ diagnostics: [diagnose(cliDiagnostics.rankCount, null, [ranks.length, devices])] });
  if (recorder !== null) {
    progress.show(`${file}: report`);
    const problems = await recordCompiled(recorder, network.value.module, chip, cluster, () => io.now());
    if (problems.length > 0) return failure({ diagnostics: problems });
  }
  const emitted: Emitted[] = [];
  for (const alike of shownRanks(args, ranks)) {
    const [rank] = alike;
    progress.show(`${file}: rank ${rank}`);
    const locations = flagOption(args, 'print-debuginfo');
    const texts = rankTexts(ranks[rank], { chip, kinds, locations, now: () => io.now() });
    if (!texts.ok) return failure({ diagnostics: texts.error });
    emitted.push({ ranks: alike, texts: texts.value });
  }
  return ok({ emitted, warnings: network.value.warnings });
}

/** A folder gets every rank; a stream one of those that are alike. */
const shownRanks = (args: Arguments, ranks: readonly Module[]): readonly (readonly number[])[] =>
  folderOption(args) === null ? alikeRanks(ranks) : ranks.map((_, rank) => [rank]);

function deliver(
  args: Arguments,
  io: Io,
  file: string,
  kinds: readonly RankKind[],
  { emitted, warnings }: Emission,
): ExitCode {
  const sources = fileSources(io.folder);
  const isJson = flagOption(args, 'json');
  const folder = folderOption(args);
  if (kinds.length === 0)
    return finish(io, isJson, sources, { diagnostics: warnings, json: { files: [], emitted: {} } });
  if (folder === null) {
    const [kind] = kinds;
    const text = streamText(emitted, kind);
    if (!isJson) io.write(text);
    return finish(io, isJson, sources, { diagnostics: warnings, json: { files: [], emitted: { [kind]: text } } });
  }
  const name = basename(file).replace(/\.[^.]*$/, '') || 'program';
  const files = emitted.flatMap(({ ranks: [rank], texts }) =>
    [...texts].map(([kind, text]) => ({ path: `${folder}/${name}.rank${rank}.${extensionOf(kind)}`, text })),
  );
  const problems = files.flatMap(({ path, text }) => writeOutput(io, path, text) ?? []);
  return finish(io, isJson, sources, {
    diagnostics: [...warnings, ...problems],
    json: { files: files.map(({ path }) => path), emitted: {} },
  });
}

/** Modules one after another, split as mlir-opt splits its input. */
const streamText = (emitted: readonly Emitted[], kind: RankKind): string =>
  emitted.map(({ ranks, texts }) => `${headOf(ranks)}\n${texts.get(kind) ?? ''}`).join('// -----\n');

const headOf = (ranks: readonly number[]): string =>
  ranks.length === 1
    ? `// rank ${ranks[0]}`
    : `// rank ${ranks[0]}; the ranks ${ranks.slice(1).join(', ')} differ from it only in whom they speak to`;
