/** A decoder-only transformer by its dimensions, as published rows state them, in the terms of the model. */
import type { Block, Network, Work } from './work.ts';

export interface TransformerShape {
  readonly name: string;
  readonly sequence: number;
  readonly layers: number;
  readonly hidden: number;
  readonly heads: number;
  readonly keyHeads: number;
  readonly headSize: number;
  readonly inner: number;
  readonly gated: boolean;
  readonly vocabulary: number;
  readonly tiedEmbedding: boolean;
  /** Experts per layer and used per token; null for a dense network. */
  readonly experts: {
    readonly count: number;
    readonly used: number;
    readonly inner: number;
    readonly shared: number;
  } | null;
  readonly fusedAttention: boolean;
  /** Tokens that a token attends to at most, and the share of the layers that limit it so; null without a window. */
  readonly window: { readonly tokens: number; readonly share: number } | null;
}

const ELEMENT = 2;
const FLOAT = 4;

/** Embedding, equal layers, head with loss. */
export function transformerNetwork(shape: TransformerShape): Network {
  return {
    name: shape.name,
    elementBytes: ELEMENT,
    blocks: [embedding(shape), layer(shape), head(shape)],
  };
}

const empty = {
  count: 1,
  exchanges: [],
  dispatchBytes: 0,
  dividedParameters: 0,
  copiedParameters: 0,
  expertParameters: 0,
  keptBytes: 0,
  keptSequenceBytes: 0,
  keptCoreBytes: 0,
  widestCutBytes: 0,
  widestBytes: 0,
} as const;

const valueBytes = (shape: TransformerShape): number => shape.sequence * shape.hidden * ELEMENT;

function embedding(shape: TransformerShape): Block {
  const bytes = valueBytes(shape);
  return {
    ...empty,
    name: 'embedding',
    works: [{ kind: 'vector', name: 'lookup', bytes: 2 * bytes, kernels: 1, cut: 'sequence' }],
    exchanges: [bytes],
    dividedParameters: shape.vocabulary * shape.hidden,
    boundaryBytes: bytes,
  };
}

/** Logits in the compute type, then softmax cross entropy in f32: 5 passes over them forward. */
function head(shape: TransformerShape): Block {
  const logits = shape.sequence * shape.vocabulary;
  return {
    ...empty,
    name: 'head',
    works: [
      { kind: 'vector', name: 'norm', bytes: 2 * valueBytes(shape), kernels: 1, cut: 'sequence' },
      {
        kind: 'matrix',
        name: 'logits',
        rows: shape.sequence,
        inner: shape.hidden,
        columns: shape.vocabulary,
        copies: 1,
        cut: 'columns',
        read: true,
      },
      { kind: 'vector', name: 'loss', bytes: 5 * logits * FLOAT, kernels: 5, cut: 'tensor' },
    ],
    exchanges: [valueBytes(shape)],
    dividedParameters: shape.tiedEmbedding ? 0 : shape.vocabulary * shape.hidden,
    copiedParameters: shape.hidden,
    keptBytes: logits * FLOAT,
    widestCutBytes: logits * FLOAT,
    keptSequenceBytes: valueBytes(shape),
    boundaryBytes: valueBytes(shape),
  };
}

function layer(shape: TransformerShape): Block {
  const { sequence, hidden, headSize } = shape;
  const query = shape.heads * headSize;
  const key = shape.keyHeads * headSize;
  const matrices = shape.gated ? 3 : 2;
  const { experts } = shape;
  const value = valueBytes(shape);
  const attention = hidden * (query + 2 * key) + query * hidden;
  const dense = experts === null ? matrices * hidden * shape.inner : matrices * hidden * experts.inner * experts.shared;
  return {
    name: 'layer',
    count: shape.layers,
    works: [...attentionWorks(shape), ...feedForwardWorks(shape)],
    exchanges: [value, value],
    dispatchBytes: experts === null ? 0 : value * experts.used,
    dividedParameters: attention + dense,
    copiedParameters: 2 * hidden + (experts === null ? 0 : hidden * experts.count),
    expertParameters: experts === null ? 0 : experts.count * matrices * hidden * experts.inner,
    ...keptBytes(shape),
    widestCutBytes: sequence * shape.inner * ELEMENT,
    widestBytes: value,
    boundaryBytes: sequence * hidden * ELEMENT,
  };
}

/** Norm, projections, rotary embedding, core, output, residual sum. */
function attentionWorks(shape: TransformerShape): readonly Work[] {
  const { sequence, hidden, headSize } = shape;
  const query = shape.heads * headSize;
  const key = shape.keyHeads * headSize;
  const wide = sequence * (query + 2 * key) * ELEMENT;
  const product = { kind: 'matrix', rows: sequence, copies: 1, read: true } as const;
  const scores = shape.heads * sequence * sequence;
  const core: readonly Work[] = shape.fusedAttention
    ? [
        {
          kind: 'attention',
          name: 'attention',
          flops: 4 * attendedPairs(shape) * query,
          keyBytes: 2 * sequence * key * ELEMENT,
          resultBytes: sequence * query * ELEMENT,
        },
      ]
    : [
        {
          kind: 'matrix',
          name: 'scores',
          rows: sequence,
          inner: headSize,
          columns: sequence,
          copies: shape.heads,
          cut: 'copies',
          read: true,
        },
        { kind: 'vector', name: 'softmax', bytes: scores * (4 * ELEMENT + 1), kernels: 2, cut: 'core' },
        {
          kind: 'matrix',
          name: 'context',
          rows: sequence,
          inner: sequence,
          columns: headSize,
          copies: shape.heads,
          cut: 'copies',
          read: true,
        },
      ];
  return [
    { kind: 'vector', name: 'norm', bytes: 4 * valueBytes(shape), kernels: 2, cut: 'sequence' },
    { ...product, name: 'query key value', inner: hidden, columns: query + 2 * key, cut: 'columns' },
    { kind: 'vector', name: 'rotate and transpose', bytes: 6 * wide, kernels: 6, cut: 'tensor' },
    ...core,
    { kind: 'vector', name: 'merge heads', bytes: 2 * sequence * query * ELEMENT, kernels: 1, cut: 'tensor' },
    { ...product, name: 'output', inner: query, columns: hidden, cut: 'inner' },
    { kind: 'vector', name: 'residual', bytes: 3 * valueBytes(shape), kernels: 1, cut: 'sequence' },
  ];
}

/** Pairs of tokens of a causal core, a window included. */
function attendedPairs({ sequence, window }: TransformerShape): number {
  const all = (sequence * sequence) / 2;
  if (window === null || window.tokens >= sequence) return all;
  const near = window.tokens * (sequence - window.tokens / 2);
  return (1 - window.share) * all + window.share * near;
}

/** Norm, up (and gate), activation, down, residual sum; with experts the used ones see every token. */
function feedForwardWorks(shape: TransformerShape): readonly Work[] {
  const { sequence, hidden, experts } = shape;
  const inner = experts === null ? shape.inner : experts.inner;
  const used = experts === null ? 1 : experts.used + experts.shared;
  const product = { kind: 'matrix', rows: sequence * used, copies: 1, read: true } as const;
  const wide = shape.gated ? 2 : 1;
  return [
    { kind: 'vector', name: 'norm', bytes: 4 * valueBytes(shape), kernels: 2, cut: 'sequence' },
    { ...product, name: 'up', inner: hidden, columns: wide * inner, cut: 'columns' },
    {
      kind: 'vector',
      name: 'activation',
      bytes: (wide === 2 ? 5 : 2) * sequence * used * inner * ELEMENT,
      kernels: wide,
      cut: 'tensor',
    },
    { ...product, name: 'down', inner, columns: hidden, cut: 'inner', read: false },
    { kind: 'vector', name: 'residual', bytes: 3 * valueBytes(shape), kernels: 1, cut: 'sequence' },
    ...(experts === null ? [] : routingWorks(shape, experts.used)),
  ];
}

const routingWorks = (shape: TransformerShape, used: number): readonly Work[] => [
  { kind: 'vector', name: 'permute', bytes: 4 * used * valueBytes(shape), kernels: 8, cut: 'sequence' },
];

/**
 * Bytes kept for backward, Korthikanti et al. (2205.05198): without recomputation s b h (10 + 24/t + 5 a s/(h t)) for a layer with
 * h -> 4h -> h; the same tensors counted for other shapes (masks of dropout only where the paper has them are left out with
 * fused attention).
 */
function keptBytes(shape: TransformerShape): Pick<Block, 'keptBytes' | 'keptSequenceBytes' | 'keptCoreBytes'> {
  const { sequence, hidden, headSize, experts } = shape;
  const query = shape.heads * headSize;
  const key = shape.keyHeads * headSize;
  const inner = experts === null ? shape.inner : experts.inner * (experts.used + experts.shared);
  const core = shape.fusedAttention ? 0 : 5 * shape.heads * sequence * sequence;
  const projections = ELEMENT * sequence * (2 * query + 2 * key);
  const feedForward = ELEMENT * sequence * inner * (shape.gated ? 3 : 2);
  return {
    keptCoreBytes: core,
    keptBytes: core + projections + feedForward,
    // Inputs of the norms and of the products (4 values of 2 bytes), two dropout masks.
    keptSequenceBytes: 10 * sequence * hidden,
  };
}
