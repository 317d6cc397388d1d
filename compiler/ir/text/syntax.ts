/**
 * What a dialect's own syntax is: one row for each operation that MLIR prints in a form of its own, read and written
 * here in the same form. Operations without a row take their pretty form from their definition.
 */
import type { AttributeMap } from '../core/attribute.ts';
import type { RuleTable } from '../core/definition.ts';
import type { Block, Value } from '../core/operation.ts';
import type { Type } from '../core/type.ts';
import type { ParseObserver } from './observer.ts';
import type { PrintOwnForm } from './printer.ts';
import type { Reader } from './reader.ts';
import type { Scope } from './scope.ts';

/** What the grammar functions share. */
export interface ParseContext {
  readonly reader: Reader;
  readonly definitions: RuleTable;
  readonly scope: Scope;
  readonly syntaxes: SyntaxTable;
  /** Full operation names by how they were written, so that equal names are one string. */
  readonly names: Map<string, string>;
  /** Operations whose regions see no values from outside. */
  readonly isolated: ReadonlySet<string>;
  readonly observer: ParseObserver | null;
}

/** An operation without its name and location. */
export interface OperationParts {
  readonly operands: readonly Value[];
  readonly resultTypes: readonly Type[];
  readonly attributes: AttributeMap;
  readonly regions: readonly Block[];
}

export interface OperationHeader {
  readonly name: string;
  /** How many results the text names before `=`; 0 when it names none. */
  readonly resultCount: number;
}

export interface OperationSyntax {
  /** Reads what follows the operation's name. */
  readonly parse: (context: ParseContext, header: OperationHeader) => OperationParts;
  readonly print: PrintOwnForm;
}

export type SyntaxTable = ReadonlyMap<string, OperationSyntax>;
