// msc opt --verify-roundtrip
// What mlir-opt 19 prints with --mlir-print-op-generic --mlir-print-debuginfo.
#loc1 = loc("a.mlir":2:17)
"builtin.module"() ({
  "func.func"() <{arg_attrs = [{ms.param = "w"}, {}], function_type = (f32, i1) -> f32, sym_name = "f"}> ({
  ^bb0(%arg0: f32 loc("a.mlir":2:17), %arg1: i1 loc("a.mlir":2:30)):
    %0 = "arith.addf"(%arg0, %arg0) <{fastmath = #arith.fastmath<none>}> : (f32, f32) -> f32 loc(#loc2)
    %1 = "arith.addf"(%0, %arg0) <{fastmath = #arith.fastmath<fast>}> : (f32, f32) -> f32 loc(#loc4)
    %2 = "scf.if"(%arg1) ({
      "scf.yield"(%0) : (f32) -> () loc(#loc)
    }, {
      "scf.yield"(%1) : (f32) -> () loc(#loc)
    }) : (i1) -> f32 loc(#loc3)
    "func.return"(%2) : (f32) -> () loc(#loc)
  }) : () -> () loc(#loc)
}) : () -> () loc(#loc)
#loc = loc(unknown)
#loc2 = loc("a.mlir":3:10)
#loc3 = loc(callsite(#loc2 at #loc1))
#loc4 = loc(fused["x"(#loc1), #loc2])
// ---- output ----
module {
  func.func @f(%arg0: f32 {ms.param = "w"}, %arg1: i1) -> f32 {
    %0 = arith.addf %arg0, %arg0 : f32
    %1 = arith.addf %0, %arg0 fastmath<fast> : f32
    %2 = scf.if %arg1 -> (f32) {
      scf.yield %0 : f32
    } else {
      scf.yield %1 : f32
    }
    return %2 : f32
  }
}
