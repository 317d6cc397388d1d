/**
 * One compilation in a fresh process: prints the CPU time of loading the compiler and of each phase as JSON.
 * Started by `main.ts`; CPU time rather than wall time, because it suffers least from what else the machine does.
 */
const started = cpuMilliseconds();
const { compileSource } = await import('../../tools/msc/compile.ts');
const { defaultChip } = await import('../../runtime/target/index.ts');
const { benchmarkNetworks, networkSource } = await import('../network/networks.ts');
const loaded = cpuMilliseconds();
const network = benchmarkNetworks(process.env.MSC_MINDCV ?? null).find(({ name }) => name === process.argv[2]);
if (network === undefined) throw new Error(`no network '${process.argv[2]}'`);
const compiled = await compileSource({
  source: networkSource(network),
  chip: defaultChip,
  to: 'program',
  now: cpuMilliseconds,
});
if (compiled.program === null) throw new Error(compiled.diagnostics.map(({ message }) => message).join('\n'));
const phases = compiled.timings.map(({ name, milliseconds }) => [name, milliseconds] as const);
process.stdout.write(JSON.stringify([['start Node', started], ['load msc', loaded - started], ...phases]));

function cpuMilliseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
