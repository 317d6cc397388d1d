/** `msc doctor`: what this machine offers, and a small run that proves it. */
import { availableParallelism, totalmem } from 'node:os';
import { chips } from '../../../runtime/target/index.ts';
import { detectFeatures } from '../../../runtime/wasm/index.ts';
import { preludeReader } from '../host.ts';
import type { ExitCode } from '../exit.ts';
import { exitCodes } from '../exit.ts';
import type { Io } from '../io.ts';
import type { Arguments } from '../options.ts';
import { flagOption } from '../options.ts';
import { jsonText } from '../text/json.ts';
import { compileSource } from '../compile.ts';
import { execute } from '../execute.ts';
import { fitInputs, noInputs } from '../data.ts';
import { version } from '../version.ts';

/** One finding: what was looked at, what was found, and whether msc can work with it. */
interface Finding {
  readonly what: string;
  readonly found: string;
  readonly isGood: boolean;
}

export async function run(args: Arguments, io: Io): Promise<ExitCode> {
  const findings = [...machineFindings(), preludeFinding(), await runFinding(io)];
  const isGood = findings.every((finding) => finding.isGood);
  if (flagOption(args, 'json')) io.write(jsonText({ ok: isGood, findings }));
  else
    for (const { what, found, isGood: good } of findings)
      io.write(`${good ? 'ok  ' : 'FAIL'}  ${what.padEnd(16)} ${found}\n`);
  return isGood ? exitCodes.ok : exitCodes.userError;
}

const LEAST_NODE = 20;

function machineFindings(): readonly Finding[] {
  const features = Object.entries(detectFeatures()).map(([name, isThere]) => `${name} ${isThere ? 'yes' : 'no'}`);
  return [
    { what: 'msc', found: version, isGood: true },
    { what: 'node', found: process.version, isGood: Number(process.versions.node.split('.')[0]) >= LEAST_NODE },
    { what: 'processors', found: String(availableParallelism()), isGood: true },
    { what: 'memory', found: `${Math.round(totalmem() / 2 ** 30)} GiB`, isGood: true },
    { what: 'wasm', found: features.join(', '), isGood: true },
    { what: 'targets', found: chips.map(({ name }) => name).join(', '), isGood: true },
  ];
}

function preludeFinding(): Finding {
  try {
    const count = preludeReader().files.filter((path) => path.endsWith('.py')).length;
    return { what: 'prelude', found: `${count} Python files`, isGood: count > 0 };
  } catch {
    return { what: 'prelude', found: 'missing: build msc again', isGood: false };
  }
}

const TRIAL = `func.func @main(%x: tensor<4x4xf32>) -> tensor<4x4xf32> {
  %0 = "ms.add"(%x, %x) : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  func.return %0 : tensor<4x4xf32>
}
`;

/** Compiles and runs one addition. */
async function runFinding(io: Io): Promise<Finding> {
  const [chip] = chips;
  const { program } = await compileSource({
    source: { kind: 'text', file: { name: 'trial.mlir', text: TRIAL }, stage: 'source' },
    chip,
    to: 'program',
    now: () => io.now(),
  });
  const inputs = program === null ? null : fitInputs(program.inputs, noInputs, true);
  if (program === null || !inputs?.ok) return { what: 'trial run', found: 'does not compile', isGood: false };
  const parameters = (): never => {
    throw new Error('the trial has no parameters');
  };
  const result = await execute({
    program,
    inputs: inputs.value,
    parameters,
    threads: 1,
    relaxedSimd: true,
    now: () => io.now(),
  });
  const x = inputs.value.get('x')?.data;
  const y = result.ok ? result.value.outputs.get('out0')?.data : undefined;
  const isRight =
    x !== undefined &&
    y !== undefined &&
    x.length === y.length &&
    [...y].every((value, index) => value === 2 * Number(x[index]));
  return {
    what: 'trial run',
    found: isRight ? 'an addition on the simulated NPU is right' : 'an addition on the simulated NPU is WRONG',
    isGood: isRight,
  };
}
