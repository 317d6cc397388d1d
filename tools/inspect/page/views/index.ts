/** The views in the order of the tabs. */
import type { View } from '../shell/view.ts';
import { graphView } from './graph/index.tsx';
import { kernelView } from './kernels/index.tsx';
import { memoryView } from './memory/index.tsx';
import { overviewView } from './overview/index.tsx';
import { pipelineView } from './pipeline/index.tsx';
import { planView } from './plan/index.tsx';
import { rankView } from './ranks/index.tsx';
import { sourceView } from './source/index.tsx';

export const views: readonly View[] = [
  overviewView,
  sourceView,
  pipelineView,
  graphView,
  kernelView,
  memoryView,
  planView,
  rankView,
];
