/** Functions: definition, call, return. Names and attributes are MLIR's. */
import type { OpDefinition, Slot, TypePredicate } from '../core/definition.ts';
import { absent } from '../core/definition.ts';
import { ok } from '../support/diagnostic.ts';

export const anyType: TypePredicate = { text: 'any type', test: () => true };

/** Any number of values of any types. */
export const anyValues = (name: string): Slot => ({ name, accepts: anyType, arity: 'variadic' });

const FAMILY = { family: 'func', constraints: [], axes: absent('not a tensor computation') } as const;

export const funcOps = {
  'func.func': {
    ...FAMILY,
    name: 'func.func',
    summary: 'A function: its region sees no values from outside; without operations it is a declaration.',
    operands: [],
    results: [],
    attributes: [
      { name: 'sym_name', kind: 'string', required: true, summary: 'the name that calls use' },
      { name: 'function_type', kind: 'type', required: true, summary: 'types of arguments and results' },
      {
        name: 'sym_visibility',
        kind: 'string',
        required: false,
        choices: ['public', 'private', 'nested'],
        summary: 'private functions go when nobody calls them',
      },
      {
        name: 'arg_attrs',
        kind: 'array',
        required: false,
        summary: 'a dictionary for each argument, such as ms.param',
      },
      { name: 'res_attrs', kind: 'array', required: false, summary: 'a dictionary for each result' },
    ],
    regions: ['body'],
    traits: ['symbol', 'isolated'],
    infer: () => ok([]),
  },
  'func.return': {
    ...FAMILY,
    name: 'func.return',
    summary: 'Ends a function with its results.',
    operands: [anyValues('values')],
    results: [],
    attributes: [],
    regions: [],
    traits: ['terminator'],
    infer: () => ok([]),
  },
  'func.call': {
    ...FAMILY,
    name: 'func.call',
    summary: 'Calls a function of the module.',
    operands: [anyValues('arguments')],
    results: [anyValues('results')],
    attributes: [{ name: 'callee', kind: 'symbol', required: true, summary: 'the function' }],
    regions: [],
    traits: [],
    infer: absent('result types are those of the callee'),
  },
} as const satisfies Readonly<Record<string, OpDefinition>>;
