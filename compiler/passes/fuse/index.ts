export { RELU_EPILOGUE, fuseModule } from './fuse.ts';
export { FUSED, YIELD } from './decompose.ts';
export type { TargetOps } from './decompose.ts';
export { RELAYOUT, TURNED } from './layout.ts';
export { PATCHES } from './patches.ts';
export { fusePass } from './pass.ts';
