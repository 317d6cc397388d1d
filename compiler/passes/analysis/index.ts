export { usersOf } from './uses.ts';
export { callGraph, pureFunctions, reachable, recursiveFunctions } from './calls.ts';
