// msc opt --inline --symbol-dce --mlir-print-debuginfo
func.func private @square(%x: i32) -> i32 {
  %0 = arith.muli %x, %x : i32 loc("prelude/nn.py":4:5)
  return %0 : i32 loc(unknown)
}
func.func private @twice(%x: i32) -> i32 {
  %0 = func.call @square(%x) : (i32) -> i32 loc("prelude/nn.py":9:5)
  %1 = func.call @square(%0) : (i32) -> i32 loc("prelude/nn.py":10:5)
  return %1 : i32 loc(unknown)
}
func.func private @loops(%x: i32) -> i32 {
  %0 = func.call @loops(%x) : (i32) -> i32 loc(unknown)
  return %0 : i32 loc(unknown)
}
func.func @main(%x: i32) -> (i32, i32) {
  %0 = func.call @twice(%x) : (i32) -> i32 loc("net.py":2:7)
  %1 = func.call @loops(%0) : (i32) -> i32 loc("net.py":3:7)
  return %0, %1 : i32, i32 loc("net.py":4:3)
} loc(unknown)
// ---- output ----
module {
  func.func private @loops(%x: i32) -> i32 {
    %0 = func.call @loops(%x) : (i32) -> i32 loc(unknown)
    return %0 : i32 loc(unknown)
  } loc("simplify/inline.mlir":11:1)
  func.func @main(%x: i32) -> (i32, i32) {
    %0 = arith.muli %x, %x : i32 loc(callsite(callsite("prelude/nn.py":4:5 at "prelude/nn.py":9:5) at "net.py":2:7))
    %1 = arith.muli %0, %0 : i32 loc(callsite(callsite("prelude/nn.py":4:5 at "prelude/nn.py":10:5) at "net.py":2:7))
    %2 = func.call @loops(%1) : (i32) -> i32 loc("net.py":3:7)
    return %1, %2 : i32, i32 loc("net.py":4:3)
  } loc(unknown)
} loc(unknown)
