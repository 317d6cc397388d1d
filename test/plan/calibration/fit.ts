/** One efficiency per machine and project, left-one-out: each row is predicted with the constant of the other rows of its group. */
import { constantValues, stepTime, type Configuration, type Network } from '../../../compiler/passes/plan/index.ts';
import type { Cluster } from '../../../runtime/target/index.ts';

export interface Case {
  readonly id: string;
  readonly group: string;
  readonly network: Network;
  readonly configuration: Configuration;
  readonly cluster: Cluster;
  /** Published seconds of a step, and tokens of a step per device. */
  readonly seconds: number;
  readonly tokens: number;
  /** Speed of the software against the newest of its project. */
  readonly software: number;
}

export interface Prediction {
  readonly each: Case;
  readonly seconds: number;
  /** (predicted - published) / published. */
  readonly error: number;
}

export const predict = (each: Case, machine: number): number =>
  stepTime(each.network, each.configuration, {
    cluster: each.cluster,
    constants: constantValues,
    machine,
    precision: 'f16',
  }).seconds / each.software;

/** The efficiency at which the model gives the published time, between 1/20 and 20. */
export function impliedEfficiency(each: Case): number {
  let [low, high] = [1 / 20, 20];
  for (let step = 0; step < 40; step += 1) {
    const middle = Math.sqrt(low * high);
    if (predict(each, middle) > each.seconds) low = middle;
    else high = middle;
  }
  return Math.sqrt(low * high);
}

/** The middle one of the values, by ratio. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? 1;
  return sorted.length % 2 === 1 ? upper : Math.sqrt(upper * (sorted[half - 1] ?? upper));
}

/** Each case with the constant of the rest of its group; a group of one uses all other cases. */
export function leaveOneOut(cases: readonly Case[]): readonly Prediction[] {
  const implied = cases.map(impliedEfficiency);
  return cases.map((each, index) => {
    const others = implied.filter((_, other) => other !== index);
    const group = implied.filter((_, other) => other !== index && cases[other]?.group === each.group);
    return prediction(each, median(group.length > 0 ? group : others));
  });
}

export function prediction(each: Case, machine: number): Prediction {
  const seconds = predict(each, machine);
  return { each, seconds, error: seconds / each.seconds - 1 };
}

export const meanError = (predictions: readonly Prediction[]): number =>
  predictions.reduce((sum, { error }) => sum + Math.abs(error), 0) / predictions.length;

/** Spearman's rank correlation of predicted and published tokens per second and device. */
export function rankCorrelation(predictions: readonly Prediction[]): number {
  const predicted = ranks(predictions.map(({ each, seconds }) => each.tokens / seconds));
  const published = ranks(predictions.map(({ each }) => each.tokens / each.seconds));
  const mean = (predictions.length - 1) / 2;
  const covariance = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, value, index) => sum + (value - mean) * ((b[index] ?? mean) - mean), 0);
  return (
    covariance(predicted, published) / Math.sqrt(covariance(predicted, predicted) * covariance(published, published))
  );
}

/** Ranks, equal values sharing their mean rank. */
function ranks(values: readonly number[]): readonly number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return below + (equal - 1) / 2;
  });
}
