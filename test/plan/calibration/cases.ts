/** The rows of a folder as cases: duplicates left out, dense and MoE apart. */
import { clusterByName, type Cluster } from '../../../runtime/target/index.ts';
import type { Case } from './fit.ts';
import { a100Cluster, gpuConfiguration, gpuSeconds } from './gpu.ts';
import { ascendConfiguration, networkOf, number, readRows, text, type Row } from './rows.ts';

/** The chip bin of the published machines is not stated: the fitted constant takes up the difference. */
function ascendCluster(devices: number): Cluster {
  const found = clusterByName(devices > 8 ? `910b2:${Math.ceil(devices / 8)}x8` : `910b2:${devices}`);
  if (!found.ok) throw new Error(`no cluster of ${devices} devices`);
  return found.value;
}

/**
 * Software releases of one project on one machine: rows with the same configuration give the ratio (Baichuan2 7B and 13B, Llama3 8B:
 * r1.0 2576/3164 and 1252/1465; r1.2 3010/3164, 1359/1465 and 2571/2581 of r1.3).
 */
const releases: Readonly<Record<string, number>> = { 'mindformers r1.0': 0.834, 'mindformers r1.2.0': 0.96 };

const ascendCase = (row: Row): Case => ({
  id: text(row, 'id'),
  group: `${text(row, 'machine')}, ${text(row, 'source').split(' ')[0]}`,
  network: networkOf(row),
  configuration: ascendConfiguration(row),
  cluster: ascendCluster(number(row, 'devices')),
  seconds: number(row, 'step_s'),
  tokens: number(row, 'step_s') * number(row, 'tokens_per_s_per_device'),
  software: releases[text(row, 'source')] ?? 1,
});

const gpuCase = (row: Row): Case => ({
  id: text(row, 'id'),
  group: text(row, 'kind'),
  network: networkOf(row),
  configuration: gpuConfiguration(row),
  cluster: a100Cluster(number(row, 'gpus')),
  seconds: gpuSeconds(row),
  tokens: (number(row, 'global_batch') * number(row, 'seq')) / number(row, 'gpus'),
  software: 1,
});

/** Ascend runs of a folder. */
export function ascendCases(folder: string): { readonly dense: readonly Case[]; readonly experts: readonly Case[] } {
  const usable = readRows(folder, ['step_s', 'machine']).filter((row) => text(row, 'dup_of') === '');
  const hasExperts = (row: Row): boolean => number(row, 'experts', 0) > 0;
  return {
    dense: usable.filter((row) => !hasExperts(row)).map(ascendCase),
    experts: usable.filter(hasExperts).map(ascendCase),
  };
}

export const gpuRows = (folder: string): readonly Row[] => readRows(folder, ['gpus', 'kind']);

/** GPU runs of a folder that state a time or a rate. */
export const gpuCases = (folder: string): readonly Case[] =>
  gpuRows(folder)
    .filter((row) => text(row, 'seconds_per_iteration') + text(row, 'tflops_per_gpu') !== '')
    .map(gpuCase);
