/** What tests of remarks share: running passes on a text, and small networks. */
import { targetOps } from '../../compiler/backend-ascend/index.ts';
import { fusePass } from '../../compiler/passes/fuse/index.ts';
import { inPlace, passRegistry } from '../../compiler/passes/pass/index.ts';
import { parseOptArguments } from '../../tools/msc/opt-options.ts';
import { runOpt } from '../../tools/msc/opt.ts';
import { passes } from '../../tools/msc/pipeline-registry.ts';

export const nothing = inPlace('nothing', 'Does nothing.', () => undefined);
export const registry = new Map([...passes, ...passRegistry(fusePass(targetOps))]);

/** What `msc opt` prints of a text with these flags. */
export function log(text: string, ...flags: readonly string[]): string {
  const parsed = parseOptArguments(flags, registry);
  if (!parsed.ok) throw new Error(parsed.error);
  const result = runOpt({ name: 'net.mlir', text }, { ...parsed.options, verifyEach: false }, registry, () => 0);
  if (result.exitCode !== 0) throw new Error(result.diagnostics.map(({ message }) => message).join('; '));
  return result.log;
}

/** Reasons that a pass gives for what it missed. */
export const missed = (pass: string, text: string): readonly string[] =>
  [...log(text, `--${pass}`, '--pass-remarks-missed').matchAll(/\[Missed\] [^|]*\| [^|]*\| (.*)$/gm)].map(
    ([, reason]) => reason,
  );

/** `@main` of some arguments and a body; the last value of the body is returned. */
export function main(parameters: string, body: readonly string[], result: string): string {
  const last = /^(%\w+)/.exec(body.at(-1) ?? '')?.[1] ?? '';
  return `module attributes {ms.stage = "graph"} {
  func.func @main(${parameters}) -> ${result} {
${body.map((line) => `    ${line}`).join('\n')}
    return ${last} : ${result}
  }
}
`;
}

export const windows = '{dilations = [1, 1], group = 1, pads = [0, 0, 0, 0], strides = [1, 1]}';
export const conv = (name: string, x: string, w: string): string =>
  `${name} = ms.conv2d ${x}, ${w} ${windows} : (tensor<1x2x4x4xf32>, tensor<3x2x3x3xf32>) -> tensor<1x3x2x2xf32>`;
export const convTypes = '%x: tensor<1x2x4x4xf32>, %w: tensor<3x2x3x3xf32>';
export const norm = (name: string, x: string, gamma: string): string =>
  `${name} = ms.batch_norm ${x}, ${gamma}, %b, %m, %v {epsilon = 1.0 : f32} : (tensor<1x3x2x2xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> tensor<1x3x2x2xf32>`;
export const normTypes = '%g: tensor<3xf32>, %b: tensor<3xf32>, %m: tensor<3xf32>, %v: tensor<3xf32>';
export const map = 'tensor<1x3x2x2xf32>';
