export { callGraph, pureFunctions, reachable, recursiveFunctions } from './calls.ts';
export { bytesOf, costOf, flopsOf, isView, matrixFlops, type OperationCost } from './cost.ts';
export { visitExecuted } from './executed.ts';
export { elementsOf, productOf, shapeOf, weightOperand, type Product } from './products.ts';
