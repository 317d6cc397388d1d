/** The modules of ranks as text, at the stage where they are made and at those after it. */
import type { Diagnostic, Module, Result } from '../../../compiler/ir/index.ts';
import { failure, ok, stringAttribute } from '../../../compiler/ir/index.ts';
import type { Chip } from '../../../runtime/target/index.ts';
import { copyOf } from '../compile.ts';
import { assemblyText, type RankKind } from '../emit.ts';
import { hasErrors } from '../exit.ts';
import { moduleStages, runStages, stageText } from '../pipeline.ts';
import { leaveRanksOpen } from './communication.ts';
import { rankProgramOf } from './compile.ts';

/** Ranks whose modules are the same but for whom they speak to. */
export function alikeRanks(ranks: readonly Module[]): readonly (readonly number[])[] {
  const alike = new Map<string, number[]>();
  for (const [rank, ranked] of ranks.entries()) {
    const open = copyOf(ranked);
    leaveRanksOpen(open);
    const text = stageText(open, false);
    alike.set(text, [...(alike.get(text) ?? []), rank]);
  }
  return [...alike.values()];
}

export interface RankTextOptions {
  readonly chip: Chip;
  readonly kinds: readonly RankKind[];
  readonly locations: boolean;
  readonly now: () => number;
}

/** The texts of one rank by kind. The module is changed. */
export function rankTexts(
  ranked: Module,
  { chip, kinds, locations, now }: RankTextOptions,
): Result<ReadonlyMap<RankKind, string>, readonly Diagnostic[]> {
  const texts = new Map<RankKind, string>();
  if (kinds.includes('sharded')) texts.set('sharded', stageText(ranked, locations));
  const last = kinds.includes('asm')
    ? 'scheduled'
    : moduleStages.findLast((stage) => kinds.some((kind) => kind === stage));
  if (last === undefined) return ok(texts);
  // What is left of the way is that of one device.
  ranked.attributes = new Map([...ranked.attributes, ['ms.stage', stringAttribute('graph')]]);
  const { module, diagnostics } = runStages(ranked, {
    ...{ chip, to: last, now },
    visit: (stage, current) => {
      const kind = kinds.find((wanted) => wanted === stage);
      if (kind !== undefined) texts.set(kind, stageText(current, locations));
    },
  });
  if (hasErrors(diagnostics)) return failure(diagnostics);
  if (kinds.includes('asm')) texts.set('asm', assemblyText({ ...rankProgramOf(module, 'main'), target: chip.name }));
  return ok(texts);
}
