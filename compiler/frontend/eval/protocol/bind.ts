/** Binding call arguments to parameters, with CPython's messages. */
import { PyTuple } from '../objects/containers.ts';
import { typeError } from '../objects/exceptions.ts';
import type { KeywordArguments } from '../objects/interpreter.ts';
import { PyDict, type PyValue } from '../objects/object.ts';
import type { Signature } from '../objects/signature.ts';

/** Quotes names: 'a', 'b' and 'c' as CPython joins them. */
function quotedNames(names: readonly string[]): string {
  const quoted = names.map((name) => `'${name}'`);
  if (quoted.length <= 2) return quoted.join(' and ');
  return `${quoted.slice(0, -1).join(', ')}, and ${quoted.at(-1)}`;
}

function tooMany(
  name: string,
  signature: Signature,
  defaults: Defaults,
  given: number,
  keywords: KeywordArguments | null,
): never {
  const { positional, parameters } = signature;
  const optional = parameters.slice(0, positional).filter((_, slot) => defaults[slot] !== undefined).length;
  const least = positional - optional;
  const takes = optional > 0 ? `from ${least} to ${positional}` : String(positional);
  const plural = optional > 0 || positional !== 1 ? 's' : '';
  const keywordOnly = [...(keywords?.keys() ?? [])].filter(
    (key) => (signature.byName.get(key) ?? -1) >= positional,
  ).length;
  const extra =
    keywordOnly > 0
      ? ` positional argument${given === 1 ? '' : 's'} (and ${keywordOnly} keyword-only argument${keywordOnly === 1 ? '' : 's'})`
      : '';
  throw typeError(
    `${name}() takes ${takes} positional argument${plural} but ${given}${extra} ${given === 1 && !extra ? 'was' : 'were'} given`,
  );
}

type Defaults = readonly (PyValue | undefined)[];

/** Fills slots from keywords; what no parameter takes goes to `**kwargs` or is an error. */
function bindKeywords(
  name: string,
  signature: Signature,
  slots: (PyValue | undefined)[],
  keywords: KeywordArguments,
): void {
  const rest = signature.keywords < 0 ? null : new PyDict();
  for (const [key, value] of keywords) {
    const slot = signature.byName.get(key);
    if (slot === undefined) {
      if (!rest) unexpectedKeyword(name, signature, key, keywords);
      rest.map.set(key, value);
    } else {
      if (slots[slot] !== undefined) throw typeError(`${name}() got multiple values for argument '${key}'`);
      slots[slot] = value;
    }
  }
  if (rest) slots[signature.keywords] = rest;
}

function unexpectedKeyword(name: string, signature: Signature, key: string, keywords: KeywordArguments): never {
  const positionalOnly = signature.parameters.slice(0, signature.positionalOnly).map((parameter) => parameter.name);
  const misused = positionalOnly.filter((parameter) => keywords.has(parameter));
  if (misused.length > 0)
    throw typeError(
      `${name}() got some positional-only arguments passed as keyword arguments: '${misused.join(', ')}'`,
    );
  throw typeError(`${name}() got an unexpected keyword argument '${key}'`);
}

/** Fills the slots that got no argument from the defaults. */
function bindDefaults(name: string, signature: Signature, defaults: Defaults, slots: (PyValue | undefined)[]): void {
  const { parameters, variadic, keywords } = signature;
  let missing = false;
  for (let slot = 0; slot < parameters.length; slot++) {
    if (slots[slot] !== undefined || slot === variadic || slot === keywords) continue;
    slots[slot] = defaults[slot];
    if (slots[slot] === undefined) missing = true;
  }
  if (!missing) return;
  const absent = (keywordOnly: boolean): string[] =>
    parameters
      .filter(
        (p, slot) =>
          slots[slot] === undefined && !p.kind.startsWith('var-') && (p.kind === 'keyword-only') === keywordOnly,
      )
      .map((p) => p.name);
  const names = absent(false).length > 0 ? absent(false) : absent(true);
  const kind = absent(false).length > 0 ? 'positional' : 'keyword-only';
  throw typeError(
    `${name}() missing ${names.length} required ${kind} argument${names.length === 1 ? '' : 's'}: ${quotedNames(names)}`,
  );
}

/** Binds a call. The array of positional arguments may be returned as the slots: callers pass a fresh one. */
export function bindArguments(
  name: string,
  signature: Signature,
  defaults: Defaults,
  positional: PyValue[],
  keywords: KeywordArguments | null,
): (PyValue | undefined)[] {
  const { positional: capacity, variadic, parameters } = signature;
  const given = positional.length;
  if (given === parameters.length && given === capacity && keywords === null) return positional;
  if (given > capacity && variadic < 0) tooMany(name, signature, defaults, given, keywords);
  const slots: (PyValue | undefined)[] = given > capacity ? positional.slice(0, capacity) : positional;
  const rest = given > capacity ? positional.slice(capacity) : [];
  for (let slot = slots.length; slot < parameters.length; slot++) slots.push(undefined);
  if (variadic >= 0) slots[variadic] = new PyTuple(rest);
  if (keywords !== null && keywords.size > 0) bindKeywords(name, signature, slots, keywords);
  else if (signature.keywords >= 0) slots[signature.keywords] = new PyDict();
  bindDefaults(name, signature, defaults, slots);
  return slots;
}
