/** The programs of all ranks of an annotated network. */
import type { Diagnostic, Module, Result } from '../../../compiler/ir/index.ts';
import { failure, ok, stringAttribute } from '../../../compiler/ir/index.ts';
import { assembleProgram } from '../../../compiler/backend-ascend/index.ts';
import type { Partition, PartitionOptions } from '../../../compiler/passes/shard/index.ts';
import { partition, verifyRanks } from '../../../compiler/passes/shard/index.ts';
import { checkCollectives, type Program } from '../../../runtime/program/index.ts';
import type { Chip } from '../../../runtime/target/index.ts';
import { instructionByMnemonic } from '../../../runtime/isa/index.ts';
import { copyOf } from '../compile.ts';
import { hasErrors } from '../exit.ts';
import { fitProblem } from '../fit.ts';
import { runStages, stageText } from '../pipeline.ts';
import { leaveRanksOpen, withRanks } from './communication.ts';
import { communicationDiagnostic } from './diagnostics.ts';
import { rankSignature, type RankSignature } from './signature.ts';

/** One network on many devices: how its tensors lie, and a program for each rank. */
export interface RankPrograms {
  readonly partition: Partition;
  readonly programs: readonly Program[];
  /** The scheduled module of each rank's program; ranks that are alike share one. */
  readonly modules: readonly Module[];
  /** Which slots of its program the arguments and results of each rank's @main are. */
  readonly signatures: readonly RankSignature[];
}

export interface RankCompileOptions extends PartitionOptions {
  readonly chip: Chip;
  readonly entry?: string;
  /** What a rank may take of its device; not looked at when it is not given. */
  readonly memoryBytes?: number;
  readonly now?: () => number;
  readonly begin?: (phase: string) => void;
  /** Called with the module of each rank that is not alike to one before, as it was partitioned. */
  readonly visit?: (rank: number, module: Module) => void;
}

/** The program of one rank; its parameters are slices, which whoever runs it cuts from the whole. */
export const rankProgramOf = (module: Module, entry: string): Program =>
  assembleProgram(module, entry, instructionByMnemonic, () => ({ kind: 'supplied' }));

/** A program and the scheduled module from which it was made. */
interface CompiledRank {
  readonly program: Program;
  readonly module: Module;
}

const isProblem = (result: CompiledRank | readonly Diagnostic[]): result is readonly Diagnostic[] =>
  Array.isArray(result);

/** The program of a module whose ranks are left open, or what is wrong with it. */
function compileOne(
  module: Module,
  { chip, entry = 'main' }: RankCompileOptions,
  now: () => number,
): CompiledRank | readonly Diagnostic[] {
  // What is left of the way is that of one device.
  module.attributes = new Map([...module.attributes, ['ms.stage', stringAttribute('graph')]]);
  const stages = runStages(module, { chip, to: 'scheduled', now });
  if (hasErrors(stages.diagnostics)) return stages.diagnostics;
  return { program: { ...rankProgramOf(stages.module, entry), target: chip.name }, module: stages.module };
}

/** The first rank whose program does not fit. */
function ranksProblem(
  { ranks }: Partition,
  { chip, memoryBytes = Infinity }: RankCompileOptions,
): readonly Diagnostic[] {
  for (const [rank, module] of ranks.entries()) {
    const problem = fitProblem(module, chip, memoryBytes, `the program of rank ${rank}`);
    if (problem !== null) return [problem];
  }
  return [];
}

/** Partitions a @graph module and compiles the module of every rank; their communication is checked. */
export function compileRanks(module: Module, options: RankCompileOptions): Result<RankPrograms, readonly Diagnostic[]> {
  const { now = () => 0, begin = () => undefined, visit } = options;
  begin('partition');
  const found = partition(module, options);
  if (found.partition === null) return failure(found.diagnostics);
  const apart = verifyRanks(found.partition.ranks, options.sources);
  if (apart.length > 0) return failure(apart);
  const unfit = ranksProblem(found.partition, options);
  if (unfit.length > 0) return failure(unfit);
  const signatures = found.partition.ranks.map(rankSignature);
  const programs: Program[] = [];
  const modules: Module[] = [];
  const known = new Map<string, CompiledRank>();
  for (const [rank, ranked] of found.partition.ranks.entries()) {
    begin(`rank ${rank}`);
    const partitioned = visit === undefined ? null : copyOf(ranked);
    const partners = leaveRanksOpen(ranked);
    const text = stageText(ranked, true);
    if (partitioned !== null && !known.has(text)) visit?.(rank, partitioned);
    const compiled = known.get(text) ?? compileOne(ranked, options, now);
    if (isProblem(compiled)) return failure(compiled);
    known.set(text, compiled);
    programs.push(withRanks(compiled.program, partners));
    modules.push(compiled.module);
  }
  const problem = checkCollectives(programs);
  if (problem !== null) return failure([communicationDiagnostic(problem)]);
  return ok({ partition: found.partition, programs, modules, signatures });
}
