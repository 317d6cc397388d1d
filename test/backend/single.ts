/** One op on tensors `%a`, `%b`, …, as a module. */
export function single(
  name: string,
  operands: readonly string[],
  results: readonly string[],
  attributes: string,
): string {
  const names = operands.map((_, index) => `%${'abcdef'[index]}`);
  const outs = results.map((_, index) => `%${index}`);
  const type = results.length === 1 ? results[0] : `(${results.join(', ')})`;
  return `func.func @main(${operands.map((operand, index) => `${names[index]}: tensor<${operand}>`).join(', ')}) -> (${results.map((result) => `tensor<${result}>`).join(', ')}) {
${outs.length === 1 ? '%0' : `%r:${outs.length}`} = "ms.${name}"(${names.join(', ')}) ${attributes} : (${operands.map((operand) => `tensor<${operand}>`).join(', ')}) -> ${results.length === 1 ? `tensor<${type}>` : `(${results.map((result) => `tensor<${result}>`).join(', ')})`}
func.return ${outs.length === 1 ? '%0' : outs.map((_, index) => `%r#${index}`).join(', ')} : ${results.map((result) => `tensor<${result}>`).join(', ')}
}
`;
}
