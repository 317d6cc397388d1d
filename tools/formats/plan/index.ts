/** Files of parallel plans: clusters, MindSpore strategies, MindFormers configurations. */
export type { DocumentError } from './document.ts';
export { readCluster } from './cluster.ts';
export * from './strategy.ts';
export * from './mindformers.ts';
