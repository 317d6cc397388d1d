export * from './module-text.ts';
export { attributeText, dictionaryText, locationText, symbolText } from './attribute-text.ts';
export type { AttributeForm } from './attribute-text.ts';
export type { PrintOptions } from './printer.ts';
export { irTextDiagnostics } from './diagnostics.ts';
export type { OperationPlace, ParseObserver } from './observer.ts';
export { Lexer } from './lexer.ts';
export { Token, type TokenKind } from './token.ts';
export { unescapeString } from './reader.ts';
