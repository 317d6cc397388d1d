/** The stages of the pipeline, and which operations each allows. */

/** In order of the pipeline. */
export const STAGES = ['source', 'graph', 'sharded', 'fused', 'tile', 'scheduled', 'asm'] as const;

export type Stage = (typeof STAGES)[number];

export const isStage = (text: string): text is Stage => (STAGES as readonly string[]).includes(text);

export interface StageRules {
  /** Prefixes of legal operation names. */
  readonly legal: readonly string[];
  /** Exceptions: names that a prefix would allow, and why they must be gone. */
  readonly illegal: ReadonlyMap<string, string>;
}

const HOST = ['builtin.', 'func.', 'scf.', 'arith.', 'tensor.'];
const NO_EXCEPTIONS: ReadonlyMap<string, string> = new Map();
const DIFFERENTIATED = new Map(
  ['ms.vjp', 'ms.custom_vjp', 'ms.recompute'].map((name) => [name, "the pass 'differentiate' has replaced it"]),
);

export const STAGE_RULES: Readonly<Record<Stage, StageRules>> = {
  source: { legal: [...HOST, 'ms.'], illegal: NO_EXCEPTIONS },
  graph: { legal: [...HOST, 'ms.'], illegal: DIFFERENTIATED },
  sharded: { legal: [...HOST, 'ms.', 'dist.'], illegal: DIFFERENTIATED },
  fused: { legal: [...HOST, 'ms.', 'dist.', 'npu.'], illegal: DIFFERENTIATED },
  tile: { legal: [...HOST, 'ms.', 'dist.', 'npu.'], illegal: DIFFERENTIATED },
  scheduled: { legal: [...HOST, 'ms.', 'dist.', 'npu.'], illegal: DIFFERENTIATED },
  asm: { legal: [...HOST, 'npu.'], illegal: NO_EXCEPTIONS },
};

/** Why an operation is not legal at a stage, or null. */
export function stageProblem(stage: Stage, name: string): string | null {
  const rules = STAGE_RULES[stage];
  const exception = rules.illegal.get(name);
  if (exception !== undefined) return exception;
  if (rules.legal.some((prefix) => name.startsWith(prefix))) return null;
  return `it allows ${rules.legal.map((prefix) => `${prefix}*`).join(', ')}`;
}

/** Operations that are checked by the rooms that make them and need no definition here: kernels, and groups of fused ops. */
const CARRIED_DIALECT = 'npu.';
const CARRIED: ReadonlySet<string> = new Set(['ms.fused', 'ms.yield']);

export const isCarried = (name: string): boolean => name.startsWith(CARRIED_DIALECT) || CARRIED.has(name);
