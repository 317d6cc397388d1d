/** Texts for reading leave the elements of large constants out: a causal mask of 4096 x 4096 would be 32 MiB of hex. */
import { describe, expect, it } from 'vitest';
import { parseModule, printModule } from '../../compiler/ir/index.ts';
import { opTable } from '../../compiler/ir/ops/index.ts';

const constants = (count: number): string =>
  `"ms.constant"() {value = dense<[${Array.from({ length: count }, (_, index) => index).join(', ')}]> : tensor<${count}xi32>} : () -> tensor<${count}xi32>`;

const printed = (text: string): string => {
  const { module } = parseModule({ name: 'a.mlir', text: `%0 = ${text}` }, opTable);
  return module === null ? '' : printModule(module, opTable, { form: 'pretty', locations: false, elides: true });
};

describe('elided texts', () => {
  it('leave out the elements of constants that MLIR would print in hex', () => {
    expect(printed(constants(101))).toContain('dense_resource<__elided__> : tensor<101xi32>');
    expect(printed(constants(101))).not.toContain('0x');
  });

  it('keep small constants', () => {
    expect(printed(constants(3))).toContain('dense<[0, 1, 2]> : tensor<3xi32>');
  });
});
