export type * from './ast.ts';
export { parsePython, type ParsedFile } from './parse.ts';
export { decodePython } from './decode.ts';
export { dumpAst, type DumpedNode, type DumpedValue } from './dump.ts';
export { syntaxDiagnostics } from './diagnostics.ts';
export { childrenOf, fieldsOf, nodeFields } from './walk.ts';
