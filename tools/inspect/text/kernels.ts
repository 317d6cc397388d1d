/** Kernels in a terminal: the launches that take most time, and what the pipes do in all of them. */
import {
  IDLE,
  type KernelSection,
  type LaunchFacts,
  type ReportHead,
  busyShare,
  formatAmount,
  formatBytes,
  formatCount,
  formatPercent,
  formatSeconds,
  pipeNames,
  pipeStates,
  pipeTotals,
  rooflinePoint,
  stallText,
} from '../report/index.ts';
import { colorsOf, printable, table, type TextCell, type TextColumn, type TextOptions } from './style.ts';

/** Launches that are listed at most. */
const LISTED = 30;
/** Stalls that are named for a pipe. */
const STALLS = 3;

export function kernelsText(section: KernelSection, head: ReportHead, options: TextOptions): string {
  const { launches, fault } = section;
  const { red } = colorsOf(options);
  const shown = launches
    .map((launch, number) => ({ launch, number }))
    .toSorted((one, other) => other.launch.microseconds - one.launch.microseconds)
    .slice(0, LISTED);
  const left = launches.length - shown.length;
  return [
    summary(section),
    ...(fault === null ? [] : [red(`timing ended: ${printable(fault.message)} ${lineText(head, fault.place)}`)]),
    '',
    ...table(
      launchColumns,
      shown.map(({ launch, number }) => launchCells(section, launch, number, head)),
      options,
    ),
    ...(left === 0 ? [] : [`… ${formatCount(left)} more launches`]),
    '',
    ...table(pipeColumns, pipeRows(section), options),
  ].join('\n');
}

const flowNotes: Readonly<Record<KernelSection['controlFlow'], string>> = {
  none: '',
  assumed: '; branches taken, loops turned once',
  decided: '; control flow as in the run',
};

function summary({ launches, microseconds, chip, controlFlow }: KernelSection): string {
  const sum = (value: (launch: LaunchFacts) => number): number =>
    launches.reduce((total, launch) => total + value(launch), 0);
  const kernels = new Set(launches.map(({ kernel }) => kernel)).size;
  const bounds = new Map<string, number>();
  for (const { bound, microseconds: time } of launches) bounds.set(bound, (bounds.get(bound) ?? 0) + time);
  const byTime = [...bounds].toSorted(([, one], [, other]) => other - one);
  return [
    `${formatSeconds(microseconds * 1e-6)} in ${formatCount(launches.length)} launches of ${kernels} kernels on ${chip.name}${flowNotes[controlFlow]}`,
    `HBM ${formatBytes(sum(({ hbmBytes }) => hbmBytes))}, L2 ${formatBytes(sum(({ l2Bytes }) => l2Bytes))}`,
    `bound by ${byTime.map(([bound, time]) => `${bound} ${formatPercent(time / microseconds)}`).join(', ')}`,
  ].join('\n');
}

const right = (title: string): TextColumn => ({ title, align: 'right' });
const leftColumn = (title: string): TextColumn => ({ title, align: 'left' });

const launchColumns: readonly TextColumn[] = [
  ...[right('#'), leftColumn('kernel'), right('time'), right('share'), leftColumn('bound'), leftColumn('main stall')],
  ...[leftColumn('busiest'), right('FLOP/s'), right('HBM'), right('cores'), leftColumn('line')],
];

function launchCells(
  { kernels, microseconds }: KernelSection,
  launch: LaunchFacts,
  number: number,
  head: ReportHead,
): readonly TextCell[] {
  const point = rooflinePoint(launch);
  return [
    String(number),
    printable(kernels[launch.kernel]?.name ?? ''),
    `${launch.microseconds.toFixed(2)} us`,
    formatPercent(launch.microseconds / microseconds),
    launch.bound,
    stallText(launch),
    busiestText(launch),
    point === null ? '' : formatAmount(point.rate),
    formatBytes(launch.hbmBytes),
    String(launch.blocks),
    lineText(head, launch.place),
  ].map((text) => ({ text }));
}

/** The pipe that executes most of the time, the scalar unit aside. */
function busiestText(launch: LaunchFacts): string {
  const shares = pipeNames.map((name, pipe) => ({ name, share: name === 'S' ? 0 : busyShare(launch, pipe) }));
  const { name, share } = shares.reduce((most, pipe) => (pipe.share > most.share ? pipe : most));
  return share === 0 ? '' : `${name} ${Math.round(share * 100)} %`;
}

function lineText({ places, sources }: ReportHead, place: number): string {
  const position = places[place]?.positions[0];
  const source = position === undefined ? undefined : sources[position.file];
  return position === undefined || source === undefined ? '' : printable(`${source.name}:${position.line}`);
}

const pipeColumns: readonly TextColumn[] = [leftColumn('pipe'), right('works'), right('idle'), leftColumn('stalls')];

/** Each pipe's time in all launches together, as shares. */
function pipeRows(section: KernelSection): readonly (readonly TextCell[])[] {
  const seconds = section.microseconds * 1e-6;
  return pipeTotals(section).flatMap((states, pipe) => {
    if (states.every((time, state) => state === IDLE || time === 0)) return [];
    const stalls = states
      .map((time, state) => ({ time, state }))
      .filter(({ time, state }) => state !== 0 && state !== IDLE && time / seconds >= 0.001)
      .toSorted((one, other) => other.time - one.time)
      .slice(0, STALLS)
      .map(({ time, state }) => `${pipeStates[state]?.name ?? ''} ${formatPercent(time / seconds)}`);
    const cells = [
      pipeNames[pipe] ?? '',
      formatPercent((states[0] ?? 0) / seconds),
      formatPercent((states[IDLE] ?? 0) / seconds),
      stalls.join(', '),
    ];
    return [cells.map((text) => ({ text }))];
  });
}
