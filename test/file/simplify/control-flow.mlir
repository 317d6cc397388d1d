// msc opt --canonicalize
func.func private @effect()
func.func @known(%x: i32) -> (i32, i32, i32) {
  %true = arith.constant true
  %0 = scf.if %true -> (i32) {
    %a = arith.addi %x, %x : i32
    scf.yield %a : i32
  } else {
    scf.yield %x : i32
  }
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %1 = scf.for %i = %c0 to %c0 step %c1 iter_args(%acc = %x) -> (i32) {
    %b = arith.addi %acc, %x : i32
    scf.yield %b : i32
  }
  %2 = scf.for %i = %c0 to %c1 step %c1 iter_args(%acc = %x) -> (i32) {
    %i32 = arith.index_cast %i : index to i32
    %b = arith.addi %acc, %i32 : i32
    scf.yield %b : i32
  }
  %false = arith.constant false
  scf.if %false {
    func.call @effect() : () -> ()
  }
  return %0, %1, %2 : i32, i32, i32
}
func.func @dead_region(%c: i1, %x: i32) {
  %0 = scf.if %c -> (i32) {
    %a = arith.addi %x, %x : i32
    scf.yield %a : i32
  } else {
    scf.yield %x : i32
  }
  scf.if %c {
    func.call @effect() : () -> ()
  }
  return
}
// ---- output ----
module {
  func.func private @effect()
  func.func @known(%x: i32) -> (i32, i32, i32) {
    %a = arith.addi %x, %x : i32
    return %a, %x, %x : i32, i32, i32
  }
  func.func @dead_region(%c: i1, %x: i32) {
    scf.if %c {
      func.call @effect() : () -> ()
    }
    return
  }
}
