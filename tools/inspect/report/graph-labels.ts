/** Types as short as they are read: `tensor<1x64x56x56xf32, #ms.enc<layout = "NZ">>` is `1x64x56x56xf32 NZ`. */
export function shortType(text: string): string {
  const match = /^tensor<([^,>]*)(?:, #ms\.enc<(.*)>)?>$/s.exec(text);
  if (match === null) return text;
  const [, shape = '', encoding = ''] = match;
  const facts = [...encoding.matchAll(/(?:layout|shard) = "([^"]*)"/g)].map(([, fact = '']) => fact);
  return [namedShape(shape, encoding), ...facts].join(' ');
}

/** A shape with the names of its symbolic dimensions in place of `?`. */
function namedShape(shape: string, encoding: string): string {
  const dims = /dims = \[([^\]]*)\]/.exec(encoding)?.[1]?.split(', ');
  if (dims === undefined) return shape;
  return [...dims.map((dim) => dim.replaceAll('"', '')), shape.split('x').at(-1) ?? ''].join('x');
}
