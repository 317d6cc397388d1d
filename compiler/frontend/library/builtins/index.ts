/** The module `builtins` and the methods of the built-in classes. */
import {
  boolType,
  byteArrayType,
  bytesType,
  classMethodType,
  complexType,
  dictType,
  ellipsis,
  floatType,
  frozenSetType,
  intType,
  listType,
  notImplemented,
  objectType,
  propertyType,
  rangeType,
  setType,
  sliceType,
  staticMethodType,
  stringType,
  superType,
  tupleType,
  typeType,
  type Builtins,
  type Member,
  type PyClass,
} from '../../eval/index.ts';
import { callableClasses } from './callables.ts';
import { descriptorClasses } from './descriptors.ts';
import { exceptionClasses, exceptionNames } from './exceptions.ts';
import { functions } from './functions.ts';
import { genericClasses } from './generic.ts';
import { iterationFunctions, iteratorClasses } from './iteration.ts';
import { boolMembers, intMembers } from './numbers.ts';
import { complexMembers, floatMembers } from './reals.ts';
import { objectMembers, typeMembers } from './object-type.ts';
import { sequenceClasses } from './sequences.ts';
import { dictClasses } from './dicts.ts';
import { setClasses } from './sets.ts';

const classes: readonly PyClass[] = [
  objectType,
  typeType,
  intType,
  boolType,
  floatType,
  complexType,
  stringType,
  bytesType,
  byteArrayType,
  listType,
  tupleType,
  dictType,
  setType,
  frozenSetType,
  rangeType,
  sliceType,
  propertyType,
  staticMethodType,
  classMethodType,
  superType,
  ...iteratorClasses.map(({ cls }) => cls),
];

const constants: readonly Member[] = [
  ['Ellipsis', ellipsis],
  ['NotImplemented', notImplemented],
  ['__debug__', true],
];

/** What every interpreter starts with. */
export const builtins: Builtins = {
  names: () => [
    ...functions,
    ...iterationFunctions,
    ...classes.map((cls): Member => [cls.name, cls]),
    ...exceptionNames,
    ...constants,
  ],
  methods: [
    { cls: objectType, members: objectMembers },
    { cls: typeType, members: typeMembers },
    { cls: intType, members: intMembers },
    { cls: boolType, members: boolMembers },
    { cls: floatType, members: floatMembers },
    { cls: complexType, members: complexMembers },
    ...sequenceClasses,
    ...dictClasses,
    ...setClasses,
    ...callableClasses,
    ...descriptorClasses,
    ...exceptionClasses,
    ...iteratorClasses,
    ...genericClasses,
  ],
};

export { aliasOf, genericAliasType, unionOf, unionType } from './generic.ts';
export { keywordsOf } from './callables.ts';
export { isCallable } from './functions.ts';
export { iteratorOf, missing } from './iteration.ts';
export { iteratorMembers } from './callables.ts';
export { comparisonMembers, toInt, truncate } from './numbers.ts';
export { integerRatio, toReal } from './reals.ts';
export { directory, forcePending } from './object-type.ts';
export { decodeBytes } from './bytes.ts';
export { sortValues } from './sequences.ts';
export { encodeText } from './string-methods.ts';
export { parseFormat } from './string-format.ts';
export { setFrom } from './sets.ts';
