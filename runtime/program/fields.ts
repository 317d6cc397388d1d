/** Unknown JSON to typed values. Every mistake names its place. */

import { RefusedFile } from './error.ts';

/** A JSON value and where it stands. */
export interface Field {
  readonly value: unknown;
  readonly place: string;
}

const refuse = ({ place }: Field, expected: string): never => {
  throw new RefusedFile('manifest', place, `expected ${expected}`);
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The member of an object; absent members are undefined values. */
export function member(field: Field, name: string): Field {
  const { value, place } = field;
  if (!isRecord(value)) return refuse(field, 'an object');
  return { value: Object.hasOwn(value, name) ? value[name] : undefined, place: `${place}.${name}` };
}

export function text(field: Field): string {
  return typeof field.value === 'string' ? field.value : refuse(field, 'a string');
}

/** An integer from `least` to `most`. */
export function integer(field: Field, least = 0, most = Number.MAX_SAFE_INTEGER): number {
  const { value } = field;
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) return refuse(field, 'an integer');
  if (value < least || value > most)
    throw new RefusedFile('range', field.place, `${value} is not from ${least} to ${most}`);
  return value;
}

export function finite(field: Field): number {
  return typeof field.value === 'number' && Number.isFinite(field.value) ? field.value : refuse(field, 'a number');
}

export function list<T>(field: Field, item: (field: Field) => T): readonly T[] {
  const { value, place } = field;
  if (!Array.isArray(value)) return refuse(field, 'a list');
  return value.map((element: unknown, index) => item({ value: element, place: `${place}[${index}]` }));
}

export function oneOf<T extends string>(field: Field, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === field.value);
  return found ?? refuse(field, `one of ${choices.join(', ')}`);
}

/** The parsed value, or undefined where the member is absent. */
export const optional = <T>(field: Field, parse: (field: Field) => T): T | undefined =>
  field.value === undefined ? undefined : parse(field);
