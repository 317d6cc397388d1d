/** Parameters of a network: what `@main` says about them, and the bytes that a run puts in their place. */
import type { Attribute, AttributeMap, ElementArray, Module, Operation } from '../../compiler/ir/index.ts';
import { INITIALIZER_NUMBERS, isInitializerKind } from './initializer-numbers.ts';
import type { DataSource, StoredTensor } from '../../runtime/program/index.ts';

export function mainOf(module: Module): Operation | null {
  return (
    module.body.operations.find((op) => op.name === 'func.func' && textOf(op.attributes, 'sym_name') === 'main') ?? null
  );
}

function textOf(entries: AttributeMap, name: string): string | null {
  const attribute = entries.get(name);
  return attribute?.kind === 'string' ? attribute.value : null;
}

/** The attribute dictionary of each argument of a function. */
export function argumentAttributes(func: Operation): readonly AttributeMap[] {
  const list = func.attributes.get('arg_attrs');
  const elements = list?.kind === 'array' ? list.elements : [];
  return func.regions[0].arguments.map((_, index) => dictionaryOf(elements[index]));
}

const dictionaryOf = (attribute: Attribute | undefined): AttributeMap =>
  attribute?.kind === 'dictionary' ? attribute.entries : new Map();

/** An argument of `@main`: a parameter or an input, under the name that the user knows. */
export interface MainArgument {
  readonly name: string;
  readonly isParameter: boolean;
}

export function mainArguments(module: Module): readonly MainArgument[] {
  const main = mainOf(module);
  if (main === null) return [];
  const entries = argumentAttributes(main);
  return main.regions[0].arguments.map((argument, index) => {
    const parameter = textOf(entries[index], 'ms.param');
    const input = textOf(entries[index], 'ms.input') ?? (argument.name || `arg${index}`);
    return { name: parameter ?? input, isParameter: parameter !== null };
  });
}

/** Names of the results of `@main`: the parameters whose new values they are, the others are `out0`, `out1`, …. */
export function resultNames(module: Module): readonly string[] {
  const main = mainOf(module);
  const list = main?.attributes.get('res_attrs');
  const elements = list?.kind === 'array' ? list.elements : [];
  let outputs = 0;
  return (main?.regions[0].operations.at(-1)?.operands ?? []).map(
    (_, index) => textOf(dictionaryOf(elements[index]), 'ms.param') ?? `out${outputs++}`,
  );
}

/** The parameters of `@main` with where their values come from when nobody gives weights; they have no place in memory yet. */
export function storedParameters(module: Module): readonly StoredTensor[] {
  const main = mainOf(module);
  if (main === null) return [];
  const entries = argumentAttributes(main);
  return main.regions[0].arguments.flatMap(({ type }, index) => {
    const name = textOf(entries[index], 'ms.param');
    if (name === null || type.kind !== 'tensor') return [];
    return [
      {
        name,
        dtype: type.dtype,
        shape: type.shape.map(Number),
        address: 0,
        bytes: 0,
        source: sourceOf(entries[index]),
      },
    ];
  });
}

/** The sources alone, by name: they outlive the types, which later stages replace. */
export function parameterSources(module: Module): ReadonlyMap<string, DataSource> {
  const main = mainOf(module);
  const entries = main === null ? [] : argumentAttributes(main);
  return new Map(
    entries.flatMap((entry) => {
      const name = textOf(entry, 'ms.param');
      return name === null ? [] : [[name, sourceOf(entry)] as const];
    }),
  );
}

function sourceOf(entries: AttributeMap): DataSource {
  const value = entries.get('ms.value');
  if (value?.kind === 'dense')
    return { kind: 'embedded', data: bytesOf(spread(value.data, countOf(value.type.shape))) };
  const initializer = entries.get('ms.init');
  return initializer?.kind === 'dictionary' ? initializerSource(initializer.entries) : { kind: 'supplied' };
}

function initializerSource(entries: AttributeMap): DataSource {
  const kind = textOf(entries, 'kind') ?? '';
  const names = isInitializerKind(kind) ? INITIALIZER_NUMBERS[kind] : [];
  return {
    kind: 'initializer',
    initializer: kind,
    arguments: names.map((name) => numberOf(entries.get(name))),
    seed: numberOf(entries.get('seed')),
  };
}

function numberOf(attribute: Attribute | undefined): number {
  return attribute?.kind === 'float' || attribute?.kind === 'integer' ? Number(attribute.value) : 0;
}

const countOf = (shape: readonly (number | string)[]): number =>
  shape.reduce<number>((product, extent) => product * Number(extent), 1);

/** All elements of data in which one may stand for all. */
function spread(data: ElementArray, count: number): ElementArray {
  if (data.length === count) return data;
  // A typed array's constructor makes arrays of its own kind.
  const full = new (data.constructor as new (length: number) => ElementArray)(count);
  for (let index = 0; index < count; index++) full[index] = data[0];
  return full;
}

export const bytesOf = (data: ArrayBufferView): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
