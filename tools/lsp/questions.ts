/** The questions of an editor about a place or a document, each answered by one of the two languages. */
import type { Connection } from 'vscode-languageserver';
import { ErrorCodes, ResponseError } from 'vscode-languageserver';
import type { Documents, OpenDocument } from './documents.ts';
import { resolveInIr } from './ir/completion.ts';
import type { IrLanguage } from './ir-language.ts';
import type { PythonLanguage } from './python-language.ts';

export interface Respondents {
  readonly documents: Documents;
  readonly ir: IrLanguage;
  readonly python: PythonLanguage;
  /** Runs what may throw; the first argument is the answer if it does. */
  readonly guard: <Answer>(otherwise: Answer, run: () => Answer) => Answer;
  /** Throws the protocol's refusal outside of the life of the server. */
  readonly expectReady: () => void;
}

const nothing = (): null => null;
const none = (): [] => [];

/** Registers the answers. What one language does not know has an empty answer. */
export function answerQuestions(connection: Connection, respondents: Respondents): void {
  const { documents, ir, python, guard, expectReady } = respondents;
  const answer = <OfIr, OfPython>(
    { uri }: { readonly uri: string },
    otherwise: () => OfIr | OfPython,
    ofIr: (opened: OpenDocument) => OfIr,
    ofPython: (opened: OpenDocument) => OfPython,
  ): OfIr | OfPython => {
    expectReady();
    const opened = documents.get(uri);
    if (opened === null || opened.language === 'other') return otherwise();
    return guard(otherwise(), () => (opened.language === 'ir' ? ofIr(opened) : ofPython(opened)));
  };
  connection.onHover(({ textDocument, position }) =>
    answer(
      textDocument,
      nothing,
      (opened) => ir.hover(opened, position),
      (opened) => python.hover(opened, position),
    ),
  );
  connection.onDefinition(({ textDocument, position }) =>
    answer(
      textDocument,
      nothing,
      (opened) => ir.definition(opened, position),
      (opened) => python.definition(opened, position),
    ),
  );
  connection.onReferences(({ textDocument, position, context }) =>
    answer(textDocument, none, (opened) => [...ir.references(opened, position, context.includeDeclaration)], none),
  );
  connection.onDocumentHighlight(({ textDocument, position }) =>
    answer(textDocument, none, (opened) => [...ir.highlights(opened, position)], none),
  );
  connection.onDocumentSymbol(({ textDocument }) =>
    answer(
      textDocument,
      none,
      (opened) => ir.symbols(opened),
      (opened) => python.symbols(opened),
    ),
  );
  connection.onFoldingRanges(({ textDocument }) =>
    answer(
      textDocument,
      none,
      (opened) => ir.folds(opened),
      (opened) => python.folds(opened),
    ),
  );
  connection.onDocumentFormatting(({ textDocument }) =>
    answer(textDocument, none, (opened) => ir.format(opened), none),
  );
  connection.onPrepareRename(({ textDocument, position }) =>
    answer(textDocument, nothing, (opened) => ir.renameRange(opened, position), nothing),
  );
  connection.onCompletion(({ textDocument, position }) =>
    answer(textDocument, none, (opened) => [...ir.completion(opened, position)], none),
  );
  connection.onCompletionResolve((item) => guard(item, () => resolveInIr(item)));
  connection.languages.inlayHint.on(({ textDocument, range }) =>
    answer(textDocument, none, none, (opened) => python.hints(opened, range)),
  );
  connection.onRenameRequest(({ textDocument, position, newName }) =>
    answer(
      textDocument,
      nothing,
      (opened) => {
        const edits = ir.rename(opened, position, newName);
        if (!edits.ok) throw new ResponseError(ErrorCodes.InvalidRequest, edits.error);
        return { changes: { [textDocument.uri]: [...edits.value] } };
      },
      nothing,
    ),
  );
}
