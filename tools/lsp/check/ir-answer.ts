/**
 * The text of a module with the way back to its source. Printed without locations it stays readable; which operation came
 * from where is found by reading the text again: its operations come in the same order as the module's.
 */
import type { Location as ProtocolLocation, Range } from 'vscode-languageserver';
import type { Block, Location, Module, Operation, SourceFile } from '../../../compiler/ir/index.ts';
import { parseModule, printModule, userPosition } from '../../../compiler/ir/index.ts';
import { opTable } from '../../../compiler/ir/ops/index.ts';
import type { AddressOf } from '../diagnostics.ts';
import { TextIndex } from '../ir/text-index.ts';
import { positionOfLine, rangeOfSpan } from '../positions.ts';
import type { IrAnswer, IrRequest } from './job.ts';

export function irAnswer(
  module: Module,
  stage: string,
  { file, line, locations }: IrRequest & { readonly file: string },
  addressOf: AddressOf,
  source: (name: string) => SourceFile | null,
): IrAnswer {
  const text = printModule(module, opTable, { form: 'pretty', locations });
  const ranges: Range[] = [];
  const origins: { range: Range; origin: ProtocolLocation }[] = [];
  for (const { range, location } of placed(module, { name: `${stage}.mlir`, text })) {
    const position = userPosition(location);
    const origin = position === null ? null : originOf(position, addressOf, source);
    if (position === null || origin === null) continue;
    origins.push({ range, origin });
    if (line !== null && origin.uri === addressOf(file) && position.line === line + 1) ranges.push(range);
  }
  return { stage, text, ranges, origins };
}

function originOf(
  { file, line, column }: Extract<Location, { kind: 'file' }>,
  addressOf: AddressOf,
  source: (name: string) => SourceFile | null,
): ProtocolLocation | null {
  const uri = addressOf(file);
  const text = source(file);
  if (uri === null || text === null) return null;
  const start = positionOfLine(text, line, column);
  return { uri, range: { start, end: start } };
}

/** Operations without regions, and where they stand in the text. */
function placed(module: Module, file: SourceFile): readonly { readonly range: Range; readonly location: Location }[] {
  const index = new TextIndex();
  parseModule(file, opTable, index);
  index.finish();
  const written = writtenOperations(module.body);
  const read = index.operations.slice(1); // the first is the module itself
  if (written.length !== read.length) return [];
  return written.flatMap((op, at) =>
    op.regions.length > 0
      ? []
      : [{ range: rangeOfSpan({ file, start: read[at].start, end: read[at].end }), location: op.location }],
  );
}

/** Operations in the order of the text, without those that the pretty form leaves out. */
function writtenOperations(block: Block): readonly Operation[] {
  return block.operations.flatMap((op) => [
    op,
    ...op.regions.flatMap((region) => {
      const inner = writtenOperations(region);
      const last = region.operations.at(-1);
      const isSilent =
        (op.name === 'scf.if' || op.name === 'scf.for') &&
        op.results.length === 0 &&
        last?.name === 'scf.yield' &&
        last.operands.length === 0 &&
        last.attributes.size === 0;
      return isSilent ? inner.filter((one) => one !== last) : inner;
    }),
  ]);
}
