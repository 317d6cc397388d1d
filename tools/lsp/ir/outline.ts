/** The structure of an IR text: symbols for the outline, and what can be folded. */
import type { DocumentSymbol, FoldingRange, SymbolKind } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Operation } from '../../../compiler/ir/index.ts';
import { rangeOf } from '../positions.ts';
import { symbolOf } from './hover.ts';
import type { IrPart, IrText } from './ir-text.ts';
import type { PlacedOperation } from './text-index.ts';

/** The protocol's numbers. */
const kinds: Readonly<Record<'module' | 'function' | 'kernel' | 'operation', SymbolKind>> = {
  module: 2,
  function: 12,
  kernel: 6,
  operation: 25,
};

/** Modules, functions and kernels; below them operations with regions. */
export function symbolsInIr({ parts }: IrText, document: TextDocument): DocumentSymbol[] {
  return parts.flatMap((part) => {
    const roots: DocumentSymbol[] = [];
    const open: { readonly placed: PlacedOperation; readonly children: DocumentSymbol[] }[] = [];
    for (const placed of part.index.operations) {
      while (open.length > 0 && placed.start >= (open.at(-1)?.placed.end ?? 0)) open.pop();
      if (placed.op.regions.length === 0) continue;
      const children: DocumentSymbol[] = [];
      (open.at(-1)?.children ?? roots).push(symbolFor(part, document, placed, children));
      open.push({ placed, children });
    }
    return roots;
  });
}

function symbolFor(
  { base }: IrPart,
  document: TextDocument,
  { op, start, end, nameStart, nameEnd }: PlacedOperation,
  children: DocumentSymbol[],
): DocumentSymbol {
  const name = symbolOf(op);
  return {
    name: name === null ? op.name : `@${name}`,
    detail: detailOf(op),
    kind: kindOf(op),
    range: rangeOf(document, base + start, base + end),
    selectionRange: rangeOf(document, base + nameStart, base + nameEnd),
    children,
  };
}

function kindOf(op: Operation): SymbolKind {
  if (op.name === 'builtin.module') return kinds.module;
  if (op.name !== 'func.func') return kinds.operation;
  return op.attributes.has('npu.core') ? kinds.kernel : kinds.function;
}

function detailOf(op: Operation): string {
  const stage = op.attributes.get('ms.stage');
  if (stage?.kind === 'string') return `stage ${stage.value}`;
  const core = op.attributes.get('npu.core');
  if (core?.kind === 'string') return `kernel of the ${core.value} core`;
  const type = op.attributes.get('function_type');
  return type?.kind === 'type' ? type.type.key.slice(0, 120) : '';
}

/** Operations of several lines. */
export function foldsInIr({ parts }: IrText, document: TextDocument): FoldingRange[] {
  return parts.flatMap(({ base, index }) =>
    index.operations.flatMap(({ op, start, end }): FoldingRange[] => {
      if (op.regions.length === 0) return [];
      const startLine = document.positionAt(base + start).line;
      const endLine = document.positionAt(base + end).line - 1; // the closing brace stays to be seen
      return endLine > startLine ? [{ startLine, endLine }] : [];
    }),
  );
}
