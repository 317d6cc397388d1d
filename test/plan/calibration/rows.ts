/** Rows of published training runs (a folder of .tsv files) as networks and configurations of the model. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { transformerNetwork, type Configuration, type Network } from '../../../compiler/passes/plan/index.ts';

export type Row = ReadonlyMap<string, string>;

/** The rows of all files whose header has these columns. */
export function readRows(folder: string, columns: readonly string[]): readonly Row[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.tsv'))
    .toSorted()
    .flatMap((name) => {
      const [header = '', ...lines] = readFileSync(join(folder, name), 'utf8').trimEnd().split(/\r?\n/);
      const names = header.split('\t');
      if (!columns.every((column) => names.includes(column))) return [];
      return lines.map((line): Row => {
        const cells = line.split('\t');
        return new Map(names.map((column, index) => [column, cells[index] ?? '']));
      });
    });
}

export const text = (row: Row, column: string): string => row.get(column) ?? '';

export function number(row: Row, column: string, otherwise?: number): number {
  const cell = text(row, column);
  if (cell !== '') return Number(cell);
  if (otherwise === undefined) throw new Error(`row ${text(row, 'id')} has no ${column}`);
  return otherwise;
}

const flag = (row: Row, column: string): boolean => text(row, column) === '1';

/** Attention windows that the training scripts set and the tables have no column for. */
const windows: readonly { readonly model: RegExp; readonly tokens: number; readonly share: number }[] = [
  { model: /^mistral-7b/i, tokens: 4096, share: 1 },
  { model: /^gemma2/i, tokens: 4096, share: 0.5 },
];

function windowOf(model: string): { readonly tokens: number; readonly share: number } | null {
  return windows.find((each) => each.model.test(model)) ?? null;
}

/** The network of a row. */
export function networkOf(row: Row): Network {
  const heads = number(row, 'heads', number(row, 'hidden') / 128);
  const experts = number(row, 'experts', 0);
  return transformerNetwork({
    name: text(row, 'model'),
    sequence: number(row, 'seq'),
    layers: number(row, 'layers'),
    hidden: number(row, 'hidden'),
    heads,
    keyHeads: number(row, 'kv_heads', heads),
    headSize: number(row, 'head_dim', number(row, 'hidden') / heads),
    inner: number(row, 'ffn'),
    gated: flag(row, 'gated_ffn'),
    vocabulary: number(row, 'vocab'),
    tiedEmbedding: flag(row, 'tied_embedding'),
    fusedAttention: flag(row, 'flash_attention'),
    window: windowOf(text(row, 'model')),
    experts:
      experts === 0
        ? null
        : {
            count: experts,
            used: number(row, 'experts_per_token'),
            inner: number(row, 'expert_ffn'),
            shared: number(row, 'shared_experts', 0),
          },
  });
}

/** Share of the layers that a row recomputes: a switch, a number of layers, or layers per stage. */
function recomputeOf(row: Row): Configuration['recompute'] {
  return { ...shares(row), eager: !text(row, 'source').startsWith('mindformers') };
}

function shares(row: Row): Omit<Configuration['recompute'], 'eager'> {
  const cell = text(row, 'recompute');
  if (cell === 'full') return { full: 1, selective: 0 };
  if (cell === 'selective') return { full: 0, selective: 1 };
  if (!cell.startsWith('{')) return { full: 0, selective: 0 };
  const switches = JSON.parse(cell) as Readonly<Record<string, unknown>>; // a JSON object, tested above
  const layers = number(row, 'layers');
  const blocks = Number(switches['recompute-num-layers'] ?? 0);
  const stages = number(row, 'pp');
  if (blocks > 0) return { full: Math.min(1, (blocks * stages) / layers), selective: 0 };
  const full = shareOf(switches['recompute'], layers);
  return { full, selective: Math.min(1 - full, shareOf(switches['select_recompute'], layers)) };
}

function shareOf(value: unknown, layers: number): number {
  if (value === true) return 1;
  const flat: readonly unknown[] = Array.isArray(value) ? value.flat(3) : [];
  return Math.min(1, flat.reduce((sum: number, each) => sum + Number(each), 0) / layers);
}

const numbersOf = (cell: string): readonly number[] | null => {
  if (!cell.startsWith('[')) return null;
  const parsed: unknown = JSON.parse(cell);
  return Array.isArray(parsed) && parsed.every((each) => typeof each === 'number') ? parsed : null;
};

/** The configuration of a row of the Ascend table. */
export function ascendConfiguration(row: Row): Configuration {
  const pipeline = number(row, 'pp');
  const mindformers = text(row, 'source').startsWith('mindformers');
  const microBatches = mindformers && pipeline === 1 ? number(row, 'grad_accum', 1) : number(row, 'micro_batches');
  const data = number(row, 'dp');
  const copies = number(row, 'batch_interleave', 1);
  const fused = text(row, 'comm_overlap_matmul') !== '';
  return {
    data,
    tensor: number(row, 'tp'),
    pipeline,
    virtualStages: number(row, 'vpp', 1),
    context: number(row, 'cp', 1),
    expert: number(row, 'ep', 1),
    sequenceParallel: flag(row, 'sequence_parallel'),
    zero: flag(row, 'optimizer_parallel') ? 1 : 0,
    zeroShards: number(row, 'optimizer_shard_size', data * number(row, 'cp', 1)),
    recompute: recomputeOf(row),
    microBatch: number(row, 'micro_batch_size'),
    microBatches,
    interleavedCopies: copies,
    overlap: fused ? 'fused' : copies > 1 ? 'copies' : 'none',
    // MindFormers reduces in the compute type, Megatron in f32 when it computes in bf16.
    gradientBytes: !mindformers && text(row, 'dtype') === 'bfloat16' ? 4 : 2,
    weightBytes: 2,
    stageOffsets: numbersOf(text(row, 'stage_offset')),
  };
}
