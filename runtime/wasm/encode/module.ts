/** A WebAssembly module as data, and its bytes. */

import { flatten, seq, unsigned, valueTypes, type Code, type ValueType } from './code.ts';

export interface Signature {
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
}

export interface FunctionImport extends Signature {
  readonly name: string;
}

/** A local variable of a function under construction; parameters are locals too. */
export interface Local {
  readonly index: number;
  readonly type: ValueType;
}

export interface FunctionBody extends Signature {
  readonly name: string;
  readonly locals: readonly ValueType[];
  readonly code: Code;
  readonly exported: boolean;
}

/** What all modules of the runtime share: one imported memory, functions imported by name, own functions. */
export interface ModuleParts {
  readonly imports: readonly FunctionImport[];
  readonly functions: readonly FunctionBody[];
  /** Pages of 64 KiB that the imported shared memory may have at most. */
  readonly maximumPages: number;
}

export const get = (local: Local): Code => [0x20, ...unsigned(local.index)];
export const set = (local: Local, value: Code): Code => seq(value, [0x21, ...unsigned(local.index)]);
export const tee = (local: Local, value: Code): Code => seq(value, [0x22, ...unsigned(local.index)]);

/** Names the locals of one function while its code is written. */
export class FunctionBuilder {
  readonly #locals: ValueType[] = [];
  readonly parameters: readonly Local[];
  readonly signature: Signature;

  constructor(signature: Signature) {
    this.signature = signature;
    this.parameters = signature.parameters.map((type, index) => ({ index, type }));
  }

  local(type: ValueType): Local {
    this.#locals.push(type);
    return { index: this.signature.parameters.length + this.#locals.length - 1, type };
  }

  locals(type: ValueType, count: number): readonly Local[] {
    return Array.from({ length: count }, () => this.local(type));
  }

  finish(name: string, code: Code, exported = true): FunctionBody {
    return { ...this.signature, name, locals: this.#locals, code, exported };
  }
}

const vector = (items: readonly Code[]): Code => seq(unsigned(items.length), ...items);
const text = (value: string): Code => {
  const bytes = [...new TextEncoder().encode(value)];
  return seq(unsigned(bytes.length), bytes);
};
const sized = (content: Code): Code => {
  const bytes = flatten(content);
  return seq(unsigned(bytes.length), bytes);
};
const section = (id: number, content: Code): Code => seq([id], sized(content));
const typeKey = (signature: Signature): string => `${signature.parameters.join()}>${signature.results.join()}`;

/** Encodes the module; imports are `env.memory` and `env.<name>`. */
export function encodeModule(parts: ModuleParts): Uint8Array<ArrayBuffer> {
  const { types, indexOf } = collectTypes([...parts.imports, ...parts.functions]);
  const memoryImport = seq(text('env'), text('memory'), [0x02, 0x03], unsigned(0), unsigned(parts.maximumPages));
  const functionImports = parts.imports.map((item) =>
    seq(text('env'), text(item.name), [0x00], unsigned(indexOf(item))),
  );
  const exports = parts.functions.flatMap((body, index) =>
    body.exported ? [seq(text(body.name), [0x00], unsigned(parts.imports.length + index))] : [],
  );
  return Uint8Array.from(
    flatten([
      [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
      section(1, vector(types)),
      section(2, vector([memoryImport, ...functionImports])),
      section(3, vector(parts.functions.map((body) => unsigned(indexOf(body))))),
      section(7, vector(exports)),
      section(10, vector(parts.functions.map(encodeBody))),
      section(0, seq(text('name'), functionNames(parts))),
    ]),
  );
}

/** Names that the profiler and stack traces show. */
function functionNames({ imports, functions }: ModuleParts): Code {
  const names = [...imports, ...functions].map(({ name }, index) => seq(unsigned(index), text(name)));
  return section(1, vector(names));
}

function collectTypes(signatures: readonly Signature[]): { types: readonly Code[]; indexOf: (s: Signature) => number } {
  const indices = new Map<string, number>();
  const types: Code[] = [];
  for (const signature of signatures) {
    const key = typeKey(signature);
    if (indices.has(key)) continue;
    indices.set(key, types.length);
    types.push(
      seq(
        [0x60],
        vector(signature.parameters.map((type) => [valueTypes[type]])),
        vector(signature.results.map((type) => [valueTypes[type]])),
      ),
    );
  }
  return { types, indexOf: (signature) => indices.get(typeKey(signature)) ?? 0 };
}

function encodeBody(body: FunctionBody): Code {
  const runs: { type: ValueType; count: number }[] = [];
  for (const type of body.locals) {
    const last = runs.at(-1);
    if (last?.type === type) last.count += 1;
    else runs.push({ type, count: 1 });
  }
  const locals = vector(runs.map((run) => seq(unsigned(run.count), [valueTypes[run.type]])));
  return sized([locals, body.code, [0x0b]]);
}
