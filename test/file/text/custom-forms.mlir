// msc opt --allow-unregistered-dialect --verify-roundtrip
#map = affine_map<(d0, d1) -> (d1, d0)>
#set = affine_set<(d0) : (d0 - 10 >= 0)>
!t = tensor<2x?xf32>
module @m attributes {ms.target = "ascend910b1", foo.x = [1, 2 : i32, "a\22b\n\C3\A9", @f, @a::@b, unit, true, {z, b = 1.5}]} {
  func.func private @decl(i32, f32) -> (i32, i64)
  func.func @main(%x: tensor<2x3xf32> {ms.param = "conv1.weight"}, %arg1: i32) -> (tensor<2x3xf32>, i32 {a.b}) attributes {a.c = 3} {
    %cst = arith.constant dense<[[1.0, 2.0, 3.0], [0.1, -0.0, 1.0e-7]]> : tensor<2x3xf32>
    %c1_i32 = arith.constant 1 : i32
    %true = arith.constant true
    %0 = arith.addf %x, %cst : tensor<2x3xf32>
    %1:2 = "foo.two"(%0) {m = #map, s = #set, o = #foo.bar<1, "x>">, l = dense<"0x0000803F00000040"> : tensor<2xf32>} : (tensor<2x3xf32>) -> (i32, i32)
    %2 = arith.addi %1#0, %1#1 overflow<nsw> : i32
    %ff = arith.constant 1.0 : f32
    %3 = arith.cmpi slt, %2, %arg1 : i32
    %4:2 = scf.if %3 -> (i32, i64) {
      %a, %b = func.call @decl(%2, %ff) : (i32, f32) -> (i32, i64)
      scf.yield %a, %b : i32, i64
    } else {
      %k = arith.constant 5 : i64
      scf.yield %2, %k : i32, i64
    }
    scf.if %3 {
      "foo.e"() : () -> ()
    }
    %c0 = arith.constant 0 : index
    %c8 = arith.constant 8 : index
    %c2 = arith.constant 2 : index
    %5 = scf.for %i = %c0 to %c8 step %c2 iter_args(%acc = %2) -> (i32) {
      %q = arith.addi %acc, %4#0 : i32
      scf.yield %q : i32
    }
    %6 = scf.while (%w = %5) : (i32) -> i64 {
      %e = arith.extsi %w : i32 to i64
      scf.condition(%3) %e : i64
    } do {
    ^bb0(%z: i64):
      %t = arith.trunci %z : i64 to i32
      scf.yield %t : i32
    }
    %7 = tensor.extract %0[%c0, %c2] : tensor<2x3xf32>
    %8 = tensor.from_elements %7, %7 : tensor<2xf32>
    %9 = arith.select %3, %5, %2 : i32
    return %0, %9 : tensor<2x3xf32>, i32
  }
}
// ---- output ----
module @m attributes {foo.x = [1 : i64, 2 : i32, "a\22b\0A\C3\A9", @f, @a::@b, unit, true, {b = 1.500000e+00 : f64, z}], ms.target = "ascend910b1"} {
  func.func private @decl(i32, f32) -> (i32, i64)
  func.func @main(%x: tensor<2x3xf32> {ms.param = "conv1.weight"}, %arg0: i32) -> (tensor<2x3xf32>, i32 {a.b}) attributes {a.c = 3 : i64} {
    %cst = arith.constant dense<[[1.000000e+00, 2.000000e+00, 3.000000e+00], [1.000000e-01, -0.000000e+00, 1.000000e-07]]> : tensor<2x3xf32>
    %c1_i32 = arith.constant 1 : i32
    %true = arith.constant true
    %0 = arith.addf %x, %cst : tensor<2x3xf32>
    %1:2 = "foo.two"(%0) {l = dense<[1.000000e+00, 2.000000e+00]> : tensor<2xf32>, m = affine_map<(d0, d1) -> (d1, d0)>, o = #foo.bar<1, "x>">, s = affine_set<(d0) : (d0 - 10 >= 0)>} : (tensor<2x3xf32>) -> (i32, i32)
    %2 = arith.addi %1#0, %1#1 overflow<nsw> : i32
    %ff = arith.constant 1.000000e+00 : f32
    %3 = arith.cmpi slt, %2, %arg0 : i32
    %4:2 = scf.if %3 -> (i32, i64) {
      %a:2 = func.call @decl(%2, %ff) : (i32, f32) -> (i32, i64)
      scf.yield %a#0, %a#1 : i32, i64
    } else {
      %k = arith.constant 5 : i64
      scf.yield %2, %k : i32, i64
    }
    scf.if %3 {
      "foo.e"() : () -> ()
    }
    %c0 = arith.constant 0 : index
    %c8 = arith.constant 8 : index
    %c2 = arith.constant 2 : index
    %5 = scf.for %i = %c0 to %c8 step %c2 iter_args(%acc = %2) -> (i32) {
      %q = arith.addi %acc, %4#0 : i32
      scf.yield %q : i32
    }
    %6 = scf.while (%w = %5) : (i32) -> i64 {
      %e = arith.extsi %w : i32 to i64
      scf.condition(%3) %e : i64
    } do {
    ^bb0(%z: i64):
      %t = arith.trunci %z : i64 to i32
      scf.yield %t : i32
    }
    %7 = tensor.extract %0[%c0, %c2] : tensor<2x3xf32>
    %8 = tensor.from_elements %7, %7 : tensor<2xf32>
    %9 = arith.select %3, %5, %2 : i32
    return %0, %9 : tensor<2x3xf32>, i32
  }
}
