/** Inputs of the benchmark: MLIR text that both `msc opt` and `mlir-opt` read. */

/** A repeatable sequence of numbers below a limit (xorshift). */
function sequence(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

const BINARY = ['addi', 'muli', 'subi', 'xori', 'andi', 'ori'] as const;

/** Random integer arithmetic over recent values; some of it folds, some of it is common. */
export function randomArithmetic(count: number): string {
  const next = sequence(12345);
  const lines = ['func.func @main(%arg0: i32, %arg1: i32, %arg2: i32) -> i32 {', '  %c0 = arith.constant 0 : i32'];
  const names = ['%arg0', '%arg1', '%arg2', '%c0'];
  const recent = () => names[names.length - 1 - next(Math.min(names.length, 64))];
  for (let index = 0; index < count; index++) {
    const constant = next(16) === 0;
    const text = constant
      ? `arith.constant ${next(100)} : i32`
      : `arith.${BINARY[next(BINARY.length)]} ${recent()}, ${recent()} : i32`;
    lines.push(`  %${index} = ${text}`);
    names.push(`%${index}`);
  }
  // Every 50th value stays alive, so that the network does not vanish as dead code.
  let sum = '%c0';
  for (let index = 0; index < count; index += 50) {
    lines.push(`  %s${index} = arith.xori ${sum}, %${index} : i32`);
    sum = `%s${index}`;
  }
  lines.push(`  return ${sum} : i32`, '}');
  return `${lines.join('\n')}\n`;
}

/** A chain of additions on a constant: each folds, and makes the next one fold. */
export function constantChain(count: number): string {
  const lines = ['func.func @main() -> i32 {', '  %c1 = arith.constant 1 : i32', '  %0 = arith.addi %c1, %c1 : i32'];
  for (let index = 1; index < count; index++) lines.push(`  %${index} = arith.addi %${index - 1}, %c1 : i32`);
  lines.push(`  return %${count - 1} : i32`, '}');
  return `${lines.join('\n')}\n`;
}
