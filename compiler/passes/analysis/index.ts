export { callGraph, pureFunctions, reachable, recursiveFunctions } from './calls.ts';
