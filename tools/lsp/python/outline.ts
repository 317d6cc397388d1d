/** The structure of a Python file: classes, functions and top-level variables, and what can be folded. */
import type { DocumentSymbol, FoldingRange, SymbolKind } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Node } from '../../../compiler/frontend/syntax/index.ts';
import { childrenOf } from '../../../compiler/frontend/syntax/index.ts';
import { rangeOf } from '../positions.ts';
import type { PythonFile } from './workspace.ts';

/** The protocol's numbers. */
const kinds: Readonly<Record<'class' | 'method' | 'function', SymbolKind>> = { class: 5, method: 6, function: 12 };

type Defined = Extract<Node, { kind: 'ClassDef' | 'FunctionDef' | 'AsyncFunctionDef' }>;

const isDefined = (node: Node): node is Defined =>
  node.kind === 'ClassDef' || node.kind === 'FunctionDef' || node.kind === 'AsyncFunctionDef';

export const symbolsInPython = ({ parsed, text }: PythonFile, document: TextDocument): DocumentSymbol[] =>
  symbolsBelow(parsed.module, text, document, false);

function symbolsBelow(node: Node, text: string, document: TextDocument, isInClass: boolean): DocumentSymbol[] {
  return childrenOf(node).flatMap((child): DocumentSymbol[] => {
    if (!isDefined(child)) return isBlock(child) ? symbolsBelow(child, text, document, isInClass) : [];
    const start = text.indexOf(child.name, child.start);
    const isClass = child.kind === 'ClassDef';
    return [
      {
        name: child.name,
        kind: isClass ? kinds.class : isInClass ? kinds.method : kinds.function,
        range: rangeOf(document, child.start, child.end),
        selectionRange: rangeOf(document, start, start + child.name.length),
        children: symbolsBelow(child, text, document, isClass),
      },
    ];
  });
}

/** Statements that hold statements. */
const isBlock = (node: Node): boolean => 'body' in node || node.kind === 'Match';

/** Statements of several lines that hold others. */
export function foldsInPython({ parsed }: PythonFile, document: TextDocument): FoldingRange[] {
  const folds: FoldingRange[] = [];
  const visit = (node: Node): void => {
    for (const child of childrenOf(node)) {
      if (!isBlock(child) || child.kind === 'Lambda' || child.kind === 'IfExp') continue;
      const startLine = document.positionAt(child.start).line;
      const endLine = document.positionAt(child.end).line;
      if (endLine > startLine) folds.push({ startLine, endLine });
      visit(child);
    }
  };
  visit(parsed.module);
  return folds;
}
