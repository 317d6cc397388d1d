/** Random kernels of loads, vector work and stores in loops and branches: the flags and barriers they get are enough. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Value } from '../../compiler/ir/index.ts';
import { assembleProgram, scheduleModule } from '../../compiler/backend-ascend/index.ts';
import { lowerModule } from '../../compiler/backend-ascend/lower/module.ts';
import { countLanes, fill, withTwo } from '../../compiler/backend-ascend/lower/vector.ts';
import type { KernelBuilder, Scalar } from '../../compiler/backend-ascend/tile/kernel-builder.ts';
import { instructionByMnemonic } from '../../runtime/isa/index.ts';
import { Memory, sanitize } from '../../runtime/machine/index.ts';
import { launchesOf } from '../../runtime/program/index.ts';
import { defaultChip } from '../../runtime/target/index.ts';
import { parsed, printed } from './backend-programs.ts';
import { Genes } from './generator/genes.ts';

const SEED = 20260104;
/** Bytes of one transfer, and elements of f32 in it. */
const TILE = 256;
const SOURCE = `func.func @main(%x: tensor<64x64xf32>) -> tensor<64x64xf32> {
  %0 = "ms.neg"(%x) : (tensor<64x64xf32>) -> tensor<64x64xf32>
  func.return %0 : tensor<64x64xf32>
}`;

/** Statements of a random kernel; every buffer is written where it is made, so that only order can be wrong. */
class KernelWriter {
  private readonly k: KernelBuilder;
  private readonly genes: Genes;
  private readonly source: Value;
  private readonly target: Value;

  constructor(k: KernelBuilder, genes: Genes) {
    this.k = k;
    this.genes = genes;
    this.source = k.buffer('source');
    this.target = k.buffer('target');
  }

  write(): void {
    countLanes(this.k, TILE / 4);
    this.block(0, [this.allocate()], 0);
  }

  private block(depth: number, outer: readonly Value[], index: Scalar): void {
    const buffers = [...outer];
    const statements = 2 + this.genes.next(4);
    for (let number = 0; number < statements; number++) this.statement(depth, buffers, index);
  }

  private statement(depth: number, buffers: Value[], index: Scalar): void {
    const { k, genes } = this;
    switch (genes.next(depth < 3 ? 7 : 4)) {
      case 0:
        return this.load(genes.pick(buffers), index);
      case 1:
        return withTwo(k, 'vadd_f32', genes.pick(buffers), genes.pick(buffers), genes.pick(buffers));
      case 2:
        return this.transfer('copy_ubuf_to_gm_align_b32', this.place(this.target, index), genes.pick(buffers));
      case 3:
        return void buffers.push(this.allocate());
      case 4:
      case 5:
        return k.loop(0, 2 + genes.next(2), 1, (inner) => this.block(depth + 1, buffers, inner));
      default:
        return k.when('slt', index, 1 + genes.next(2), () => this.block(depth + 1, buffers, index));
    }
  }

  private allocate(): Value {
    const buffer = this.k.alloc('ub', TILE, 1 + this.genes.next(2));
    if (this.genes.next(2) === 0) this.load(buffer, 0);
    else fill(this.k, 'b32', buffer, 0);
    return buffer;
  }

  private load(buffer: Value, index: Scalar): void {
    const from = this.genes.next(3) === 0 ? this.target : this.source;
    this.transfer('copy_gm_to_ubuf_align_b32', buffer, this.place(from, index));
  }

  private place(buffer: Value, index: Scalar): Value {
    return this.k.at(buffer, this.k.mul(index, TILE * this.genes.next(2)));
  }

  private transfer(mnemonic: string, to: Value, from: Value): void {
    this.k.emit(mnemonic, to, from, 0, 1, TILE, 0, 0, 0, 0);
  }
}

/** What the race check finds in a kernel that runs on one core, and the kernel's text. */
function errorsOf(genes: readonly number[]): { readonly errors: readonly string[]; readonly text: string } {
  const { module } = lowerModule(parsed(SOURCE), defaultChip, () => (op, lowering) => {
    const write = (k: KernelBuilder): void => new KernelWriter(k, new Genes(genes)).write();
    const buffers = [lowering.buffer(op.operands[0]), lowering.buffer(op.results[0])];
    lowering.launch({ key: 'random', name: 'random', core: 'vector', blocks: 1, write }, buffers);
    return null;
  });
  scheduleModule(module, defaultChip);
  const program = assembleProgram(module, 'test', instructionByMnemonic, () => ({ kind: 'supplied' }));
  const gm = new Memory('gm', new ArrayBuffer(program.gmBytes), 0, program.gmBytes);
  const [launch] = launchesOf(program.main);
  const [stream] = program.kernels[launch.kernel].streams;
  const { findings } = sanitize({ [stream.core]: stream, blocks: 1, arguments: launch.args }, defaultChip, gm);
  const errors = findings.filter(({ severity }) => severity === 'error');
  return { errors: errors.map(({ kind, message }) => `${kind}: ${message}`), text: printed(module) };
}

test('random kernels run without a race, a deadlock or a flag left over', () => {
  let waits = 0;
  fc.assert(
    fc.property(fc.array(fc.nat(1000), { minLength: 10, maxLength: 60 }), (genes) => {
      const { errors, text } = errorsOf(genes);
      waits += text.split('npu.wait_flag').length - 1;
      if (errors.length > 0) throw new Error(`${errors.join('\n')}\n${text}`);
    }),
    { seed: SEED, numRuns: 300, endOnFailure: false },
  );
  expect(waits).toBeGreaterThan(1000);
});
