/** The parallel part of a MindFormers configuration: written from a plan, and read to compare a user's plan with ours. */
import { stringify } from 'yaml';
import type { Result } from '../../../compiler/ir/support/index.ts';
import { attemptRead, integerOf, mapOf, type DocumentError, type Item } from './document.ts';

/** What MindFormers calls the choices of a plan. */
export interface MindFormersPlan {
  readonly data_parallel: number;
  readonly model_parallel: number;
  readonly context_parallel: number;
  readonly pipeline_stage: number;
  readonly expert_parallel: number;
  readonly micro_batch_num: number;
  readonly use_seq_parallel: boolean;
  readonly batch_size: number;
  readonly gradient_accumulation_steps: number;
  /** Chunks of a stage. */
  readonly pp_interleave_num: number;
  readonly enable_parallel_optimizer: boolean;
  readonly optimizer_level: 'level1' | 'level2' | 'level3';
  readonly optimizer_weight_shard_size: number;
  /** Layers more or less than even, by stage; 0 when even. */
  readonly offset: readonly number[] | 0;
  /** Layers that run again, by stage. */
  readonly recompute: readonly number[] | boolean;
  readonly max_device_memory: string;
}

/** The YAML text; keys stand where MindFormers looks for them. */
export function writeMindFormers(plan: MindFormersPlan, heading: string): string {
  const list = (values: readonly number[] | number | boolean): unknown => values;
  const body = {
    context: { max_device_memory: plan.max_device_memory },
    runner_config: {
      batch_size: plan.batch_size,
      gradient_accumulation_steps: plan.gradient_accumulation_steps,
    },
    parallel_config: {
      data_parallel: plan.data_parallel,
      model_parallel: plan.model_parallel,
      context_parallel: plan.context_parallel,
      pipeline_stage: plan.pipeline_stage,
      expert_parallel: plan.expert_parallel,
      micro_batch_num: plan.micro_batch_num,
      use_seq_parallel: plan.use_seq_parallel,
      vocab_emb_dp: false,
    },
    parallel: {
      parallel_mode: 1,
      enable_parallel_optimizer: plan.enable_parallel_optimizer,
      ...(plan.pipeline_stage > 1
        ? { pipeline_config: { pipeline_interleave: plan.pp_interleave_num > 1, pipeline_scheduler: '1f1b' } }
        : {}),
      ...(plan.enable_parallel_optimizer
        ? {
            parallel_optimizer_config: {
              optimizer_level: plan.optimizer_level,
              optimizer_weight_shard_size: plan.optimizer_weight_shard_size,
              gradient_accumulation_shard: plan.optimizer_level !== 'level1',
            },
          }
        : {}),
    },
    recompute_config: { recompute: list(plan.recompute), select_recompute: false, recompute_slice_activation: true },
    model: { model_config: { pp_interleave_num: plan.pp_interleave_num, offset: list(plan.offset) } },
  };
  const lines = heading.split('\n').map((line) => `# ${line}`.trimEnd());
  return `${lines.join('\n')}\n${stringify(body, { flowCollectionPadding: false, lineWidth: 0 })}`;
}

/** The choices that a configuration states, in the words of `--fix`. */
export type StatedChoices = Readonly<Partial<Record<StatedChoice, number>>>;

type StatedChoice =
  'data' | 'tensor' | 'context' | 'pipeline' | 'expert' | 'virtual' | 'micro-batch' | 'sequence-parallel' | 'zero';

/** Sections and keys of the choices. */
const keys: readonly (readonly [choice: StatedChoice, section: string, key: string])[] = [
  ['data', 'parallel_config', 'data_parallel'],
  ['tensor', 'parallel_config', 'model_parallel'],
  ['context', 'parallel_config', 'context_parallel'],
  ['pipeline', 'parallel_config', 'pipeline_stage'],
  ['expert', 'parallel_config', 'expert_parallel'],
  ['micro-batch', 'runner_config', 'batch_size'],
];

/** Reads the plan of a configuration; keys that it leaves out stay free. */
export function readMindFormers(text: string): Result<StatedChoices, readonly DocumentError[]> {
  return attemptRead(text, (item) => {
    const root = mapOf(item, 'a configuration');
    const stated: Partial<Record<StatedChoice, number>> = {};
    for (const [choice, section, key] of keys) {
      const entry = inside(root.get(section), key);
      if (entry !== undefined) stated[choice] = integerOf(entry, key, 1);
    }
    const sequence = flagOf(inside(root.get('parallel_config'), 'use_seq_parallel'));
    if (sequence !== null) stated['sequence-parallel'] = sequence ? 1 : 0;
    const optimizer = flagOf(inside(root.get('parallel'), 'enable_parallel_optimizer'));
    if (optimizer === false) stated.zero = 0;
    const chunks = inside(inside(root.get('model'), 'model_config'), 'pp_interleave_num');
    if (chunks !== undefined) stated.virtual = integerOf(chunks, 'pp_interleave_num', 1);
    return stated;
  });
}

const inside = (item: Item | undefined, key: string): Item | undefined =>
  item?.kind === 'map' ? item.entries.get(key) : undefined;

const flagOf = (item: Item | undefined): boolean | null =>
  item?.kind === 'scalar' && typeof item.value === 'boolean' ? item.value : null;
