/** Steps of a program from the manifest. */
import { REGISTER_COUNT } from '../isa/index.ts';
import { RefusedFile } from './error.ts';
import { integer, list, member, oneOf, optional, text, type Field } from './fields.ts';
import { tensorDtypes } from './tensor.ts';
import {
  groupOperations,
  reductions,
  type Extent,
  type GroupCollective,
  type Launch,
  type Step,
  type TensorPlace,
} from './step.ts';

/** Limits that no chip exceeds. */
const chipLimits = { arguments: REGISTER_COUNT, blocks: 65535 } as const;

/** Deeper nesting than any source has. */
const MOST_NESTING = 200;

const kinds = ['launch', 'collective', 'send', 'receive', 'print', 'assert', 'branch', 'while', 'repeat'] as const;

/** A step with everything inside it. */
export function stepOf(field: Field): Step {
  return stepAt(field, 0);
}

function stepAt(field: Field, depth: number): Step {
  if (depth > MOST_NESTING) throw new RefusedFile('range', field.place, `steps nested more than ${MOST_NESTING} deep`);
  const steps = (name: string): readonly Step[] => list(member(field, name), (inner) => stepAt(inner, depth + 1));
  const number = (name: string): number => integer(member(field, name));
  const kind = oneOf(member(field, 'kind'), kinds);
  switch (kind) {
    case 'launch':
      return launchOf(field);
    case 'collective':
      return collectiveOf(field);
    case 'send':
    case 'receive': {
      const [peer, tag, elements, address] = [number('peer'), number('tag'), number('elements'), number('address')];
      return {
        kind,
        peer,
        tag,
        dtype: oneOf(member(field, 'dtype'), tensorDtypes),
        elements,
        address,
        ...located(field),
      };
    }
    case 'print':
      return {
        kind,
        format: text(member(field, 'format')),
        values: list(member(field, 'values'), placeOf),
        ...located(field),
      };
    case 'assert':
      return { kind, condition: number('condition'), message: text(member(field, 'message')), ...located(field) };
    case 'branch':
      return {
        kind,
        condition: number('condition'),
        then: steps('then'),
        otherwise: steps('otherwise'),
        ...located(field),
      };
    case 'while':
      return { kind, test: steps('test'), condition: number('condition'), body: steps('body'), ...located(field) };
    case 'repeat':
      return { kind, count: number('count'), body: steps('body'), ...located(field) };
  }
}

/** A launch, the only step of `prepare`. */
export function launchOf(field: Field): Launch {
  const args = list(member(field, 'args'), (value) => integer(value, Number.MIN_SAFE_INTEGER));
  if (args.length > chipLimits.arguments)
    throw new RefusedFile('range', field.place, `${args.length} arguments for ${chipLimits.arguments} registers`);
  const extents = (name: 'reads' | 'writes'): Pick<Launch, 'reads' | 'writes'> => {
    const found = optional(member(field, name), (value) => list(value, extentOf));
    return found === undefined ? {} : { [name]: found };
  };
  return {
    kind: oneOf(member(field, 'kind'), ['launch'] as const),
    kernel: integer(member(field, 'kernel')),
    blockCount: integer(member(field, 'blockCount'), 1, chipLimits.blocks),
    args,
    ...extents('reads'),
    ...extents('writes'),
    ...located(field),
  };
}

function collectiveOf(field: Field): GroupCollective {
  const reduction = member(field, 'reduction');
  const root = member(field, 'root');
  return {
    kind: 'collective',
    operation: oneOf(member(field, 'operation'), groupOperations),
    group: list(member(field, 'group'), (rank) => integer(rank)),
    reduction: reduction.value === null ? null : oneOf(reduction, reductions),
    root: root.value === null ? null : integer(root),
    dtype: oneOf(member(field, 'dtype'), tensorDtypes),
    elements: integer(member(field, 'elements')),
    input: integer(member(field, 'input')),
    output: integer(member(field, 'output')),
    ...located(field),
  };
}

function placeOf(field: Field): TensorPlace {
  return {
    address: integer(member(field, 'address')),
    dtype: oneOf(member(field, 'dtype'), tensorDtypes),
    shape: list(member(field, 'shape'), (size) => integer(size)),
  };
}

function extentOf(field: Field): Extent {
  const dtype = member(field, 'dtype');
  return {
    address: integer(member(field, 'address')),
    bytes: integer(member(field, 'bytes')),
    dtype: dtype.value === null ? null : oneOf(dtype, tensorDtypes),
  };
}

function located(field: Field): { readonly location?: number } {
  const location = optional(member(field, 'location'), (value) => integer(value));
  return location === undefined ? {} : { location };
}
