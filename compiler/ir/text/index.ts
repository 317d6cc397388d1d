export * from './module-text.ts';
export { attributeText, dictionaryText, locationText, symbolText } from './attribute-text.ts';
export type { AttributeForm } from './attribute-text.ts';
export type { PrintOptions } from './printer.ts';
export { irTextDiagnostics } from './diagnostics.ts';
