/** `fuse` as a pass: @graph to @fused for one target. */
import type { Pass } from '../pass/index.ts';
import type { TargetOps } from './decompose.ts';
import { fuseModule } from './fuse.ts';

export const fusePass = (target: TargetOps): Pass => ({
  name: 'fuse',
  summary: 'decomposes composite ops, assigns storage layouts, and groups ops that one kernel computes',
  stages: ['graph'],
  after: [
    { pass: 'inline', why: 'groups and layouts are chosen over @main as a whole' },
    { pass: 'canonicalize', why: 'batch normalization is folded into convolutions there' },
  ],
  options: [],
  run: (module, { definitions, observer }) => ({
    module: fuseModule(module, definitions, target, observer),
    diagnostics: [],
  }),
});
