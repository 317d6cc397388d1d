/** Records the pipeline section of a compilation in this process. */
import { fileURLToPath } from 'node:url';
import { defaultChip } from '../../runtime/target/index.ts';
import { scanRules } from '../../tools/build/rule-places.ts';
import { PipelineRecorder } from '../../tools/inspect/collect/pipeline/index.ts';
import { PlaceTable } from '../../tools/inspect/collect/places.ts';
import type { PipelineSection } from '../../tools/inspect/report/index.ts';
import { type Compilation, compileSource, type CompileRequest } from '../../tools/msc/compile.ts';

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const rules = scanRules(root);

export interface Recorded {
  readonly section: PipelineSection;
  readonly places: PlaceTable;
  readonly compilation: Compilation;
}

/** `net.py` of locations has this text. */
export async function record(source: CompileRequest['source'], pythonText = 'x\n'): Promise<Recorded> {
  const places = new PlaceTable((name) => (name === 'net.py' ? pythonText : null));
  const recorder = new PipelineRecorder(places, rules);
  let time = 0;
  const compilation = await compileSource({
    source,
    chip: defaultChip,
    to: 'program',
    now: () => time++,
    visit: (stage, module) => recorder.visit(stage, module),
    instrumentation: [recorder.instrumentation],
  });
  return { section: recorder.finish(compilation), places, compilation };
}

export const textSource = (text: string): CompileRequest['source'] => ({
  kind: 'text',
  file: { name: 'net.mlir', text },
  stage: 'source',
});
