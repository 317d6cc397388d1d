export * from './pattern.ts';
export { Rewriter } from './rewriter.ts';
export * from './sweep.ts';
export * from './clone.ts';
export { Purity } from './purity.ts';
export { removeDead } from './dead.ts';
export { hasStage, inheritStage, isPinned } from './placement.ts';
export { redirectOperands } from './redirect.ts';
export * from './observer.ts';
