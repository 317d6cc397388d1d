/** Time of programs: of their launches, and of all ranks together. */
export { asDecided, assumed } from './decisions.ts';
export { isTimingFault, LaunchTimer, type TimingFault } from './launches.ts';
export { chipOf, globalMemory, kernelLaunch } from './model.ts';
export { criticalPath, meetingsOf, type RankSlice } from './critical-path.ts';
export { streams, type Slice, type Stream } from './rank-clock.ts';
export {
  isClusterTimingProblem,
  timeRanks,
  type ClusterTime,
  type ClusterTimingOptions,
  type ClusterTimingProblem,
  type RankTime,
} from './ranks.ts';
export { clusterTrace } from './trace.ts';
