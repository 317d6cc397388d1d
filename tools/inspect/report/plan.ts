/** The plan section of a report: what the planner was asked, what it chose, what that means, and why everything else lost. */

/** A choice of a plan with its value, as `--fix` spells them. */
export interface PlanChoice {
  readonly name: string;
  readonly value: number;
}

/** A network between devices; the innermost comes first. Bytes per second and direction. */
export interface PlanNetwork {
  readonly name: string;
  readonly topology: string;
  readonly size: number;
  readonly bytesPerSecond: number;
  readonly latencySeconds: number;
}

export interface PlanQuestion {
  readonly network: string;
  readonly parameters: number;
  readonly cluster: string;
  readonly device: string;
  readonly devices: number;
  readonly networks: readonly PlanNetwork[];
  /** Samples of a step, and tokens of a sample where the network has a sequence. */
  readonly globalBatch: number;
  readonly sequence: number | null;
  /** What a plan may use of a device. */
  readonly memoryLimit: number;
  readonly deviceMemory: number;
  /** What the user stated. */
  readonly fixed: readonly PlanChoice[];
}

/** A plan with the figures by which plans are compared. */
export interface PlanFigures {
  readonly text: string;
  readonly choices: readonly PlanChoice[];
  readonly microBatches: number;
  /** Seconds of a step, and of its terms in the order of `PlanSection.terms`; they add up to it. */
  readonly seconds: number;
  readonly terms: readonly number[];
  /** Bytes of the fullest stage, and its parts in the order of `PlanSection.memoryTerms`. */
  readonly bytes: number;
  readonly fullest: number;
  readonly memory: readonly number[];
}

/** Why a plan lost. */
export type PlanVerdict = 'slower' | 'does not fit' | 'contradicts';

export interface LostPlan extends PlanFigures {
  readonly verdict: PlanVerdict;
  /** In one line, with its figures. */
  readonly reason: string;
  /** Choices that differ from the winner. */
  readonly differences: readonly { readonly name: string; readonly value: number; readonly best: number }[];
  /** Bytes over the limit, 0 when it fits, and what takes most on the fullest stage. */
  readonly over: number;
  readonly owner: string;
}

/** An axis of the mesh: device r has coordinate ⌊r / stride⌋ mod size on it. */
export interface MeshAxis {
  readonly name: string;
  readonly size: number;
  readonly stride: number;
  readonly meaning: string;
  /** Networks that a group along the axis spans, as `name × ranks`. */
  readonly spans: string;
}

/** One tensor, or the same tensor of `count` equal layers. */
export interface TensorRow {
  readonly kind: 'parameter' | 'input' | 'activation';
  readonly name: string;
  readonly type: string;
  readonly count: number;
  /** For each dimension the axes that cut it, e.g. `dp`, `cp·mp`, empty where it is whole. */
  readonly layout: readonly string[];
  /** On a device; of an activation for a micro-batch. */
  readonly bytes: number;
  readonly block: number;
  readonly place: number;
}

/** Communication of one kind at one place; a receive belongs to its send. */
export interface CollectiveRow {
  readonly operation: string;
  readonly axis: string;
  /** Devices of a group. */
  readonly devices: number;
  /** Of the whole buffer of a rank, each time. */
  readonly bytes: number;
  readonly algorithm: string;
  /** Each time, on the wire. */
  readonly seconds: number;
  /** In a step, on the stages of a pipeline one after another. */
  readonly count: number;
  /** Share of its seconds that nothing hides. */
  readonly exposed: number;
  /** What the step is longer for it; 0 where it is not known. */
  readonly stepSeconds: number;
  readonly sweep: string;
  readonly term: string;
  readonly reason: string;
  /** Index into blocks, or -1. */
  readonly block: number;
  readonly place: number;
}

/** Equal neighbouring stages. */
export interface StageRow {
  readonly first: number;
  readonly last: number;
  readonly blocks: readonly { readonly block: number; readonly count: number }[];
  readonly parameters: number;
  /** Share of its layers that run their forward again. */
  readonly recompute: number;
  /** Seconds of one micro-batch, messages included. */
  readonly forward: number;
  readonly backward: number;
  /** Of the first of them, which holds most; parts in the order of `PlanSection.memoryTerms`. */
  readonly bytes: number;
  readonly memory: readonly number[];
}

/** What a pipeline schedule is made of (see schedule.ts). */
export interface PipelineShape {
  readonly microBatches: number;
  /** Chunks of layers on a stage. */
  readonly virtualStages: number;
  /** Seconds of a micro-batch by stage. */
  readonly forward: readonly number[];
  readonly backward: readonly number[];
  /** Seconds of the pipeline by the formula of the planner, its share of bubbles, and what follows the pipeline. */
  readonly seconds: number;
  readonly bubbleShare: number;
  readonly updateSeconds: number;
}

/** A kind of layer inside a group of tensor parallelism: two ways to divide it. Seconds of both sweeps; null where it leaves attention whole. */
export interface LayerRow {
  readonly name: string;
  readonly used: 'walk' | 'exact';
  readonly walkSeconds: number;
  readonly exactSeconds: number | null;
  readonly status: string;
  readonly boundSeconds: number;
}

/** The plan carried out by the partitioner on the traced network: what its ranks really do. */
export interface CarriedPlan {
  readonly tensors: readonly TensorRow[];
  readonly collectives: readonly CollectiveRow[];
  /** Bytes that each rank's program takes. */
  readonly memory: readonly number[];
}

export interface PlanSection {
  readonly kind: 'plan';
  readonly question: PlanQuestion;
  readonly terms: readonly string[];
  readonly memoryTerms: readonly string[];
  /** Layers of the network in order; equal ones once. */
  readonly blocks: readonly { readonly name: string; readonly count: number }[];
  readonly best: PlanFigures;
  /** The axes, the outermost first. */
  readonly mesh: readonly MeshAxis[];
  readonly tensors: readonly TensorRow[];
  readonly collectives: readonly CollectiveRow[];
  readonly stages: readonly StageRow[];
  readonly pipeline: PipelineShape;
  readonly layers: readonly LayerRow[];
  readonly lost: readonly LostPlan[];
  /** Configurations that were looked at. */
  readonly evaluated: number;
  /** What was proved, and what binds the answer. */
  readonly proof: readonly string[];
  readonly carried: CarriedPlan | null;
  /** Why the plan was not carried out; empty when it was. */
  readonly notCarried: string;
}
