/** The open documents, kept in step with the client by its incremental changes. */
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { TextDocumentContentChangeEvent } from 'vscode-languageserver-textdocument';
import { pathOfUri } from './positions.ts';

export type Language = 'ir' | 'python' | 'other';

export interface OpenDocument {
  readonly language: Language;
  /** Null for documents that are no files. */
  readonly path: string | null;
  readonly document: TextDocument;
}

/** By its ending, which the client's name for the language cannot overrule: clients name IR text in several ways. */
function languageOf(uri: string, languageId: string): Language {
  const name = uri.replace(/[?#].*$/, '');
  if (/\.mlir$/i.test(name) || /mlir$/i.test(languageId)) return 'ir';
  return /\.pyi?$/i.test(name) || languageId === 'python' ? 'python' : 'other';
}

export class Documents {
  readonly #open = new Map<string, OpenDocument>();

  open(uri: string, languageId: string, version: number, text: string): OpenDocument {
    const document = TextDocument.create(uri, languageId, version, text);
    const opened = { language: languageOf(uri, languageId), path: pathOfUri(uri), document };
    this.#open.set(uri, opened);
    return opened;
  }

  /** Null when the document is not open: a late message of a client that closed it. */
  change(uri: string, version: number, changes: TextDocumentContentChangeEvent[]): OpenDocument | null {
    const opened = this.#open.get(uri);
    if (opened === undefined) return null;
    TextDocument.update(opened.document, changes, version);
    return opened;
  }

  close(uri: string): OpenDocument | null {
    const opened = this.#open.get(uri) ?? null;
    this.#open.delete(uri);
    return opened;
  }

  get(uri: string): OpenDocument | null {
    return this.#open.get(uri) ?? null;
  }

  byPath(path: string): OpenDocument | null {
    for (const opened of this.#open.values()) if (opened.path === path) return opened;
    return null;
  }

  all(): readonly OpenDocument[] {
    return [...this.#open.values()];
  }
}
