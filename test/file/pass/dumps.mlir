// msc opt --pass-pipeline='builtin.module(func.func(canonicalize,cse),symbol-dce)' --mlir-print-ir-before=cse --mlir-print-ir-after-all --mlir-print-ir-after-change --pass-statistics
func.func @f(%x: i32) -> i32 {
  %0 = arith.addi %x, %x : i32
  %1 = arith.addi %x, %x : i32
  %2 = arith.muli %0, %1 : i32
  return %2 : i32
}
// ---- output ----
module {
  func.func @f(%x: i32) -> i32 {
    %0 = arith.addi %x, %x : i32
    %1 = arith.muli %0, %0 : i32
    return %1 : i32
  }
}
// ---- log ----
// -----// IR Dump Before cse //----- //
module {
  func.func @f(%x: i32) -> i32 {
    %0 = arith.addi %x, %x : i32
    %1 = arith.addi %x, %x : i32
    %2 = arith.muli %0, %1 : i32
    return %2 : i32
  }
}

// -----// IR Dump After cse //----- //
module {
  func.func @f(%x: i32) -> i32 {
    %0 = arith.addi %x, %x : i32
    %1 = arith.muli %0, %0 : i32
    return %1 : i32
  }
}

===-------------------------------------------------------------------------===
                             ... Pass statistics report ...
===-------------------------------------------------------------------------===
canonicalize
  (S)        0 dead operations
  (S)        1 sweeps
cse
  (S)        1 merged or dead operations
symbol-dce
  (S)        0 dead functions
