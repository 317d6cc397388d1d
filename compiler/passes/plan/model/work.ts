/**
 * What one sample costs in a network, as data that knows no mesh: blocks (repeated layers are one block with a count) of matrix,
 * attention and vector work, the tensors that tensor parallelism exchanges, and what the backward sweep keeps.
 * Counts are those of one sample's forward; bytes are in the compute type.
 */

/** How tensor parallelism divides a product: by output columns, by the summed axis, by rows, by independent copies (heads of an attention core), or not. */
export type MatrixCut = 'columns' | 'inner' | 'rows' | 'copies' | 'none';

export interface MatrixWork {
  readonly kind: 'matrix';
  readonly name: string;
  /** `copies` products [rows, inner] x [inner, columns]; rows grow with the batch. */
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  readonly copies: number;
  readonly cut: MatrixCut;
  /** Whether the backward sweep reads the result; a graph compiler does not run again what it does not read. */
  readonly read: boolean;
}

/** A fused attention core: softmax(q k) v. */
export interface AttentionWork {
  readonly kind: 'attention';
  readonly name: string;
  /** Multiply-adds counted as 2; causal halves them already. */
  readonly flops: number;
  /** Bytes of keys and values, which context parallelism passes around. */
  readonly keyBytes: number;
  readonly resultBytes: number;
}

/** Everything bound by memory traffic. */
export interface VectorWork {
  readonly kind: 'vector';
  readonly name: string;
  readonly bytes: number;
  readonly kernels: number;
  /** `tensor` = divided by tensor parallelism, `core` = so, inside an attention core; `sequence` = with sequence parallelism only. */
  readonly cut: 'tensor' | 'core' | 'sequence';
}

export type Work = MatrixWork | AttentionWork | VectorWork;

export interface Block {
  readonly name: string;
  /** Equal blocks in a row. */
  readonly count: number;
  readonly works: readonly Work[];
  /** Bytes of each tensor that is summed over the tensor-parallel group in forward; backward has as many. */
  readonly exchanges: readonly number[];
  /** Bytes that the experts of a block receive and return (all-to-all over the expert group); 0 without experts. */
  readonly dispatchBytes: number;
  /** Parameters that tensor parallelism divides, that it copies, and that expert parallelism divides as well. */
  readonly dividedParameters: number;
  readonly copiedParameters: number;
  readonly expertParameters: number;
  /** Bytes kept for backward without recomputation: divided by tensor parallelism always, or with sequence parallelism only. */
  readonly keptBytes: number;
  readonly keptSequenceBytes: number;
  /** Of these, what selective recomputation of the attention core frees (all divided). */
  readonly keptCoreBytes: number;
  /** Bytes of the largest value that tensor parallelism cuts, and of the largest other: what a sweep holds beside what is kept. */
  readonly widestCutBytes: number;
  readonly widestBytes: number;
  /** Bytes of the value that goes from this block to the next. */
  readonly boundaryBytes: number;
}

export interface Network {
  readonly name: string;
  /** In order of execution. */
  readonly blocks: readonly Block[];
  /** Bytes of an element of the compute type. */
  readonly elementBytes: number;
}
