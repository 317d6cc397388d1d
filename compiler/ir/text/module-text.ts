/** Modules from text and to text. */
import type { RuleTable } from '../core/definition.ts';
import type { Location } from '../core/location.ts';
import { Block, Module, Operation } from '../core/operation.ts';
import type { Diagnostic, SourceFile } from '../support/index.ts';
import { parseAliasDefinition, parseAliasValue } from './alias-definition.ts';
import { ARITH_SYNTAX } from './custom/arith.ts';
import { FUNC_SYNTAX } from './custom/func.ts';
import { SCF_SYNTAX } from './custom/scf.ts';
import { irTextDiagnostics } from './diagnostics.ts';
import { parseLocation } from './parse-location.ts';
import type { ParseObserver } from './observer.ts';
import { parseOperations } from './parse-operation.ts';
import type { PrintOptions } from './printer.ts';
import { Printer } from './printer.ts';
import { newDocument, Reader, SyntaxAbort } from './reader.ts';
import { Scope } from './scope.ts';
import type { ParseContext, SyntaxTable } from './syntax.ts';
import { Token } from './token.ts';

const SYNTAXES: SyntaxTable = new Map([...FUNC_SYNTAX, ...SCF_SYNTAX, ...ARITH_SYNTAX]);

/** A module, or null when the text has errors. */
export interface ParsedModule {
  readonly module: Module | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads MLIR text, generic or pretty. Never throws on bad text; reports several errors at once. */
export function parseModule(
  file: SourceFile,
  definitions: RuleTable,
  observer: ParseObserver | null = null,
): ParsedModule {
  const document = newDocument(file, parseAliasValue);
  const reader = new Reader(document);
  const isolated = isolatedNames(definitions);
  const context: ParseContext = {
    reader,
    definitions,
    scope: new Scope(),
    syntaxes: SYNTAXES,
    names: new Map(),
    isolated,
    observer,
  };
  const top = new Block();
  try {
    parseTop(context, top);
  } catch (error) {
    if (!(error instanceof SyntaxAbort)) throw error;
  }
  return { module: document.diagnostics.length > 0 ? null : moduleOf(top), diagnostics: document.diagnostics };
}

/** Reads what `locationText` writes; null for any other text. */
export function parseLocationText(text: string): Location {
  const document = newDocument({ name: 'location', text: `loc(${text})` }, parseAliasValue);
  try {
    const reader = new Reader(document);
    const location = parseLocation(reader);
    return reader.kind === Token.End && document.diagnostics.length === 0 ? location : null;
  } catch (error) {
    if (!(error instanceof SyntaxAbort)) throw error;
    return null;
  }
}

/** Operations and alias definitions until the end of the text. */
function parseTop(context: ParseContext, top: Block): void {
  const { reader } = context;
  while (reader.kind !== Token.End) {
    if (reader.kind === Token.Hash || reader.kind === Token.Exclaim) {
      parseAliasDefinition(reader);
    } else if (reader.kind === Token.LeftBrace) {
      reader.fail(irTextDiagnostics.unsupported, ['file metadata']);
    } else {
      parseOperations(context, top);
      if (reader.kind === Token.RightBrace || reader.kind === Token.Caret) reader.failExpected('an operation');
    }
  }
}

/** The only module of the text, or one around its operations, as mlir-opt does. */
function moduleOf(top: Block): Module {
  const [only] = top.operations;
  if (top.operations.length !== 1 || only.name !== 'builtin.module' || only.regions.length !== 1)
    return new Module(top);
  const attributes = new Map(only.attributes);
  const name = attributes.get('sym_name');
  attributes.delete('sym_name');
  return new Module(only.regions[0], attributes, only.location, name?.kind === 'string' ? name.value : '');
}

const DEFAULT_OPTIONS: PrintOptions = { form: 'generic', locations: false };

/** The text of a module, ending in a line break. Equal modules give equal texts. */
export function printModule(module: Module, definitions: RuleTable, options: Partial<PrintOptions> = {}): string {
  const entries = new Map(module.attributes);
  if (module.name !== '') entries.set('sym_name', { kind: 'string', value: module.name });
  const op = new Operation('builtin.module', [], [], entries, [module.body], module.location);
  return `${printOperation(op, definitions, options)}\n`;
}

/** The text of one operation with its regions; operands from outside print as undefined. */
export function printOperation(op: Operation, definitions: RuleTable, options: Partial<PrintOptions> = {}): string {
  const printer = new Printer({ ...DEFAULT_OPTIONS, ...options }, definitions, SYNTAXES, isolatedNames(definitions));
  printer.operation(op);
  return printer.text();
}

function isolatedNames(definitions: RuleTable): ReadonlySet<string> {
  const names = new Set(['builtin.module', 'func.func']);
  for (const definition of definitions.values()) if (definition.traits.includes('isolated')) names.add(definition.name);
  return names;
}
