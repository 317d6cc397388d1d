// msc opt --mlir-print-debuginfo --verify-roundtrip
func.func @f(%x: f32) -> f32 {
  %0 = arith.negf %x : f32 loc(callsite("prelude/nn.py":40:5 at "net.py":12:9))
  %1 = arith.negf %0 : f32 loc(fused["a", "b"("net.py":1:2), unknown])
  %2 = arith.negf %1 : f32
  return %2 : f32 loc("net.py":13:1)
}
// ---- output ----
module {
  func.func @f(%x: f32) -> f32 {
    %0 = arith.negf %x : f32 loc(callsite("prelude/nn.py":40:5 at "net.py":12:9))
    %1 = arith.negf %0 : f32 loc(fused["a", "b"("net.py":1:2), unknown])
    %2 = arith.negf %1 : f32 loc("text/locations.mlir":5:3)
    return %2 : f32 loc("net.py":13:1)
  } loc("text/locations.mlir":2:1)
} loc(unknown)
