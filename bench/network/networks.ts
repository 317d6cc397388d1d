/** The networks that are measured: where their source lies, and what goes in. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NetworkSource } from '../../tools/msc/source.ts';

/** A network of the benchmarks by its short name. */
export interface BenchmarkNetwork {
  readonly name: string;
  readonly file: string;
  readonly entry: string;
  readonly input: { readonly name: string; readonly shape: readonly number[] };
  /** Folder with the package that the file belongs to. */
  readonly root: string | null;
}

const ours = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

const image = { name: 'x', shape: [1, 3, 224, 224] };

/** Our own network, and those of a checkout of mindcv where there is one. */
export function benchmarkNetworks(mindcv: string | null): readonly BenchmarkNetwork[] {
  const gpt: BenchmarkNetwork = {
    name: 'gpt',
    file: ours('test/network/gpt.py'),
    entry: 'GptStack(layers=12, hidden=768, heads=12, max_length=128)',
    input: { name: 'x', shape: [1, 128, 768] },
    root: null,
  };
  if (mindcv === null) return [gpt];
  const model = (name: string, file: string, entry: string): BenchmarkNetwork => ({
    name,
    file: join(mindcv, 'mindcv/models', file),
    entry,
    input: image,
    root: mindcv,
  });
  return [
    model('resnet50', 'resnet.py', 'resnet50()'),
    model('vit_b_16', 'vit.py', 'vit_b_16_224()'),
    model('mobilenet_v3_small', 'mobilenetv3.py', 'mobilenet_v3_small_100()'),
    model('vgg16', 'vgg.py', 'vgg16()'),
    gpt,
  ];
}

/** What the compiler takes for a network. */
export function networkSource({ file, entry, input, root }: BenchmarkNetwork): NetworkSource {
  const roots = root === null ? [] : [root];
  return {
    kind: 'network',
    file,
    folder: process.cwd(),
    entry,
    inputs: [{ ...input, dtype: 'f32' }],
    roots,
    readable: roots,
    limits: {},
    scriptArguments: [],
    print: (text) => process.stderr.write(text),
  };
}
